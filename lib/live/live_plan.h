/* SPDX-License-Identifier: MIT */
/*
 * live_plan.h: what a measurement needs on the machine, and what it will change there.
 *
 *	bel_live_plan(&plan, "", &need, &err);        looks only; no root needed
 *	for (i = 0; bel_live_plan_line(&plan, i, line, sizeof(line)); i++)
 *		puts(line);
 *	bel_live_carry_out(&plan, &changes, &err);    writes down each change, then makes it
 */
#ifndef BEL_LIVE_PLAN_H
#define BEL_LIVE_PLAN_H

#include "changes.h"
#include "file_copies.h"
#include "zram.h"

struct bel_live_need {
	uint64_t resident_bytes; /* the largest limit of a group */
	uint64_t swap_bytes;     /* that must fit into the swap area */
	uint64_t store_bytes;    /* these, compressed, on a zram device */
	/* Copies of a program's files; NULL: none. They are made when the plan is carried out. */
	struct bel_copies *copies;
	const char *copies_folder; /* in which the folder with the copies is made */
	bool keep_read_ahead;      /* else it is `read_ahead_kb` while the program runs */
	uint64_t read_ahead_kb;
};

struct bel_live_plan {
	const char *root;
	struct bel_live_need need;
	struct bel_cgroup_host host;
	struct bel_cgroup group; /* the name of our group */
	char group_name[32];
	struct bel_swap_area area;         /* that is used; with zram: named once it is there */
	bool zram;                         /* a device is added */
	uint64_t page_cluster;             /* before; it is 0 then */
	char copies_path[BEL_KERNEL_PATH]; /* with copies: their folder */
	struct bel_read_ahead read_ahead;  /* with copies: before; UINT64_MAX KiB: not known */
	uint64_t need_bytes, available_bytes, reserve_bytes;
};

/*
 * Finds a controller and a swap area, and compares the memory. BEL_FAIL with the reason, the
 * numbers, and what to do, if something is missing.
 */
int bel_live_plan(struct bel_live_plan *plan, const char *root, const struct bel_live_need *need,
	struct bel_err *err);

/* Line `i` of what will be done, for people; false after the last. */
bool bel_live_plan_line(const struct bel_live_plan *plan, unsigned i, char *line, size_t size);

/* Makes the changes but for the group, which each measurement makes; notes all of them. */
int bel_live_carry_out(
	struct bel_live_plan *plan, struct bel_changes *changes, struct bel_err *err);

#endif
