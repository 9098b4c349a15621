/* SPDX-License-Identifier: MIT */
/*
 * toucher.h: a process in a memory cgroup of its own that touches pages, and what that costs.
 *
 * The process maps one page of memory for each page of the trace and reads all of them, so that the
 * page tables exist and every page is the zero page. Then the limit is set: the kernel memory that
 * the group has then, and `frames` pages. Then it touches pages in the order of the caller's
 * list, each by one load or store of a word. It reads the group's memory.stat after every
 * BEL_TOUCHER_EVERY touches, because the kernel decides by counts that may be two seconds old
 * otherwise; the resident pages are counted then, too.
 *
 *	struct bel_toucher setup = {.group = &plan.group, .frames = 1024, .pages = pages, ...};
 *
 *	bel_toucher_run(&setup, &result, &err);
 *
 * The process ends when the caller's process ends. The group is removed, also after an error.
 */
#ifndef BEL_TOUCHER_H
#define BEL_TOUCHER_H

#include "cgroup.h"

#define BEL_TOUCHER_EVERY 100

/* A touch: the page, and whether it writes. Page numbers have 31 bits. */
#define BEL_TOUCH(PAGE, WRITES) ((uint32_t)(PAGE) << 1 | ((WRITES) ? 1u : 0u))

struct bel_toucher {
	const char *root; /* kernel_file.h */
	const struct bel_cgroup *group;
	uint64_t frames, pages;
	/* Gives up to `capacity` touches: their number, 0 at the end, or negative. */
	int (*next)(void *host, uint32_t *touch, size_t capacity, struct bel_err *err);
	void *host;
	int interrupt; /* a descriptor (signalfd) that becomes readable to stop everything; or -1 */
};

struct bel_touched {
	uint64_t touches;
	uint64_t major_faults, minor_faults; /* of the process, after the limit was set */
	uint64_t swapped_in, swapped_out;    /* pages */
	bool machine_wide; /* these two: the kernel counts them only for the whole machine */
	uint64_t refaults; /* UINT64_MAX: the kernel does not count them */
	double mean_resident_pages;
	uint64_t peak_resident_pages;
	uint64_t kernel_bytes, limit_bytes;
	double cpu_seconds; /* of the process, after the limit was set */
};

/* BEL_NO with no text: `interrupt` became readable. */
int bel_toucher_run(
	const struct bel_toucher *setup, struct bel_touched *touched, struct bel_err *err);

#endif
