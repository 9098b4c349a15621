/* SPDX-License-Identifier: MIT */
/*
 * run_builder.h: a folded trace made of cached blocks: runs that are known by heart.
 *
 * What fold.h is for single references, this is for what pagegrind tells. A cached block is
 * a piece of code with the granules it refers to: its runs are folded once and then
 * appended as they are; only where two cached blocks meet runs are joined. The
 * result is the same as if each reference were folded by itself.
 *
 *	bel_run_builder_touch(&builder, page, kind, n, &err);  a cached block's first time, or a part
 *	bel_run_builder_cached(&builder, &cached);             any other time
 *	bel_run_builder_give(&builder, false, &chunk);         complete runs; the last stays open
 *	bel_run_builder_taken(&builder);                       forgets what was given
 *
 * Runs are of one space at a time; give all (true) before it changes. Room for single
 * references has to be reserved; for cached blocks it is there while the builder is not full.
 */
#ifndef BEL_RUN_BUILDER_H
#define BEL_RUN_BUILDER_H

#include <stdbool.h>

#include "granule_map.h"
#include "trace.h"

#define BEL_RUN_BUILDER_RUNS 8000 /* give() is due when there are more */
#define BEL_BLOCK_RUNS 24         /* of a cached block, at most; longer code is no cached block */

/* Counts of two kinds in one word, 32 bits each. */
struct bel_run_builder_counts {
	uint64_t fetches_loads, stores_modifies;
};

struct bel_cached_block {
	uint32_t runs;
	bool empty;         /* of no runs because nothing of it is wanted */
	uint32_t open_page; /* which the next reference may join; BEL_GRANULE_NONE: none */
	struct bel_run_builder_counts counts;
	uint32_t references, crossings;
	struct bel_run run[BEL_BLOCK_RUNS + 2]; /* two more can be read, for wide copies */
};

struct bel_run_builder {
	struct bel_granule_map map;
	struct bel_run *run; /* owned */
	size_t count, capacity;
	uint32_t open_page; /* of the last run, if it may grow */
	struct bel_events events;
	struct bel_run_builder_counts counts;
	uint64_t kernel[2]; /* loads and stores */
	uint64_t references, crossings, now;
	uint32_t space;
};

int bel_run_builder_init(struct bel_run_builder *builder, struct bel_err *err);
void bel_run_builder_release(struct bel_run_builder *builder);

/* Makes room for so many runs beside a cached block's. */
int bel_run_builder_reserve(struct bel_run_builder *builder, size_t runs, struct bel_err *err);

/* n references of one kind to a granule (dense number), and what they cross into. */
void bel_run_builder_touch(
	struct bel_run_builder *builder, uint32_t page, enum bel_kind kind, uint32_t n);
void bel_run_builder_further(struct bel_run_builder *builder, uint32_t page, enum bel_kind kind);

/* The same, as parts of a cached block; false: it has grown too long to be one. */
bool bel_phrase_touch(
	struct bel_cached_block *cached, uint32_t page, enum bel_kind kind, uint32_t n);
bool bel_phrase_further(struct bel_cached_block *cached, uint32_t page, enum bel_kind kind);

/* An event ends the open run. `at` is set here. */
int bel_run_builder_event(
	struct bel_run_builder *builder, const struct bel_event *event, struct bel_err *err);

static inline bool bel_run_builder_full(const struct bel_run_builder *builder)
{
	return builder->count > BEL_RUN_BUILDER_RUNS;
}

/* What there is; the open run too if `all`. Valid until taken. */
void bel_run_builder_give(struct bel_run_builder *builder, bool all, struct bel_chunk *chunk);
void bel_run_builder_taken(struct bel_run_builder *builder);

static inline struct bel_granules bel_run_builder_granules(const struct bel_run_builder *builder)
{
	return (struct bel_granules){builder->map.granule, builder->map.count};
}

/* All of a cached block, which has references; the builder is not full. */
static inline void bel_run_builder_cached(
	struct bel_run_builder *builder, const struct bel_cached_block *cached)
{
	const struct bel_run *from = cached->run;
	struct bel_run *to = builder->run + builder->count;
	uint32_t n = cached->runs;

	if (from->page == builder->open_page) {
		const uint32_t more = from->info & ~(uint32_t)BEL_RUN_FLAGS;

		/* A run that would be too long is two. */
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
