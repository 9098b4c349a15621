/* SPDX-License-Identifier: MIT */
/*
 * run_builder.h: builds blocks of phrases (phrases.h) from pagegrind's cached blocks.
 *
 * fold.h folds one reference at a time. pagegrind repeats the same code block with the same
 * granules millions of times. So the runs of a block are folded once, as a struct
 * bel_cached_block, and enter each block of phrases once. After that, a repetition costs one code
 * of two bytes. References that come singly form phrases that occur once. The runs that the codes
 * stand for are those of fold.h.
 *
 *	bel_run_builder_touch(&builder, page, kind, n);  single references
 *	bel_run_builder_cached(&builder, &cached, &runs, &err);  a cached block
 *	bel_run_builder_give(&builder, false, &block);     what is complete; the last run stays open
 *	bel_run_builder_taken(&builder);                   forgets what was given
 *
 * References belong to one address space at a time; give all (true) before it changes. Give when
 * the builder is full; it has room for 65,000 runs of single references more.
 */
#ifndef BEL_RUN_BUILDER_H
#define BEL_RUN_BUILDER_H

#include <stdbool.h>
#include <string.h>

#include "granule_map.h"
#include "phrases.h"
#include "trace.h"

#define BEL_RUN_BUILDER_RUNS 450000   /* call give() when there are more runs or codes */
#define BEL_RUN_BUILDER_PHRASES 60000 /* or more phrases; there is room for 65,535 */
#define BEL_RUN_BUILDER_EVENTS 60000
#define BEL_RUN_BUILDER_NAMES (16 << 20) /* bytes */
#define BEL_RUN_BUILDER_LITERAL 4096     /* single references form phrases of about this length */
#define BEL_CACHED_RUNS 24 /* runs per cached block, at most; longer code is not cached */

struct bel_run_builder_counts {
	uint64_t references;
	uint32_t kinds[BEL_KINDS], crossings;
};

/*
 * A cached block, as far as each repetition needs it: half a cache line. Its runs are in a struct
 * bel_cached_runs.
 */
struct bel_cached_block {
	uint32_t first,
		open; /* granules of the first and the last run; BEL_GRANULE_NONE: may not grow */
	uint32_t first_count, last_count;
	uint32_t block;     /* the block in which it has the code; 0: none */
	uint16_t code;      /* number of the phrase + 1 */
	uint8_t runs;       /* 0: not available */
	bool empty;         /* it has no runs because no reference in it is wanted */
	uint32_t unused[2]; /* 32 bytes: a shift finds an entry */
};

struct bel_cached_runs {
	struct bel_run_builder_counts counts;
	struct bel_run run[BEL_CACHED_RUNS];
};

/* What is known of a phrase of the open block. */
struct bel_built_phrase {
	size_t first; /* index of its first run */
	struct bel_run_builder_counts counts;
};

struct bel_run_builder {
	struct bel_granule_map map;
	size_t most; /* runs or codes of a block: BEL_RUN_BUILDER_RUNS; tests make it smaller */

	/* The open block; the arrays are owned. */
	uint32_t block; /* its number, from 1 */
	struct bel_run *run;
	size_t runs, run_capacity;
	uint32_t *head;
	struct bel_built_phrase *phrase;
	uint32_t *uses; /* of each phrase */
	size_t phrases;
	uint8_t *code;
	size_t codes;
	size_t records;     /* runs that the codes stand for */
	uint32_t open_page; /* granule of the last of them, if it may grow */
	uint32_t open_count;
	uint32_t barred_page; /* the next phrase may not join this run: an event is between */
	struct bel_events events;
	size_t name_bytes;

	/* The single references since the last code: runs from `literal` on. */
	size_t literal;
	uint32_t literal_page; /* of the last run, if it may grow */
	struct bel_run_builder_counts literal_counts;

	struct bel_run held; /* after give(): the run that stays open; count 0: none */
	uint64_t now, given; /* given: references */
	uint32_t space;
};

int bel_run_builder_init(struct bel_run_builder *builder, struct bel_err *err);
void bel_run_builder_release(struct bel_run_builder *builder);

/* Makes room for `runs` runs of single references. */
int bel_run_builder_reserve(struct bel_run_builder *builder, size_t runs, struct bel_err *err);

/*
 * Adds n references of one kind to a granule (dense number); _further() adds what they cross into.
 */
void bel_run_builder_touch(
	struct bel_run_builder *builder, uint32_t page, enum bel_kind kind, uint32_t n);
void bel_run_builder_further(struct bel_run_builder *builder, uint32_t page, enum bel_kind kind);

/* The single references so far become a phrase. */
void bel_run_builder_close(struct bel_run_builder *builder);

/*
 * Makes a cached block of the single references since bel_run_builder_close(), which are now
 * a repetition of it. False: they are too many.
 */
bool bel_run_builder_cache(struct bel_run_builder *builder, struct bel_cached_block *cached,
	struct bel_cached_runs *runs);

/* Where the next run of single references will stand, if it begins one: for an event before it. */
static inline uint64_t bel_run_builder_position(const struct bel_run_builder *builder)
{
	const size_t n = builder->runs - builder->literal;
	const struct bel_run first = builder->run[builder->literal];
	const bool joins = n > 0 && !(first.info & BEL_RUN_SPLIT) &&
			   first.page == builder->open_page && first.page != builder->barred_page &&
			   bel_run_count(first) <= BEL_RUN_COUNT_MAX - builder->open_count;

	return builder->records + n - joins;
}

/* Where the first run of a whole cached block will stand. */
static inline uint64_t bel_run_builder_before(
	const struct bel_run_builder *builder, const struct bel_cached_block *cached)
{
	const bool joins = cached->first == builder->open_page &&
			   cached->first != builder->barred_page &&
			   cached->first_count <= BEL_RUN_COUNT_MAX - builder->open_count;

	return builder->records - joins;
}

/* Adds an event, which ends the open run. Sets `at`. */
int bel_run_builder_event(
	struct bel_run_builder *builder, const struct bel_event *event, struct bel_err *err);

/* Gives the complete runs; the open run too if `all`. Valid until taken. */
void bel_run_builder_give(
	struct bel_run_builder *builder, bool all, struct bel_phrase_block *block);
void bel_run_builder_taken(struct bel_run_builder *builder);

static inline struct bel_granules bel_run_builder_granules(const struct bel_run_builder *builder)
{
	return (struct bel_granules){builder->map.granule, builder->map.count};
}

/* Appends a whole cached block, which must have runs. The builder must not be full. */
int bel_run_builder_cached(struct bel_run_builder *builder, struct bel_cached_block *cached,
	const struct bel_cached_runs *runs, struct bel_err *err);

/* Whether bel_run_builder_extend() may be called until the builder is full. */
static inline bool bel_run_builder_ready(const struct bel_run_builder *builder)
{
	return builder->literal == builder->runs && builder->barred_page == BEL_GRANULE_NONE;
}

/*
 * The end of what a builder holds, as a copy that a loop can keep in registers: a store to the codes
 * may change any byte, so the compiler reads the builder's members again after each one.
 */
struct bel_run_builder_end {
	uint8_t *code; /* the next one */
	uint32_t *uses;
	size_t records;
	uint32_t block, open_page, open_count;
};

static inline struct bel_run_builder_end bel_run_builder_end(const struct bel_run_builder *builder)
{
	return (struct bel_run_builder_end){.code = builder->code + 2 * builder->codes,
		.uses = builder->uses,
		.records = builder->records,
		.block = builder->block,
		.open_page = builder->open_page,
		.open_count = builder->open_count};
}

static inline void bel_run_builder_set_end(
	struct bel_run_builder *builder, const struct bel_run_builder_end *end)
{
	builder->records = end->records;
	builder->codes = (size_t)(end->code - builder->code) / 2;
	builder->open_page = end->open_page;
	builder->open_count = end->open_count;
}

/* The number of cached blocks that may certainly be added before the builder is full. */
static inline size_t bel_run_builder_room(const struct bel_run_builder *builder)
{
	const size_t most = builder->records > builder->codes ? builder->records : builder->codes;

	return most > builder->most ? 0 : (builder->most - most) / BEL_CACHED_RUNS + 1;
}

/*
 * Appends a cached block that is already a phrase of the open block. False: it is not, or a run
 * would become too long: bel_run_builder_cached() does it. For most of a program's code this is
 * all that happens, so it is short and inline. A cached block without runs is in no block.
 */
static inline bool bel_run_builder_extend(
	struct bel_run_builder_end *end, const struct bel_cached_block *cached)
{
	const bool joins = cached->first == end->open_page;
	const uint32_t count = cached->first_count + (joins ? end->open_count : 0);
	const uint8_t code[2] = {(uint8_t)cached->code, (uint8_t)(cached->code >> 8)};

	if (__builtin_expect((cached->block != end->block) | (count > BEL_RUN_COUNT_MAX), 0))
		return false;
	end->open_count = cached->runs == 1 ? count : cached->last_count;
	end->open_page = cached->open;
	end->records += (size_t)cached->runs - joins;
	end->uses[cached->code - 1u]++;
	memcpy(end->code, code, 2);
	end->code += 2;
	return true;
}

/* The same for one cached block. */
static inline bool bel_run_builder_again(
	struct bel_run_builder *builder, const struct bel_cached_block *cached)
{
	struct bel_run_builder_end end = bel_run_builder_end(builder);
	const bool extends = bel_run_builder_extend(&end, cached);

	bel_run_builder_set_end(builder, &end);
	return extends;
}

static inline bool bel_run_builder_full(const struct bel_run_builder *builder)
{
	return (builder->records > builder->most) | (builder->codes > builder->most) ||
	       builder->phrases > BEL_RUN_BUILDER_PHRASES ||
	       builder->events.count > BEL_RUN_BUILDER_EVENTS ||
	       builder->name_bytes > BEL_RUN_BUILDER_NAMES;
}

#endif
