/* SPDX-License-Identifier: MIT */
/* cost_events.h: one repetition of each event; only for cost*.c. */
#ifndef BEL_COST_EVENTS_H
#define BEL_COST_EVENTS_H

#include <time.h>

#include "cost.h"

struct bel_cost_bench {
	size_t page_bytes;
	int fd; /* a file of BEL_COST_PAGES pages */
};

#define BEL_COST_PAGES ((size_t)4096)

/*
 * *ns: the cost of one event. BEL_NO: it cannot be measured here, with the reason in err; other
 * negative results end the measurements.
 */
typedef int bel_cost_measurement(
	const struct bel_cost_bench *bench, double *ns, struct bel_err *err);

bel_cost_measurement bel_cost_reference, bel_cost_second_level, bel_cost_tlb_miss,
	bel_cost_system_call, bel_cost_zero_page, bel_cost_zero_fill, bel_cost_copy_on_write,
	bel_cost_page_cache, bel_cost_file_read, bel_cost_switch, bel_cost_swap_out,
	bel_cost_swap_in;

/* CPU time of a thread or process so far, in nanoseconds. */
static inline double bel_cost_cpu(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

#define BEL_COST_THREAD CLOCK_THREAD_CPUTIME_ID

#endif
