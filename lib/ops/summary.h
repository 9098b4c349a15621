/* SPDX-License-Identifier: MIT */
/*
 * summary.h: what is in a trace, counted chunk by chunk, and whether it hangs together.
 *
 *	struct bel_summary *summary = bel_summary_new(page_bits, &err);
 *	while (... chunk ...)
 *		bel_summary_chunk(summary, &chunk, bel_source_pages(source), &err);
 *	bel_summary_end(summary, false, &err);      the sums agree, or BEL_NO
 *	bel_summary_free(summary);
 *
 * Members are read directly; they are the summary's.
 */
#ifndef BEL_SUMMARY_H
#define BEL_SUMMARY_H

#include <stdbool.h>

#include "region_tracker.h"
#include "trace.h"

#define BEL_SUMMARY_MARKS 65536        /* most marks that are listed */
#define BEL_SUMMARY_THREADS (1u << 20) /* more are refused */
#define BEL_SUMMARY_NAMES (64u << 20)  /* bytes of processes' names; half of it, of marks' */

/* One address space: from its start, fork or exec to its end. */
struct bel_summary_space {
	uint32_t number; /* the trace's */
	bool known;      /* an event told pid and name */
	uint32_t pid;
	char *name; /* owned; NULL: not told */
	uint64_t references, pages;
};

struct bel_summary_region {
	uint64_t mapped_bytes; /* most at a time, over all spaces */
	uint64_t references;
	uint64_t pages; /* first touched there */
};

/* What the program has marked, and the references before it. */
struct bel_summary_mark {
	char *name; /* owned; NULL: not told */
	uint32_t space;
	uint64_t reference;
};

/* Neighbouring pages that were in no region when they were referenced. */
struct bel_summary_gap {
	uint32_t space;
	uint64_t first, pages; /* page numbers */
	uint64_t references;
};

struct bel_summary {
	uint64_t references, crossings, runs, events;
	uint64_t write_runs;
	uint64_t kinds[BEL_KINDS];
	uint64_t pages;
	struct bel_summary_space *space; /* in order of appearance */
	uint32_t spaces;
	uint64_t threads; /* thread starts and switches to new numbers */
	bool any_region;
	/* The last row: pages that more than one region shares. */
	struct bel_summary_region region[BEL_REGIONS + 1];
	/*
	 * For each of map.mapping; a page that several share counts for the first.
	 * Growing, the list may be longer than map.mappings says.
	 */
	struct bel_summary_region *mapping;
	struct bel_summary_mark *mark; /* the first ones */
	size_t marks;                  /* listed */
	uint64_t all_marks;

	/* Below, the summary's own. */
	unsigned page_bits;
	struct bel_region_tracker map;
	uint32_t mapping_capacity;
	struct bel_summary_page *page;
	size_t page_capacity, mark_capacity, name_bytes, mark_bytes;
	struct bel_space_map numbers; /* of spaces */
	uint32_t space_capacity;
	struct bel_granule_map thread; /* seen; keyed as granules of space 0 */
};

struct bel_summary *bel_summary_new(unsigned page_bits, struct bel_err *err);

/*
 * Counts a chunk. BEL_NO with the place: a run or an event breaks the rules of
 * the trace model (order, dense numbers, flags, sums). BEL_FAIL: out of memory, or
 * more spaces, threads, regions or names than any trace has.
 */
int bel_summary_chunk(struct bel_summary *summary, const struct bel_chunk *chunk,
	struct bel_granules pages, struct bel_err *err);

/*
 * Finishes the counts by region and mapping, and says whether the sums over the whole trace agree;
 * else BEL_NO. early: the trace ended before
 * its end; then kinds may be ahead of runs, by what the next block would have begun with.
 */
int bel_summary_end(struct bel_summary *summary, bool early, struct bel_err *err);

/*
 * The pages that were in no region, most referenced first, to be freed by the caller; none for a
 * trace that tells of no regions. pages: of the whole trace.
 */
int bel_summary_gaps(const struct bel_summary *summary, struct bel_granules pages,
	struct bel_summary_gap **gaps, size_t *count, struct bel_err *err);

void bel_summary_free(struct bel_summary *summary);

#endif
