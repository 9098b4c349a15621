/* SPDX-License-Identifier: MIT */
/*
 * limited.h: runs a program in a memory cgroup of its own, and counts its faults.
 *
 * The limit is `frames` pages and the kernel memory of the group. Every millisecond, memory.stat is
 * read, which keeps the kernel's counts fresh, and the limit follows the kernel memory. Huge pages
 * are off for the program and its children. The program ends when the caller's process ends. When
 * the program ends, all processes of the group are killed, and the group is removed.
 *
 *	struct bel_limited setup = {.group = &plan.group, .frames = 4096, .argv = argv, ...};
 *
 *	bel_limited_run(&setup, &counted, &err);
 */
#ifndef BEL_LIMITED_H
#define BEL_LIMITED_H

#include <signal.h>

#include "cgroup.h"
#include "file_copies.h"

struct bel_limited {
	const struct bel_cgroup *group;
	const struct bel_copies *copies; /* of the program's files, which it uses; NULL: none */
	uint64_t frames;
	char *const *argv; /* NULL at the end; searched for as execvp() does */
	int output;        /* becomes the program's standard output; -1: leave it */
	int interrupt;     /* as in toucher.h */
	sigset_t mask;     /* signal mask that the program starts with */
};

struct bel_limited_counts {
	/* Of the group at the end. UINT64_MAX: the kernel does not count. */
	uint64_t major_faults, minor_faults, refaults, file_refaults;
	uint64_t swapped_in, swapped_out; /* pages */
	bool machine_wide;                /* swapped_in and swapped_out are of the whole machine */
	double mean_anonymous_pages, mean_file_pages; /* over time */
	uint64_t peak_anonymous_pages, peak_file_pages;
	uint64_t peak_kernel_bytes;
	double elapsed_seconds, cpu_seconds; /* CPU: of the program and children it waited for */
	int status;                          /* as waitpid() gives it */
	bool out_of_memory; /* the kernel killed a process because the group had no memory left */
};

/* BEL_NO: `interrupt` became readable. BEL_FAIL: the program could not be started, or counted. */
int bel_limited_run(
	const struct bel_limited *setup, struct bel_limited_counts *counts, struct bel_err *err);

#endif
