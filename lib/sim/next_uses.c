/* SPDX-License-Identifier: MIT */
/* next_uses.c: computes next uses: store runs, walk backwards, read forwards. */
#include "next_uses.h"

#include <stdbool.h>
#include <stdlib.h>

#include "spool.h"

#define BATCH 16384 /* runs read and walked at a time */

struct bel_next_uses {
	struct bel_spool_budget budget;
	uint32_t escape;
	struct bel_spool *runs;
	/*
	 * Distance in references from a run's first reference to the next use of its page. 0:
	 * never used again. `escape`: the distance is in `far`. The walk goes backwards, so
	 * batches are stored from last to first; inside a batch, the order is forwards. `far` is
	 * entirely in backward order.
	 */
	struct bel_spool *near;
	struct bel_spool *far;
	uint64_t references;
	uint32_t pages;
	bool turned;
	uint64_t at;     /* next run to read */
	uint64_t now;    /* its time */
	uint64_t far_at; /* elements of `far` not yet read */
	struct bel_run run[BATCH];
	uint32_t delta[BATCH];
	uint64_t next[BATCH];
};

struct bel_next_uses *bel_next_uses_new(
	const struct bel_next_uses_setup *setup, struct bel_err *err)
{
	struct bel_next_uses *la = calloc(1, sizeof(*la));

	if (!la) {
		bel_err_memory(err, "next uses");
		return NULL;
	}
	la->budget = (struct bel_spool_budget){.memory = setup->memory, .dir = setup->dir};
	la->escape = setup->escape ? setup->escape : UINT32_MAX;
	la->runs = bel_spool_new(sizeof(*la->run), &la->budget, err);
	la->near = bel_spool_new(sizeof(*la->delta), &la->budget, err);
	la->far = bel_spool_new(sizeof(*la->next), &la->budget, err);
	if (la->runs && la->near && la->far)
		return la;
	bel_next_uses_free(la);
	return NULL;
}

void bel_next_uses_free(struct bel_next_uses *la)
{
	if (!la)
		return;
	bel_spool_free(la->runs);
	bel_spool_free(la->near);
	bel_spool_free(la->far);
	free(la);
}

int bel_next_uses_add(
	struct bel_next_uses *la, const struct bel_run *runs, size_t count, struct bel_err *err)
{
	uint64_t references = 0;
	uint32_t pages = la->pages;

	for (size_t i = 0; i < count; i++) {
		references += bel_run_count(runs[i]);
		pages = runs[i].page < pages ? pages : runs[i].page + 1;
	}
	la->references += references;
	la->pages = pages;
	return bel_spool_append(la->runs, runs, count, err);
}

/*
 * Fills la->delta for `count` runs that end before `now`. Returns the time of the first run, or
 * negative.
 */
static int64_t walk(
	struct bel_next_uses *la, size_t count, uint64_t now, uint64_t *coming, struct bel_err *err)
{
	for (size_t i = count; i-- > 0;) {
		const struct bel_run run = la->run[i];
		const uint64_t next = coming[run.page];

		now -= bel_run_count(run);
		coming[run.page] = now;
		if (next == BEL_NEVER) {
			la->delta[i] = 0;
		} else if (next - now < la->escape) {
			la->delta[i] = (uint32_t)(next - now);
		} else {
			const uint64_t distance = next - now;
			const int r = bel_spool_append(la->far, &distance, 1, err);

			if (r < 0)
				return r;
			la->delta[i] = la->escape;
		}
	}
	return (int64_t)now;
}

int bel_next_uses_compute(struct bel_next_uses *la, struct bel_err *err)
{
	uint64_t *coming = malloc((la->pages ? la->pages : 1) * sizeof(*coming));
	uint64_t end = bel_spool_count(la->runs);
	int64_t now = (int64_t)la->references;

	if (!coming)
		return bel_err_memory(err, "next uses");
	for (uint32_t page = 0; page < la->pages; page++)
		coming[page] = BEL_NEVER;
	while (end && now >= 0) {
		const uint64_t start = (end - 1) / BATCH * BATCH;
		const size_t count = end - start;
		int r = bel_spool_read(la->runs, start, la->run, count, err);

		now = r < 0 ? r : walk(la, count, (uint64_t)now, coming, err);
		if (now >= 0 && (r = bel_spool_append(la->near, la->delta, count, err)) < 0)
			now = r;
		end = start;
	}
	free(coming);
	if (now < 0)
		return (int)now;
	la->turned = true;
	bel_next_uses_rewind(la);
	return 0;
}

void bel_next_uses_rewind(struct bel_next_uses *la)
{
	la->at = 0;
	la->now = 0;
	la->far_at = bel_spool_count(la->far);
}

/* Turns distances into times; returns the time after the batch in *now. */
static int compute_block(struct bel_next_uses *la, size_t count, uint64_t *now, struct bel_err *err)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t distance = la->delta[i];

		if (distance == la->escape) {
			const int r = bel_spool_read(la->far, --la->far_at, &distance, 1, err);

			if (r < 0)
				return r;
		}
		la->next[i] = distance ? *now + distance : BEL_NEVER;
		*now += bel_run_count(la->run[i]);
	}
	return 0;
}

int bel_next_uses_read(struct bel_next_uses *la, struct bel_batch *batch, struct bel_err *err)
{
	const uint64_t total = bel_spool_count(la->runs), left = total - la->at;
	const size_t count = left < BATCH ? left : BATCH;
	int r;

	if (!count)
		return 0;
	r = bel_spool_read(la->runs, la->at, la->run, count, err);
	*batch = (struct bel_batch){.runs = la->run, .count = count, .now = la->now};
	la->at += count;
	if (r == 0 && la->turned) {
		r = bel_spool_read(la->near, total - la->at, la->delta, count, err);
		if (r == 0)
			r = compute_block(la, count, &la->now, err);
		batch->next = la->next;
	} else {
		for (size_t i = 0; i < count; i++)
			la->now += bel_run_count(la->run[i]);
	}
	return r < 0 ? r : 1;
}
