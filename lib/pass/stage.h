/* SPDX-License-Identifier: MIT */
/*
 * stage.h: runs of one stream on their way to its consumers. For lib/pass alone.
 *
 * Runs are copied in, then fed. A stage that is fed is not changed meanwhile.
 */
#ifndef BEL_STAGE_H
#define BEL_STAGE_H

#include "pass.h"

struct bel_stage {
	struct bel_run *runs;
	uint64_t *next;
	size_t count, capacity;
	bool has_next;
	bool events;    /* parts are kept, as the stream's chunks were */
	uint64_t now;   /* time of the first run */
	uint64_t end;   /* time after the last */
	uint32_t pages; /* more than any page number in it */
	/* Intervals end behind so many of the runs, at that time, when so many pages were known. */
	struct bel_stage_cut {
		size_t runs;
		uint64_t now;
		uint32_t pages;
	} * cut;
	size_t cuts, cut_capacity;
	/*
	 * With events: pieces of the stream's chunks, which point nowhere until they are fed. Of a
	 * chunk that is cut, the first piece has the kinds and crossings.
	 */
	struct bel_stage_part {
		struct bel_chunk chunk;
		size_t first_run, first_event;
	} * part;
	size_t parts, part_capacity;
	struct bel_events list; /* of all parts */
};

/* Empties it, and makes room for as many runs as a stage of so many pages has. */
int bel_stage_clear(struct bel_stage *stage, uint64_t now, size_t capacity, struct bel_err *err);
void bel_stage_release(struct bel_stage *stage);

/* Runs that a stage should have if its consumers touch memory for so many pages. */
size_t bel_stage_capacity(uint32_t pages, size_t consumers);

/*
 * Copies as much of a chunk, from run *from on, as there is room for, and moves *from. 1: all of
 * the chunk is in, its last events too; 0: the stage is full.
 */
int bel_stage_add(
	struct bel_stage *stage, const struct bel_chunk *chunk, size_t *from, struct bel_err *err);

/* An interval ends behind what is in; so many pages are known by then. */
int bel_stage_cut(struct bel_stage *stage, uint32_t pages, struct bel_err *err);

/* Feeds a consumer with all that is in the stage; its errors end that. */
void bel_stage_feed(const struct bel_stage *stage, const struct bel_consumer *consumer, void *self,
	const struct bel_granule *granule, struct bel_err *own);

#endif
