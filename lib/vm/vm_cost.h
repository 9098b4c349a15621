/* SPDX-License-Identifier: MIT */
/*
 * vm_cost.h: from counts to time: effective access time, CPU utilisation, throughput.
 *
 * Times add up (nothing overlaps within a process):
 *
 *	CPU time = references x memory + second-level lookups x l2 + walk references x walk
 *	         + faults x trap + minor faults x minor + major faults x major
 *	         + copies x copy + switches x switch
 *	I/O time = device reads and writes, each by the device's latency
 *
 * The effective access time is (CPU time + I/O time) / references. With several processes, one
 * computes while others wait for the device. This is a closed queueing network of one processor
 * and one device, solved by exact mean value analysis (Reiser and Lavenberg 1980) for N equal
 * processes with the mean demands. CPU utilisation and throughput as functions of N are the
 * thrashing curve.
 */
#ifndef BEL_VM_COST_H
#define BEL_VM_COST_H

#include "vm_swap.h"

/* Nanoseconds each. */
struct bel_vm_cost {
	double memory; /* a reference that its first-level TLB translates */
	double l2;     /* in addition, a lookup in the second-level TLB */
	double walk;   /* a memory reference of a page walk */
	double trap;   /* entering the kernel and returning */
	double minor;  /* the handler's work at a minor fault */
	double major;  /* the same at a major fault, without the device */
	double copy;   /* copying a page of 4 KiB; larger ones in proportion */
	double swtch;  /* a context switch */
	double shoot;  /* taking an entry out of the TLBs */
};

#define BEL_VM_COST_DEFAULT                                                                        \
	{                                                                                          \
		.memory = 1, .l2 = 2, .walk = 10, .trap = 300, .minor = 500, .major = 2000,        \
		.copy = 400, .swtch = 2000, .shoot = 100                                           \
	}

/*
 * Sets "memory=1,walk=20,...". The keys are the names of the members, and `switch` for swtch. The
 * first item may be the name of a machine, whose costs were measured: "zen5-vm-linux6.18,walk=20".
 */
int bel_vm_cost_parse(struct bel_vm_cost *cost, const char *text, struct bel_err *err);

/* Key `index` and its value, for records; NULL past the last. */
const char *bel_vm_cost_item(const struct bel_vm_cost *cost, unsigned index, double *value);

/* Counts of one run. */
struct bel_vm_work {
	uint64_t references, l2_lookups, walk_references, faults, minor, major, copies;
	uint64_t switches, shootdowns, reads, writes;
	uint64_t page_bytes;
};

struct bel_vm_time {
	double cpu_ns, io_ns, access_ns; /* access_ns: the effective access time */
	double read_ns, write_ns;        /* of one page on the device */
	double cpu_share;                /* of one process alone: cpu / (cpu + io) */
};

struct bel_vm_time bel_vm_time_of(const struct bel_vm_cost *cost,
	const struct bel_vm_device *device, const struct bel_vm_work *work);

/*
 * The CPU utilisation of `processes` that each need cpu_ns and io_ns. *throughput: how many of them
 * end per second.
 */
double bel_vm_utilisation(double cpu_ns, double io_ns, unsigned processes, double *throughput);

#endif
