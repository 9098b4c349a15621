/* SPDX-License-Identifier: MIT */
/*
 * stage.h: a buffer of runs between a stream and its consumers. Only for lib/pass.
 *
 * Runs are copied into a stage, then consumers are fed. While it is fed, a stage does not change.
 */
#ifndef BEL_STAGE_H
#define BEL_STAGE_H

#include "pass.h"

struct bel_stage {
	struct bel_run *runs;
	uint64_t *next;
	size_t count, capacity;
	bool has_next;
	bool events;    /* the stream's chunks are kept as parts */
	uint64_t now;   /* time of the first run */
	uint64_t end;   /* time after the last */
	uint32_t pages; /* more than any page number in it */
	/* Intervals end after `runs` runs, at time `now`, when `pages` pages were known. */
	struct bel_stage_cut {
		size_t runs;
		uint64_t now;
		uint32_t pages;
	} * cut;
	size_t cuts, cut_capacity;
	/*
	 * With events: pieces of the stream's chunks. Their pointers are set only when they are
	 * fed. If a chunk is cut, its first piece has the kinds and crossings.
	 */
	struct bel_stage_part {
		struct bel_chunk chunk;
		size_t first_run, first_event;
	} * part;
	size_t parts, part_capacity;
	struct bel_events list; /* the events of all parts */
};

/* Empties the stage and makes room for `capacity` runs. */
int bel_stage_clear(struct bel_stage *stage, uint64_t now, size_t capacity, struct bel_err *err);
void bel_stage_release(struct bel_stage *stage);

/* The number of runs that a stage should hold if its consumers use memory for `pages` pages. */
size_t bel_stage_capacity(uint32_t pages, size_t consumers);

/*
 * Copies as much of a chunk as there is room for, from run *from on, and advances *from. 1: the
 * whole chunk is in, including its last events; 0: the stage is full.
 */
int bel_stage_add(
	struct bel_stage *stage, const struct bel_chunk *chunk, size_t *from, struct bel_err *err);

/* An interval ends after the runs added so far. `pages`: pages known at that time. */
int bel_stage_cut(struct bel_stage *stage, uint32_t pages, struct bel_err *err);

/* Feeds the whole stage to a consumer. Stops at its first error. */
void bel_stage_feed(const struct bel_stage *stage, const struct bel_consumer *consumer, void *self,
	const struct bel_granule *granule, struct bel_err *own);

#endif
