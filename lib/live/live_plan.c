/* SPDX-License-Identifier: MIT */
/* live_plan.c: what a measurement needs, and what it changes on the machine. */
#include "live_plan.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define MIB ((uint64_t)1 << 20)

static int plan_swap(struct bel_live_plan *plan, struct bel_err *err)
{
	struct bel_swap_area *const area = &plan->area;

	if (bel_swap_find(area, plan->root, err) < 0)
		return BEL_FAIL;
	if (area->count && area->free_bytes >= plan->need.swap_bytes)
		return 0;
	if (area->count)
		return bel_fail(err,
			"%s: %" PRIu64 " MiB are free, but %" PRIu64 " MiB may be swapped out: "
			"enlarge the swap area, or switch it off with swapoff(8) so that a zram "
			"device is added",
			area->name, area->free_bytes / MIB, plan->need.swap_bytes / MIB + 1);
	if (!bel_zram_can_add(plan->root))
		return bel_fail(err, "no swap area, and no zram: load the module with 'modprobe "
				     "zram', or add a swap area with swapon(8)");
	plan->zram = true;
	return 0;
}

/* A tenth of the memory, and at least 256 MiB, stay available for everything else. */
static int plan_memory(struct bel_live_plan *plan, struct bel_err *err)
{
	uint64_t total;

	if (bel_kernel_memory(plan->root, &total, &plan->available_bytes, err) < 0)
		return BEL_FAIL;
	plan->reserve_bytes = total / 10;
	if (plan->reserve_bytes < 256 * MIB)
		plan->reserve_bytes = 256 * MIB;
	if (__builtin_add_overflow(plan->need.resident_bytes,
		    plan->zram ? plan->need.store_bytes : 0, &plan->need_bytes))
		plan->need_bytes = UINT64_MAX;
	if (plan->need_bytes > plan->available_bytes ||
		plan->available_bytes - plan->need_bytes < plan->reserve_bytes)
		return bel_fail(err,
			"not enough memory: %" PRIu64 " MiB are needed and %" PRIu64 " MiB are to "
			"stay free, but %" PRIu64 " MiB are available: use fewer frames",
			plan->need_bytes / MIB + 1, plan->reserve_bytes / MIB,
			plan->available_bytes / MIB);
	return 0;
}

/* Where the copies will be, and whether there is room for them. */
static int plan_copies(struct bel_live_plan *plan, struct bel_err *err)
{
	const struct bel_live_need *const need = &plan->need;
	char *const folder = realpath(need->copies_folder, NULL);
	struct statvfs fs;
	int r = 0;

	if (!folder || statvfs(folder, &fs))
		r = bel_fail_errno(
			err, errno, "%s: copies of files cannot go there", need->copies_folder);
	else if (strchr(folder, '\n') ||
		 !*bel_kernel_path(plan->copies_path, "", "%s/%s", folder, plan->group_name))
		r = bel_fail(err, "%s: the path is too long, or has a line break", folder);
	else if ((uint64_t)fs.f_bavail * fs.f_frsize < need->copies->bytes + 64 * MIB)
		r = bel_fail(err,
			"%s: the copies of files need %" PRIu64
			" MiB, and 64 MiB are to stay free, "
			"but %" PRIu64 " MiB are free: give another folder",
			folder, need->copies->bytes / MIB + 1,
			(uint64_t)fs.f_bavail * fs.f_frsize / MIB);
	else if ((r = bel_read_ahead_find(&plan->read_ahead, plan->root, folder, err)) < 0 &&
		 need->keep_read_ahead) {
		plan->read_ahead.kb = UINT64_MAX;
		r = 0;
	}
	free(folder);
	return r;
}

static bool sets_read_ahead(const struct bel_live_plan *plan)
{
	return plan->need.copies && !plan->need.keep_read_ahead &&
	       plan->read_ahead.kb != plan->need.read_ahead_kb;
}

int bel_live_plan(struct bel_live_plan *plan, const char *root, const struct bel_live_need *need,
	struct bel_err *err)
{
	char path[BEL_KERNEL_PATH];

	*plan = (struct bel_live_plan){.root = root, .need = *need};
	snprintf(plan->group_name, sizeof(plan->group_name), "%s%ld", BEL_CHANGES_GROUP,
		(long)getpid());
	if (bel_cgroup_find(&plan->host, root, err) < 0 ||
		bel_cgroup_name(&plan->group, &plan->host, plan->group_name, err) < 0 ||
		plan_swap(plan, err) < 0 || plan_memory(plan, err) < 0 ||
		(need->copies && plan_copies(plan, err) < 0))
		return BEL_FAIL;
	bel_kernel_path(path, root, BEL_KERNEL_PAGE_CLUSTER);
	return bel_kernel_read_number(path, &plan->page_cluster, err);
}

/* The lines, in their order. */
enum line {
	STATE,
	GROUP,
	SWAP,
	PAGE_CLUSTER,
	COPIES,
	READ_AHEAD,
	MEMORY,
	UNDO,
	LINES,
};

static void write_swap(const struct bel_live_plan *plan, char *line, size_t size)
{
	if (plan->zram)
		snprintf(line, size,
			"add a zram device of %" PRIu64 " MiB, which takes at most %" PRIu64
			" MiB of memory, and swap to it",
			plan->need.swap_bytes / MIB + 1, plan->need.store_bytes / MIB + 1);
	else
		snprintf(line, size, "use the swap area %s", plan->area.name);
}

static void write_line(const struct bel_live_plan *plan, enum line which, char *line, size_t size)
{
	switch (which) {
	case STATE:
		snprintf(line, size, "write every change to /run/belady/state before it is made");
		break;
	case GROUP:
		snprintf(line, size, "create the memory cgroup %s (version %d)", plan->group.path,
			plan->host.version);
		break;
	case SWAP:
		write_swap(plan, line, size);
		break;
	case PAGE_CLUSTER:
		snprintf(line, size, "set vm.page-cluster from %" PRIu64 " to 0",
			plan->page_cluster);
		break;
	case COPIES:
		snprintf(line, size,
			"copy %zu files (%" PRIu64 " MiB) to %s, and mount the copies over the "
			"files, read only, for the program alone",
			plan->need.copies->count, plan->need.copies->bytes / MIB + 1,
			plan->copies_path);
		break;
	case READ_AHEAD:
		snprintf(line, size,
			"set the read-ahead of block device %u:%u from %" PRIu64 " to %" PRIu64
			" KiB, for all programs",
			plan->read_ahead.major, plan->read_ahead.minor, plan->read_ahead.kb,
			plan->need.read_ahead_kb);
		break;
	case MEMORY:
		snprintf(line, size,
			"use up to %" PRIu64 " MiB of the %" PRIu64 " MiB that are available",
			plan->need_bytes / MIB + 1, plan->available_bytes / MIB);
		break;
	default:
		snprintf(line, size, "undo all of this at the end");
	}
}

bool bel_live_plan_line(const struct bel_live_plan *plan, unsigned i, char *line, size_t size)
{
	for (enum line which = 0; which < LINES; which++) {
		if ((which == PAGE_CLUSTER && !plan->page_cluster) ||
			(which == COPIES && !plan->need.copies) ||
			(which == READ_AHEAD && !sets_read_ahead(plan)) || i--)
			continue;
		write_line(plan, which, line, size);
		return true;
	}
	return false;
}

static int add_zram(struct bel_live_plan *plan, struct bel_changes *changes, struct bel_err *err)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	/* A swap area needs ten pages; the first one is its head. */
	const uint64_t bytes = (plan->need.swap_bytes / page + 16) * page;
	unsigned number;

	if (bel_changes_zram_add(changes, bel_zram_next(plan->root), err) < 0 ||
		bel_zram_add(plan->root, &number, err) < 0 ||
		bel_changes_zram(changes, number, err) < 0 ||
		bel_zram_swapon(plan->root, number, bytes, plan->need.store_bytes, err) < 0)
		return BEL_FAIL;
	snprintf(plan->area.name, sizeof(plan->area.name), "/dev/zram%u", number);
	return 0;
}

static int copy_files(struct bel_live_plan *plan, struct bel_changes *changes, struct bel_err *err)
{
	const uint64_t kb = plan->need.read_ahead_kb;

	if (bel_changes_copies(changes, plan->copies_path, err) < 0 ||
		bel_copies_make(plan->need.copies, plan->copies_path, err) < 0)
		return BEL_FAIL;
	if (sets_read_ahead(plan) &&
		(bel_changes_read_ahead(changes, &plan->read_ahead, kb, err) < 0 ||
			bel_read_ahead_set(&plan->read_ahead, plan->root, kb, err) < 0))
		return BEL_FAIL;
	return 0;
}

int bel_live_carry_out(struct bel_live_plan *plan, struct bel_changes *changes, struct bel_err *err)
{
	char path[BEL_KERNEL_PATH];

	bel_kernel_path(path, plan->root, BEL_KERNEL_PAGE_CLUSTER);
	if (plan->page_cluster && (bel_changes_page_cluster(changes, plan->page_cluster, err) < 0 ||
					  bel_kernel_write(path, "0", err) < 0))
		return BEL_FAIL;
	if (plan->zram && add_zram(plan, changes, err) < 0)
		return BEL_FAIL;
	if (plan->need.copies && copy_files(plan, changes, err) < 0)
		return BEL_FAIL;
	return bel_changes_group(changes, plan->group_name, err);
}
