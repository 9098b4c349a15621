/* SPDX-License-Identifier: MIT */
/*
 * inter_reference_intervals.h: the intervals ("gaps"), in references, between two references to
 * the same page. Working sets of every window depend on nothing else (P. J. Denning and D. R.
 * Slutz, CACM 21(9), 1978).
 *
 * Gaps below 65,536 have one counter each. Longer gaps are counted between edges: 64 per octave,
 * and every window that was asked for. At edges the counts are exact. Memory: 8 bytes per page,
 * and 1 MiB.
 */
#ifndef BEL_INTER_REFERENCE_INTERVALS_H
#define BEL_INTER_REFERENCE_INTERVALS_H

#include "curve.h"

struct bel_inter_reference_intervals {
	uint64_t *last; /* time of each page's last reference, plus an offset; 0: none */
	/* For slices: the same of its first reference; the pages in order of these. */
	uint64_t *first;
	uint32_t *order;
	bool slice; /* the two are needed; set it before the first batch */
	uint32_t pages, capacity;
	uint64_t now, runs, compulsory;

	uint64_t *direct;  /* by gap; the lowest gaps have four copies, to avoid stalls */
	uint64_t *edge;    /* ascending; the last is UINT64_MAX */
	uint64_t *between; /* number of gaps above the previous edge, up to this edge */
	uint64_t *sum;     /* sum of these gaps */
	size_t edges;
};

int bel_inter_reference_init(struct bel_inter_reference_intervals *gaps,
	const struct bel_curve_setup *setup, struct bel_err *err);
void bel_inter_reference_release(struct bel_inter_reference_intervals *gaps);
int bel_inter_reference_feed(struct bel_inter_reference_intervals *gaps,
	const struct bel_batch *batch, uint32_t pages, struct bel_err *err);

/*
 * For slices: adds the counts of another object with the same edges, for the references that
 * follow. The caller adds the gaps between the two with bel_inter_reference_count(), and sets
 * `last`, `pages` and `compulsory`.
 */
void bel_inter_reference_add(struct bel_inter_reference_intervals *gaps,
	const struct bel_inter_reference_intervals *behind);
void bel_inter_reference_count(
	struct bel_inter_reference_intervals *gaps, uint64_t gap, uint64_t times);

enum {
	BEL_GAPS_DIRECT = 65536, /* gaps that are counted one by one */
	/* Added to stored times: 0 means never, and looks older than any directly counted gap. */
	BEL_GAPS_EARLIEST = BEL_GAPS_DIRECT + 1,
};

/* The number of gaps of this length, below BEL_GAPS_DIRECT, without those inside of runs. */
uint64_t bel_inter_reference_direct(const struct bel_inter_reference_intervals *gaps, uint64_t gap);

/* The result for one window. */
struct bel_inter_reference_at {
	uint64_t longer;    /* gaps above the window */
	uint64_t shorter;   /* sum of the gaps up to it */
	uint64_t remaining; /* sum over pages: last reference to end, at most the window */
};

/*
 * Fills at[i] for ascending windows, each below 65,536 or an edge. `remaining` is computed as if
 * the trace ended now.
 */
int bel_inter_reference_at(const struct bel_inter_reference_intervals *gaps, const uint64_t *window,
	size_t count, struct bel_inter_reference_at *at, struct bel_err *err);

/* The windows used when none is asked for: 16 per octave, up to the trace's length. */
int bel_inter_reference_windows(const struct bel_inter_reference_intervals *gaps, uint64_t **window,
	size_t *count, struct bel_err *err);

#endif
