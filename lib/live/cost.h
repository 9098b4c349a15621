/* SPDX-License-Identifier: MIT */
/*
 * cost.h: measures what memory events cost on this machine, for the cost model of bel-vm.
 *
 *	struct bel_cost cost;
 *	bel_cost_measure(&setup, &cost, &err);
 *	bel_cost_line(&cost, line, sizeof(line));       "memory=1.2,l2=0.9,..."
 *
 * Each event is measured in several repetitions, in nanoseconds of CPU time of the thread (of both
 * processes for a switch), so other programs and waiting for a device do not count. An event that
 * cannot be measured here has no repetitions, and says why not.
 */
#ifndef BEL_COST_H
#define BEL_COST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

enum bel_cost_event {
	BEL_COST_REFERENCE,     /* to a page whose translation is in the first-level TLB */
	BEL_COST_SECOND_LEVEL,  /* the same, in the second level */
	BEL_COST_TLB_MISS,      /* a page walk: how much longer than with large pages */
	BEL_COST_SYSTEM_CALL,   /* that does nothing */
	BEL_COST_ZERO_PAGE,     /* read fault: the page of zeros that all processes share */
	BEL_COST_ZERO_FILL,     /* write fault: a page of its own */
	BEL_COST_COPY_ON_WRITE, /* write fault on a page that another process shares */
	BEL_COST_PAGE_CACHE,    /* read fault on a page of a file that is in memory */
	BEL_COST_FILE_READ,     /* the same, not in memory; without waiting for the device */
	BEL_COST_SWITCH,        /* from process to process, with the pipe that causes it */
	BEL_COST_SWAP_OUT,      /* only if asked for */
	BEL_COST_SWAP_IN,       /* only if asked for; without waiting for the device */
	BEL_COST_EVENTS,
};

struct bel_cost_sample {
	double median_ns, low_ns, high_ns; /* of the repetitions */
	uint64_t repetitions;              /* 0: not measured */
	char why[160];                     /* it was not measured */
};

struct bel_cost {
	struct bel_cost_sample sample[BEL_COST_EVENTS];
};

#define BEL_COST_REPETITIONS 15
#define BEL_COST_REPETITIONS_MOST 1000

struct bel_cost_setup {
	uint64_t repetitions; /* 1 to BEL_COST_REPETITIONS_MOST */
	const char *folder;   /* for a file of 16 MiB */
	bool swap;            /* move pages to swap and back, too */
};

/* BEL_FAIL: no memory, or no file in the folder. */
int bel_cost_measure(
	const struct bel_cost_setup *setup, struct bel_cost *cost, struct bel_err *err);

/* "zero-fill", and what it is, in words. */
const char *bel_cost_event_name(enum bel_cost_event event);
const char *bel_cost_event_title(enum bel_cost_event event);

/* The value of bel-vm's --cost (vm_cost.h): all keys whose events were measured. */
#define BEL_COST_LINE 256
void bel_cost_line(const struct bel_cost *cost, char *line, size_t size);

#endif
