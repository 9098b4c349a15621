/* SPDX-License-Identifier: MIT */
/*
 * run_builder.h: builds the runs of a folded trace from pagegrind's cached blocks.
 *
 * fold.h folds one reference at a time. pagegrind repeats the same code block with the same
 * granules millions of times. So the runs of a block are folded once, cached as a struct
 * bel_cached_block, and appended whole. Only the run at the border between two blocks may have to
 * be merged. The result equals that of fold.h.
 *
 *	bel_run_builder_touch(&builder, page, kind, n, &err);  a block's first time, or a part
 *	bel_run_builder_cached(&builder, &cached);             any other time
 *	bel_run_builder_give(&builder, false, &chunk);         complete runs; the last stays open
 *	bel_run_builder_taken(&builder);                       forgets what was given
 *
 * Runs belong to one address space at a time; give all (true) before it changes. Reserve room for
 * single references. A cached block has room as long as the builder is not full.
 */
#ifndef BEL_RUN_BUILDER_H
#define BEL_RUN_BUILDER_H

#include <stdbool.h>

#include "granule_map.h"
#include "trace.h"

#define BEL_RUN_BUILDER_RUNS 8000 /* call give() when there are more */
#define BEL_BLOCK_RUNS 24         /* runs per cached block, at most; longer code is not cached */

/* Counts of two kinds in one word, 32 bits each. */
struct bel_run_builder_counts {
	uint64_t fetches_loads, stores_modifies;
};

struct bel_cached_block {
	uint32_t runs;
	bool empty;         /* it has no runs because no reference in it is wanted */
	uint32_t open_page; /* the last run's, if it may grow; BEL_GRANULE_NONE: none */
	struct bel_run_builder_counts counts;
	uint32_t references, crossings;
	struct bel_run run[BEL_BLOCK_RUNS + 2]; /* two extra runs may be read, for wide copies */
};

struct bel_run_builder {
	struct bel_granule_map map;
	struct bel_run *run; /* owned */
	size_t count, capacity;
	uint32_t open_page; /* page of the last run, if it may grow */
	struct bel_events events;
	struct bel_run_builder_counts counts;
	uint64_t kernel[2]; /* the kernel's loads and stores */
	uint64_t references, crossings, now;
	uint32_t space;
};

int bel_run_builder_init(struct bel_run_builder *builder, struct bel_err *err);
void bel_run_builder_release(struct bel_run_builder *builder);

/* Makes room for `runs` runs in addition to a cached block's. */
int bel_run_builder_reserve(struct bel_run_builder *builder, size_t runs, struct bel_err *err);

/*
 * Adds n references of one kind to a granule (dense number); _further() adds what they cross into.
 */
void bel_run_builder_touch(
	struct bel_run_builder *builder, uint32_t page, enum bel_kind kind, uint32_t n);
void bel_run_builder_further(struct bel_run_builder *builder, uint32_t page, enum bel_kind kind);

/* The same for a cached block. False: it has become too long to be cached. */
bool bel_cached_block_touch(
	struct bel_cached_block *cached, uint32_t page, enum bel_kind kind, uint32_t n);
bool bel_phrase_further(struct bel_cached_block *cached, uint32_t page, enum bel_kind kind);

/* Adds an event, which ends the open run. Sets `at`. */
int bel_run_builder_event(
	struct bel_run_builder *builder, const struct bel_event *event, struct bel_err *err);

static inline bool bel_run_builder_full(const struct bel_run_builder *builder)
{
	return builder->count > BEL_RUN_BUILDER_RUNS;
}

/* Gives the complete runs; the open run too if `all`. Valid until taken. */
void bel_run_builder_give(struct bel_run_builder *builder, bool all, struct bel_chunk *chunk);
void bel_run_builder_taken(struct bel_run_builder *builder);

static inline struct bel_granules bel_run_builder_granules(const struct bel_run_builder *builder)
{
	return (struct bel_granules){builder->map.granule, builder->map.count};
}

/* Appends a whole cached block. It must have references, and the builder must not be full. */
static inline void bel_run_builder_cached(
	struct bel_run_builder *builder, const struct bel_cached_block *cached)
{
	const struct bel_run *from = cached->run;
	struct bel_run *to = builder->run + builder->count;
	uint32_t n = cached->runs;

	if (from->page == builder->open_page) {
		const uint32_t more = from->info & ~(uint32_t)BEL_RUN_FLAGS;

		/* A run that would be too long is split in two. */
		if (__builtin_expect(to[-1].info <= UINT32_MAX - more, 1)) {
			to[-1].info = (to[-1].info + more) | (from->info & BEL_RUN_FLAGS);
			from++;
			n--;
		}
	}
	builder->count += n;
	for (uint32_t i = 0; i < n; i += 2) {
		to[i] = from[i];
		to[i + 1] = from[i + 1];
	}
	builder->open_page = cached->open_page;
	builder->counts.fetches_loads += cached->counts.fetches_loads;
	builder->counts.stores_modifies += cached->counts.stores_modifies;
	builder->references += cached->references;
	builder->crossings += cached->crossings;
}

#endif
