/* SPDX-License-Identifier: MIT */
/* cpu_time.h: the CPU time in the kernel's account of a process; only for lib/live. */
#ifndef BEL_CPU_TIME_H
#define BEL_CPU_TIME_H

#include <stdint.h>
#include <sys/resource.h>

/* User and system time, in nanoseconds. */
static inline uint64_t bel_cpu_ns(const struct rusage *usage)
{
	return (uint64_t)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000000 +
	       (uint64_t)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) * 1000;
}

#endif
