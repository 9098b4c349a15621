/* SPDX-License-Identifier: MIT */
/*
 * blame_timeline.h: faults over time by key: counts in equal parts of the trace. How long the trace
 * is need not be known: when there are more than BEL_BLAME_BINS parts, each two become one.
 *
 *	struct bel_blame_timeline line = {.width = 1};
 *
 *	bel_blame_timeline_add(&line, key, now, &err);      in order of `now`
 *	bel_blame_timeline_end(&line, &err);
 *	... line.sample[i].bin, .key, .faults, in order of bins ...
 *	bel_blame_timeline_release(&line);
 *
 * Memory: 16 bytes for each key in each part in which it faults.
 */
#ifndef BEL_BLAME_TIMELINE_H
#define BEL_BLAME_TIMELINE_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"

#define BEL_BLAME_BINS 1024

struct bel_blame_sample {
	uint32_t bin, key;
	uint64_t faults;
};

struct bel_blame_timeline {
	uint64_t width; /* references in a part */
	struct bel_blame_sample *sample;
	size_t samples, capacity;

	/* Private members. */
	uint32_t bin;     /* the part being counted */
	uint64_t *faults; /* of each key in it */
	uint32_t *used;   /* the keys that fault in it */
	uint32_t keys, used_count;
};

int bel_blame_timeline_add(
	struct bel_blame_timeline *line, uint32_t key, uint64_t now, struct bel_err *err);
int bel_blame_timeline_end(struct bel_blame_timeline *line, struct bel_err *err);
void bel_blame_timeline_release(struct bel_blame_timeline *line);

#endif
