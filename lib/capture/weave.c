/* SPDX-License-Identifier: MIT */
/* weave.c: single references into runs, and what is given of them. */
#include "weave.h"

#include <stdlib.h>
#include <string.h>

/* What one reference of each kind makes of its run. */
static const uint8_t kind_flags[BEL_KINDS] = {
	[BEL_FETCH] = BEL_RUN_FETCH,
	[BEL_LOAD] = BEL_RUN_DATA,
	[BEL_STORE] = BEL_RUN_DATA | BEL_RUN_WRITE,
	[BEL_MODIFY] = BEL_RUN_DATA | BEL_RUN_WRITE,
	[BEL_KERNEL_LOAD] = BEL_RUN_DATA,
	[BEL_KERNEL_STORE] = BEL_RUN_DATA | BEL_RUN_WRITE,
};

int bel_weave_init(struct bel_weave *weave, struct bel_err *err)
{
	memset(weave, 0, sizeof(*weave));
	weave->open_page = BEL_GRANULE_NONE;
	if (bel_granule_map_init(&weave->map, err) < 0)
		return BEL_FAIL;
	return bel_weave_reserve(weave, BEL_WEAVE_RUNS, err);
}

int bel_weave_reserve(struct bel_weave *weave, size_t runs, struct bel_err *err)
{
	const size_t wanted = weave->count + runs + BEL_PHRASE_RUNS + 2;
	struct bel_run *grown;

	if (wanted <= weave->capacity)
		return 0;
	grown = realloc(weave->run, 2 * wanted * sizeof(*grown));
	if (!grown)
		return bel_err_memory(err, "runs");
	weave->run = grown;
	weave->capacity = 2 * wanted;
	return 0;
}

void bel_weave_release(struct bel_weave *weave)
{
	bel_granule_map_release(&weave->map);
	bel_events_release(&weave->events);
	free(weave->run);
	memset(weave, 0, sizeof(*weave));
}

static void count_kind(struct bel_weave_counts *counts, enum bel_kind kind, uint32_t n)
{
	switch (kind) {
	case BEL_FETCH:
		counts->fetches_loads += n;
		break;
	case BEL_LOAD:
		counts->fetches_loads += (uint64_t)n << 32;
		break;
	case BEL_STORE:
		counts->stores_modifies += n;
		break;
	default:
		counts->stores_modifies += (uint64_t)n << 32;
	}
}

/* Appends to the list, or joins its last run: the number of runs that it has then. */
static size_t append(struct bel_run *run, size_t count, uint32_t *open_page, uint32_t page,
	uint32_t n, uint32_t flags)
{
	if (page == *open_page && bel_run_count(run[count - 1]) <= BEL_RUN_COUNT_MAX - n) {
		run[count - 1].info = (run[count - 1].info + (n << BEL_RUN_COUNT_SHIFT)) | flags;
		return count;
	}
	run[count] = bel_run_make(page, n, flags);
	*open_page = page;
	return count + 1;
}

void bel_weave_touch(struct bel_weave *weave, uint32_t page, enum bel_kind kind, uint32_t n)
{
	weave->count =
		append(weave->run, weave->count, &weave->open_page, page, n, kind_flags[kind]);
	weave->references += n;
	if (kind >= BEL_KERNEL_LOAD)
		weave->kernel[kind - BEL_KERNEL_LOAD] += n;
	else
		count_kind(&weave->counts, kind, n);
}

void bel_weave_further(struct bel_weave *weave, uint32_t page, enum bel_kind kind)
{
	weave->run[weave->count++] = bel_run_make(page, 1, kind_flags[kind] | BEL_RUN_SPLIT);
	weave->open_page = BEL_GRANULE_NONE;
	weave->references++;
	weave->splits++;
}

bool bel_phrase_touch(struct bel_phrase *phrase, uint32_t page, enum bel_kind kind, uint32_t n)
{
	if (phrase->runs == BEL_PHRASE_RUNS)
		return false;
	phrase->runs = (uint32_t)append(
		phrase->run, phrase->runs, &phrase->open_page, page, n, kind_flags[kind]);
	phrase->references += n;
	count_kind(&phrase->counts, kind, n);
	return true;
}

bool bel_phrase_further(struct bel_phrase *phrase, uint32_t page, enum bel_kind kind)
{
	if (phrase->runs == BEL_PHRASE_RUNS)
		return false;
	phrase->run[phrase->runs++] = bel_run_make(page, 1, kind_flags[kind] | BEL_RUN_SPLIT);
	phrase->open_page = BEL_GRANULE_NONE;
	phrase->references++;
	phrase->splits++;
	return true;
}

int bel_weave_event(struct bel_weave *weave, const struct bel_event *event, struct bel_err *err)
{
	struct bel_event copy = *event;

	copy.at = weave->count;
	weave->open_page = BEL_GRANULE_NONE;
	return bel_events_add(&weave->events, &copy, err);
}

static bool holds_back(const struct bel_weave *weave)
{
	return weave->count > 0 && weave->open_page != BEL_GRANULE_NONE;
}

void bel_weave_give(struct bel_weave *weave, bool all, struct bel_chunk *chunk)
{
	if (all)
		weave->open_page = BEL_GRANULE_NONE;
	*chunk = (struct bel_chunk){
		.runs = weave->run,
		.count = weave->count,
		.events = weave->events.event,
		.event_count = weave->events.count,
		.now = weave->now,
		.references = weave->references,
		.splits = weave->splits,
		.space = weave->space,
	};
	if (holds_back(weave)) {
		chunk->count--;
		chunk->references -= bel_run_count(weave->run[chunk->count]);
	}
	chunk->kinds[BEL_FETCH] = weave->counts.fetches_loads & UINT32_MAX;
	chunk->kinds[BEL_LOAD] = weave->counts.fetches_loads >> 32;
	chunk->kinds[BEL_STORE] = weave->counts.stores_modifies & UINT32_MAX;
	chunk->kinds[BEL_MODIFY] = weave->counts.stores_modifies >> 32;
	chunk->kinds[BEL_KERNEL_LOAD] = weave->kernel[0];
	chunk->kinds[BEL_KERNEL_STORE] = weave->kernel[1];
}

void bel_weave_taken(struct bel_weave *weave)
{
	uint64_t kept = 0;

	if (holds_back(weave)) {
		weave->run[0] = weave->run[weave->count - 1];
		weave->count = 1;
		kept = bel_run_count(weave->run[0]);
	} else {
		weave->count = 0;
	}
	weave->now += weave->references - kept;
	weave->references = kept;
	weave->splits = 0;
	weave->counts = (struct bel_weave_counts){0};
	memset(weave->kernel, 0, sizeof(weave->kernel));
	bel_events_clear(&weave->events);
}
