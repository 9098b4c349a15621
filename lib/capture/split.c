/* SPDX-License-Identifier: MIT */
/* split.c: the granules of a part of a trace, and the events at its front. */
#include "split.h"

#include <stdlib.h>
#include <string.h>

int bel_split_events(
	struct bel_split *split, const struct bel_event *event, size_t count, struct bel_err *err)
{
	for (size_t i = 0; i < count; i++)
		if (bel_event_snapshot_event(&split->snapshot, &event[i], err) < 0)
			return BEL_FAIL;
	return BEL_OK;
}

static int reserve(struct bel_split *split, uint32_t granules, size_t runs, struct bel_err *err)
{
	if (granules > split->numbers) {
		const uint32_t numbers = granules + granules / 2;
		uint32_t *const grown = reallocarray(split->number, numbers, sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "the parts of a trace");
		memset(grown + split->numbers, 0, (numbers - split->numbers) * sizeof(*grown));
		split->number = grown;
		split->numbers = numbers;
	}
	if (runs >= split->runs) {
		struct bel_run *const grown = reallocarray(split->run, runs + 1, sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "the parts of a trace");
		split->run = grown;
		split->runs = runs + 1;
	}
	return BEL_OK;
}

/* The granule is new in the part. */
static int add_granule(struct bel_split *split, struct bel_granule granule, struct bel_err *err)
{
	if (split->granules == split->capacity) {
		const uint32_t capacity = split->capacity ? 2 * split->capacity : 4096;
		struct bel_granule *const grown =
			reallocarray(split->granule, capacity, sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "the parts of a trace");
		split->granule = grown;
		split->capacity = capacity;
	}
	split->granule[split->granules++] = granule;
	return BEL_OK;
}

int bel_split_runs(struct bel_split *split, const struct bel_run **runs, size_t count,
	struct bel_granules *granules, struct bel_err *err)
{
	if (reserve(split, granules->count, count, err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; i < count; i++) {
		const uint32_t page = (*runs)[i].page;

		if (!split->number[page]) {
			if (add_granule(split, granules->granule[page], err) < 0)
				return BEL_FAIL;
			split->number[page] = split->granules;
		}
		split->run[i] = (*runs)[i];
		split->run[i].page = split->number[page] - 1;
	}
	split->run[count] = (struct bel_run){.page = 0};
	*runs = split->run;
	*granules = (struct bel_granules){split->granule, split->granules};
	return BEL_OK;
}

int bel_split_begin(struct bel_split *split, struct bel_err *err)
{
	if (split->number)
		memset(split->number, 0, split->numbers * sizeof(*split->number));
	split->granules = 0;
	bel_events_clear(&split->told);
	return bel_event_snapshot_tell(&split->snapshot, &split->told, err);
}

void bel_split_release(struct bel_split *split)
{
	bel_event_snapshot_release(&split->snapshot);
	bel_events_release(&split->told);
	free(split->number);
	free(split->granule);
	free(split->run);
	split->number = NULL;
	split->granule = NULL;
	split->run = NULL;
}
