/* SPDX-License-Identifier: MIT */
/* run_builder.c: builds runs from single references, and gives them as chunks. */
#include "run_builder.h"

#include <stdlib.h>
#include <string.h>

/* The run flags that a reference of each kind sets. */
static const uint8_t kind_flags[BEL_KINDS] = {
	[BEL_FETCH] = BEL_RUN_FETCH,
	[BEL_LOAD] = BEL_RUN_DATA,
	[BEL_STORE] = BEL_RUN_DATA | BEL_RUN_WRITE,
	[BEL_MODIFY] = BEL_RUN_DATA | BEL_RUN_WRITE,
	[BEL_KERNEL_LOAD] = BEL_RUN_DATA,
	[BEL_KERNEL_STORE] = BEL_RUN_DATA | BEL_RUN_WRITE,
};

int bel_run_builder_init(struct bel_run_builder *builder, struct bel_err *err)
{
	memset(builder, 0, sizeof(*builder));
	builder->open_page = BEL_GRANULE_NONE;
	if (bel_granule_map_init(&builder->map, err) < 0)
		return BEL_FAIL;
	return bel_run_builder_reserve(builder, BEL_RUN_BUILDER_RUNS, err);
}

int bel_run_builder_reserve(struct bel_run_builder *builder, size_t runs, struct bel_err *err)
{
	const size_t wanted = builder->count + runs + BEL_BLOCK_RUNS + 2;
	struct bel_run *grown;

	if (wanted <= builder->capacity)
		return 0;
	grown = realloc(builder->run, 2 * wanted * sizeof(*grown));
	if (!grown)
		return bel_err_memory(err, "runs");
	builder->run = grown;
	builder->capacity = 2 * wanted;
	return 0;
}

void bel_run_builder_release(struct bel_run_builder *builder)
{
	bel_granule_map_release(&builder->map);
	bel_events_release(&builder->events);
	free(builder->run);
	memset(builder, 0, sizeof(*builder));
}

static void count_kind(struct bel_run_builder_counts *counts, enum bel_kind kind, uint32_t n)
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

/*
 * Appends references to a list of runs or joins them to its last run. Returns the new number of
 * runs.
 */
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

void bel_run_builder_touch(
	struct bel_run_builder *builder, uint32_t page, enum bel_kind kind, uint32_t n)
{
	builder->count = append(
		builder->run, builder->count, &builder->open_page, page, n, kind_flags[kind]);
	builder->references += n;
	if (kind >= BEL_KERNEL_LOAD)
		builder->kernel[kind - BEL_KERNEL_LOAD] += n;
	else
		count_kind(&builder->counts, kind, n);
}

void bel_run_builder_further(struct bel_run_builder *builder, uint32_t page, enum bel_kind kind)
{
	builder->run[builder->count++] = bel_run_make(page, 1, kind_flags[kind] | BEL_RUN_SPLIT);
	builder->open_page = BEL_GRANULE_NONE;
	builder->references++;
	builder->crossings++;
}

bool bel_cached_block_touch(
	struct bel_cached_block *cached, uint32_t page, enum bel_kind kind, uint32_t n)
{
	if (cached->runs == BEL_BLOCK_RUNS)
		return false;
	cached->runs = (uint32_t)append(
		cached->run, cached->runs, &cached->open_page, page, n, kind_flags[kind]);
	cached->references += n;
	count_kind(&cached->counts, kind, n);
	return true;
}

bool bel_phrase_further(struct bel_cached_block *cached, uint32_t page, enum bel_kind kind)
{
	if (cached->runs == BEL_BLOCK_RUNS)
		return false;
	cached->run[cached->runs++] = bel_run_make(page, 1, kind_flags[kind] | BEL_RUN_SPLIT);
	cached->open_page = BEL_GRANULE_NONE;
	cached->references++;
	cached->crossings++;
	return true;
}

int bel_run_builder_event(
	struct bel_run_builder *builder, const struct bel_event *event, struct bel_err *err)
{
	struct bel_event copy = *event;

	copy.at = builder->count;
	builder->open_page = BEL_GRANULE_NONE;
	return bel_events_add(&builder->events, &copy, err);
}

static bool holds_back(const struct bel_run_builder *builder)
{
	return builder->count > 0 && builder->open_page != BEL_GRANULE_NONE;
}

void bel_run_builder_give(struct bel_run_builder *builder, bool all, struct bel_chunk *chunk)
{
	if (all)
		builder->open_page = BEL_GRANULE_NONE;
	*chunk = (struct bel_chunk){
		.runs = builder->run,
		.count = builder->count,
		.events = builder->events.event,
		.event_count = builder->events.count,
		.now = builder->now,
		.references = builder->references,
		.crossings = builder->crossings,
		.space = builder->space,
	};
	if (holds_back(builder)) {
		chunk->count--;
		chunk->references -= bel_run_count(builder->run[chunk->count]);
	}
	chunk->kinds[BEL_FETCH] = builder->counts.fetches_loads & UINT32_MAX;
	chunk->kinds[BEL_LOAD] = builder->counts.fetches_loads >> 32;
	chunk->kinds[BEL_STORE] = builder->counts.stores_modifies & UINT32_MAX;
	chunk->kinds[BEL_MODIFY] = builder->counts.stores_modifies >> 32;
	chunk->kinds[BEL_KERNEL_LOAD] = builder->kernel[0];
	chunk->kinds[BEL_KERNEL_STORE] = builder->kernel[1];
}

void bel_run_builder_taken(struct bel_run_builder *builder)
{
	uint64_t kept = 0;

	if (holds_back(builder)) {
		builder->run[0] = builder->run[builder->count - 1];
		builder->count = 1;
		kept = bel_run_count(builder->run[0]);
	} else {
		builder->count = 0;
	}
	builder->now += builder->references - kept;
	builder->references = kept;
	builder->crossings = 0;
	builder->counts = (struct bel_run_builder_counts){0};
	memset(builder->kernel, 0, sizeof(builder->kernel));
	bel_events_clear(&builder->events);
}
