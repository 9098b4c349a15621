/* SPDX-License-Identifier: MIT */
/*
 * run.h: the run, the unit in which all parts hand references to each other.
 *
 * A run stands for `count` consecutive references of one thread to one page.
 * Pages are numbered densely in order of first reference (0, 1, 2, ...), so
 * consumers of runs can index arrays and need no hash table.
 *
 * Virtual time counts references from 0: a run that starts at time t with
 * count n covers the references t, t + 1, ..., t + n - 1.
 */
#ifndef BELADY_RUN_H
#define BELADY_RUN_H

#include <stdint.h>

enum bel_run_flag {
	BEL_RUN_DATA = 0x1,  /* at least one load, store or modify */
	BEL_RUN_FETCH = 0x2, /* at least one instruction fetch */
	BEL_RUN_WRITE = 0x4, /* at least one store or modify (implies DATA) */
	/*
	 * One reference crosses a page boundary, and this run is its second
	 * page. Its count is 1; the run before it has the first byte. It is
	 * marked so that larger pages and --first-byte stay exact.
	 */
	BEL_RUN_SPLIT = 0x8,
	BEL_RUN_FLAGS = 0xf,
};

#define BEL_RUN_COUNT_SHIFT 4
#define BEL_RUN_COUNT_MAX ((1u << 28) - 1) /* more references become several runs */

struct bel_run {
	uint32_t page; /* dense page number */
	uint32_t info; /* count << BEL_RUN_COUNT_SHIFT | enum bel_run_flag */
};

static inline uint32_t bel_run_count(struct bel_run run)
{
	return run.info >> BEL_RUN_COUNT_SHIFT;
}

static inline struct bel_run bel_run_make(uint32_t page, uint32_t count, uint32_t flags)
{
	struct bel_run run = {page, count << BEL_RUN_COUNT_SHIFT | flags};

	return run;
}

#endif
