/* SPDX-License-Identifier: MIT */
/*
 * cgroup.h: a memory cgroup of our own, of version 1 or 2.
 *
 *	bel_cgroup_find(&host, "", &err);              where the memory controller is
 *	bel_cgroup_name(&group, &host, "belady-live-7");
 *	bel_cgroup_make(&group, &err);
 *	bel_cgroup_enter(&group, getpid(), &err);
 *	bel_cgroup_limit(&group, bytes, &err);
 *	bel_cgroup_remove(&group, &err);               kills the processes that are left in it
 *
 * A program in the group may make groups below it. The limit holds for all of them together, the
 * counts include theirs, and they are removed with the group.
 *
 * The group is at the top of the controller's tree. The limit covers memory but not swap: no limit
 * is set for swap. Numbers are in bytes. All calls but find and read need root. Nothing here
 * is shared between threads.
 */
#ifndef BEL_CGROUP_H
#define BEL_CGROUP_H

#include <sys/types.h>

#include "kernel_file.h"

struct bel_cgroup_host {
	int version;                /* 1 or 2 */
	char path[BEL_KERNEL_PATH]; /* the top folder of the controller */
};

struct bel_cgroup {
	int version;
	char path[BEL_KERNEL_PATH];
};

/*
 * What memory.stat says of a group and those below it. A member that this kernel does not have is
 * UINT64_MAX.
 */
struct bel_cgroup_counts {
	uint64_t anonymous; /* bytes of anonymous memory that is mapped */
	uint64_t file;      /* bytes of page cache */
	uint64_t faults, major_faults;
	uint64_t refaults; /* anonymous pages that came back while the kernel remembered them */
	uint64_t file_refaults;
	uint64_t swapped_in, swapped_out; /* pages; version 2 of new kernels */
};

/*
 * Finds a mounted memory controller that can have groups: version 2 first. Else BEL_FAIL with the
 * reason and what to do.
 */
int bel_cgroup_find(struct bel_cgroup_host *host, const char *root, struct bel_err *err);

/* Fills `group`; BEL_FAIL: the path is too long. */
int bel_cgroup_name(struct bel_cgroup *group, const struct bel_cgroup_host *host, const char *name,
	struct bel_err *err);

int bel_cgroup_make(const struct bel_cgroup *group, struct bel_err *err);
/* Moves the process into the group. What is swapped out goes to the swap area, not to zswap. */
int bel_cgroup_enter(const struct bel_cgroup *group, pid_t pid, struct bel_err *err);
int bel_cgroup_limit(const struct bel_cgroup *group, uint64_t bytes, struct bel_err *err);

/* Memory of the kernel that is charged to the group: page tables, stacks, open files. */
int bel_cgroup_kernel_bytes(const struct bel_cgroup *group, uint64_t *bytes, struct bel_err *err);

/*
 * Brings the counts of the groups below up to date, by reading their memory.stat. The kernel decides
 * by these counts. It brings those of a group and of all below it up to date when memory.stat of
 * the group is read, but not if it knows of few changes; and a group below can have many changes of
 * which the group above does not know. With counts up to 2 seconds old, the kernel finds no page to
 * evict, and kills a process although the swap area has room.
 */
void bel_cgroup_refresh_below(const struct bel_cgroup *group);

/* Whether the kernel killed a process of the group, or of one below it, because no memory was left. */
bool bel_cgroup_out_of_memory(const struct bel_cgroup *group);

/* Opens memory.stat. Reading it makes the kernel bring the group's counts up to date. */
int bel_cgroup_open_stat(const struct bel_cgroup *group, struct bel_err *err);
void bel_cgroup_parse(
	const struct bel_cgroup *group, const char *stat, struct bel_cgroup_counts *counts);

/* Kills the processes of the group and of those below it, and removes them all. A group that does not exist is no error. */
int bel_cgroup_remove(const struct bel_cgroup *group, struct bel_err *err);

#endif
