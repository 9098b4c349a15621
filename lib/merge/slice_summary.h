/* SPDX-License-Identifier: MIT */
/*
 * slice_summary.h: what a slice of a trace adds to the curves of LRU, the working set and VMIN, at every
 * size and window. Summaries of slices that meet can be joined, in any order and grouping, and the
 * summary of all slices gives the curves of the trace.
 *
 *	bel_slice_summary_collect(&summary, &how, source, &err);      one slice
 *	bel_slice_summary_write(summary, file, &err);
 *	bel_slice_summary_read(&summary, file, "2.sum", &err);
 *	bel_slice_summary_join(&front, behind, &err);                 front := front and behind
 *	bel_slice_summary_curve(summary, "lru", &setup, &curve, &err);
 *	bel_slice_summary_free(summary);
 *
 * How faults of slices add up is due to Q. Niu, J. Dinan, Q. Lu and P. Sadayappan, PARDA: A Fast
 * Parallel Reuse Distance Analysis Algorithm, IPDPS 2012. Write-backs and windows add up in the
 * same way, with what is said at the members below.
 *
 * Memory: about 60 bytes per distinct page of a slice.
 * Threads: one thread at a time uses a summary; summaries share nothing.
 */
#ifndef BEL_SLICE_SUMMARY_H
#define BEL_SLICE_SUMMARY_H

#include <signal.h>
#include <stdio.h>

#include "curve.h"
#include "inter_reference_intervals.h"
#include "run_digest.h"
#include "source.h"

enum bel_slice_summary_policy {
	BEL_SLICE_LRU = 0x1,
	BEL_SLICE_WS = 0x2,
	BEL_SLICE_VMIN = 0x4,
	BEL_SLICE_WINDOWS = BEL_SLICE_WS | BEL_SLICE_VMIN,
};

/* The trace that a slice is of. Slices of other traces, or in other pages, are foreign. */
struct bel_slice_summary_trace {
	char *title, *file; /* owned; `file` may be NULL */
	char *policies;     /* owned; as they were given, "lru,ws": the order of the curves */
	uint64_t checksum;  /* of the end of a native file; 0: not known */
	uint32_t page_bits;
	uint64_t *tau; /* owned; the windows that were asked for */
	size_t taus;
};

struct bel_slice_summary {
	struct bel_slice_summary_trace trace;
	char *name;        /* owned; of the file it came from, for messages; NULL: none */
	uint32_t policies; /* enum bel_slice_summary_policy */
	uint64_t from, to; /* numbers of references in the trace; to UINT64_MAX: its end */

	uint64_t references, runs;
	struct bel_run_digest digest;
	uint32_t pages;           /* distinct */
	struct bel_granule *page; /* in order of first reference: page numbers below are these */

	/*
	 * How much each page's number counts in the digest (run_digest.h), where pages have the numbers of
	 * this list in it: of a slice in a file of its own, and what was joined of such. NULL: the
	 * digest has the numbers of the whole trace.
	 */
	uint64_t *weight;

	/*
	 * LRU. A page is written back at sizes from its level on, when it is referenced at a larger
	 * distance (lru_stack.h). If it was not yet written in the slice, its state on entry decides:
	 * `entry` is its largest distance from its first reference up to its first write.
	 */
	uint32_t *stack; /* pages, most recently used first */
	uint32_t *level; /* of each page; BEL_CLEAN: not written in the slice */
	uint32_t *entry;
	uint64_t *distance;  /* runs at each distance, 0 .. pages */
	int64_t *writebacks; /* what changes from one size to the next, 0 .. pages + 1 */

	/* Windows. Times are as in the gaps: counted from the slice's first reference. */
	uint64_t *first;
	struct bel_inter_reference_intervals gaps; /* gaps.last: of each page */
};

struct bel_slice_summary_setup {
	const char *policies; /* "lru,ws,vmin": any of them */
	const uint64_t *tau;  /* windows to be counted exactly, ascending; NULL: none */
	size_t taus;
	bool portable;
	const volatile sig_atomic_t *stop; /* may be NULL; set: reading ends with an error */
	void (*progress)(void *host, uint64_t references, double fraction); /* may be NULL */
	void *progress_host;
};

/*
 * Reads a source, opened with slice_numbers, to its end. BEL_USAGE: another policy. The whole
 * trace is a slice, too.
 */
int bel_slice_summary_collect(struct bel_slice_summary **summary,
	const struct bel_slice_summary_setup *setup, struct bel_source *source,
	struct bel_err *err);

/*
 * Appends the slice behind. It must be of the same trace and begin where the other one ends
 * (bel_slice_summary_fits()). `behind` is not changed. After an error, *front can only be freed.
 */
int bel_slice_summary_join(struct bel_slice_summary *front, const struct bel_slice_summary *behind,
	struct bel_err *err);

bool bel_slice_summary_complete(const struct bel_slice_summary *summary);

/* The curve of the slice as a trace of its own. BEL_USAGE if the policy was not counted. */
int bel_slice_summary_curve(const struct bel_slice_summary *summary, const char *policy,
	const struct bel_curve_setup *setup, struct bel_curve *curve, struct bel_err *err);

/*
 * A file is complete or refused: it has a checksum, and every number is checked against the others.
 * slice_summary_file.c describes the layout. `name` is for messages.
 */
int bel_slice_summary_write(
	const struct bel_slice_summary *summary, FILE *file, struct bel_err *err);
int bel_slice_summary_read(
	struct bel_slice_summary **summary, FILE *file, const char *name, struct bel_err *err);

/* The references of a summary, from the head of its file. */
int bel_slice_summary_peek(
	FILE *file, const char *name, uint64_t *from, uint64_t *to, struct bel_err *err);

/* "lru,ws" as bits; BEL_USAGE: another policy. */
int bel_slice_summary_policies(const char *text, uint32_t *policies, struct bel_err *err);

/* A summary with room for so many pages; all else is zero. */
struct bel_slice_summary *bel_slice_summary_new(
	uint32_t pages, uint32_t policies, const uint64_t *tau, size_t taus, struct bel_err *err);
int bel_slice_summary_add_weights(struct bel_slice_summary *summary, struct bel_err *err);
void bel_slice_summary_free(struct bel_slice_summary *summary); /* NULL is allowed */

#endif
