/* SPDX-License-Identifier: MIT */
/*
 * summary.h: counts the contents of a trace, chunk by chunk, and checks that it is consistent.
 *
 *	struct bel_summary *summary = bel_summary_new(page_bits, &err);
 *	while (... chunk ...)
 *		bel_summary_chunk(summary, &chunk, bel_source_pages(source), &err);
 *	bel_summary_end(summary, false, &err);      BEL_NO if the sums do not agree
 *	bel_summary_free(summary);
 *
 * Callers read the members directly; the summary owns them.
 */
#ifndef BEL_SUMMARY_H
#define BEL_SUMMARY_H

#include <stdbool.h>

#include "mark_list.h"
#include "region_tracker.h"
#include "trace.h"

#define BEL_SUMMARY_THREADS (1u << 20) /* more are refused */

/* One address space: from its start, fork or exec to its end. */
struct bel_summary_space {
	uint32_t number; /* in the trace */
	uint64_t references, pages;
};

struct bel_summary_region {
	uint64_t mapped_bytes; /* maximum at one time, over all spaces */
	uint64_t references;
	uint64_t pages; /* pages first touched in this region */
};

/* Adjacent pages that were outside any region when they were referenced. */
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
	/* By enum bel_region_kind; the last element: pages that several regions share. */
	struct bel_summary_region region[BEL_REGIONS + 1];
	/*
	 * One for each of map.mapping. A page that several mappings share counts for the first.
	 * The array may have more elements than map.mappings.
	 */
	struct bel_summary_region *mapping;
	struct bel_marks marks; /* with the processes of the spaces */

	/* Private members. */
	unsigned page_bits;
	struct bel_region_tracker map;
	uint32_t mapping_capacity;
	struct bel_summary_page *page;
	size_t page_capacity;
	struct bel_space_map numbers; /* of spaces */
	uint32_t space_capacity;
	struct bel_granule_map thread; /* threads seen; the keys are granules of space 0 */
};

struct bel_summary *bel_summary_new(unsigned page_bits, struct bel_err *err);

/*
 * Counts a chunk. BEL_NO, with the position: a run or an event breaks the rules of
 * the trace model (order, dense numbers, flags, sums). BEL_FAIL: out of memory, or
 * too many spaces, threads, regions or names.
 */
int bel_summary_chunk(struct bel_summary *summary, const struct bel_chunk *chunk,
	struct bel_granules pages, struct bel_err *err);

/*
 * Finishes the counts by region and mapping. BEL_NO if the sums over the whole trace do not agree.
 * early: the trace ended early; then the kinds may include a run that the next block would have
 * begun with.
 */
int bel_summary_end(struct bel_summary *summary, bool early, struct bel_err *err);

/* Whether the space is to be listed: it has a process or references. */
bool bel_summary_lists(const struct bel_summary *summary, const struct bel_summary_space *space);

/* Whether the references by kind are known; in slices in files of their own they are not (FORMAT.md). */
bool bel_summary_knows_kinds(const struct bel_summary *summary);

/*
 * The pages outside any region, most referenced first; the caller frees the list. It is empty if
 * the trace has no regions. pages: of the whole trace.
 */
int bel_summary_gaps(const struct bel_summary *summary, struct bel_granules pages,
	struct bel_summary_gap **gaps, size_t *count, struct bel_err *err);

void bel_summary_free(struct bel_summary *summary);

#endif
