/* SPDX-License-Identifier: MIT */
/*
 * split.h: what a recorder needs to write a trace in parts (parts.h): the events at the front of
 * the next part, and the numbers that granules have in the present one.
 *
 * Ownership: what the functions give belongs to the split and is valid until the next call.
 */
#ifndef BEL_SPLIT_H
#define BEL_SPLIT_H

#include <stdio.h>

#include "event_snapshot.h"
#include "phrases.h"

struct bel_split {
	uint64_t bytes; /* a part ends when it has so many; 0: the trace is one file */
	/*
	 * Part `part` - 1 is complete. Gives it its name, and opens the file of the next part. It
	 * belongs to the host.
	 */
	int (*next)(void *host, unsigned part, FILE **file, struct bel_err *err);
	void *host;

	/* Private members. */
	unsigned part;
	uint64_t references; /* in the parts before */
	struct bel_event_snapshot snapshot;
	struct bel_events told;
	uint32_t *number; /* of each granule of the trace: 1 + its number in the part; 0: none */
	uint32_t numbers;
	struct bel_granule *granule; /* of the part */
	uint32_t granules, capacity;
	struct bel_run *run;
	size_t runs;
};

/* Follows events. */
int bel_split_events(
	struct bel_split *split, const struct bel_event *event, size_t count, struct bel_err *err);

/*
 * Copies the runs, with the granules' numbers in the part; one element more may be read. `granules`
 * becomes the part's list.
 */
int bel_split_runs(struct bel_split *split, const struct bel_run **runs, size_t count,
	struct bel_granules *granules, struct bel_err *err);

/* A part has ended: forgets its granules, and makes the events for the front of the next one. */
int bel_split_begin(struct bel_split *split, struct bel_err *err);

void bel_split_release(struct bel_split *split);

#endif
