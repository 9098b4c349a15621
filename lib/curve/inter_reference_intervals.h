/* SPDX-License-Identifier: MIT */
/*
 * inter_reference_intervals.h: how far apart, in references, a page's references are; all that
 * working sets of every window depend on (P. J. Denning and D. R. Slutz, CACM 21(9), 1978).
 *
 * Gaps below 65,536 are counted one by one, longer ones between edges: 64 an octave, and
 * every window that was asked for. At edges the counts are exact. Memory: 8 bytes a
 * page, and 1 MiB.
 */
#ifndef BEL_INTER_REFERENCE_INTERVALS_H
#define BEL_INTER_REFERENCE_INTERVALS_H

#include "curve.h"

struct bel_inter_reference_intervals {
	uint64_t *last; /* time of each page's last reference, from a number on; 0: none */
	uint32_t pages, capacity;
	uint64_t now, runs, compulsory;

	uint64_t *direct;  /* by gap; four copies of the lowest, against stalls */
	uint64_t *edge;    /* ascending; the last is UINT64_MAX */
	uint64_t *between; /* gaps above the edge before, up to this edge */
	uint64_t *sum;     /* of these gaps */
	size_t edges;
};

int bel_inter_reference_init(struct bel_inter_reference_intervals *gaps,
	const struct bel_curve_setup *setup, struct bel_err *err);
void bel_inter_reference_release(struct bel_inter_reference_intervals *gaps);
int bel_inter_reference_feed(struct bel_inter_reference_intervals *gaps,
	const struct bel_batch *batch, uint32_t pages, struct bel_err *err);

/* What is known about one window. */
struct bel_inter_reference_at {
	uint64_t longer;    /* gaps above the window */
	uint64_t shorter;   /* sum of the gaps up to it */
	uint64_t remaining; /* over pages: the time from the last reference to the end, at most
			       the window */
};

/*
 * Fills at[i] for ascending windows, which must be below 65,536 or edges. The page's
 * remaining times are taken as if the trace ended now.
 */
int bel_inter_reference_at(const struct bel_inter_reference_intervals *gaps, const uint64_t *window,
	size_t count, struct bel_inter_reference_at *at, struct bel_err *err);

/* The windows that are given when none is asked for: 16 an octave, up to the trace's length. */
int bel_inter_reference_windows(const struct bel_inter_reference_intervals *gaps, uint64_t **window,
	size_t *count, struct bel_err *err);

#endif
