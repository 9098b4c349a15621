/* SPDX-License-Identifier: MIT */
/* facts.c: the list of questions, and those that files answer. */
#include "facts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cgroup.h"
#include "facts_ask.h"
#include "version.h"
#include "zram.h"

static void ask_root(const char *root, struct bel_fact *fact)
{
	(void)root;
	fact->available = geteuid() == 0;
	bel_fact_detail(fact, "user %ld", (long)geteuid());
	if (!fact->available)
		fact->remedy = "run bel-live with sudo";
}

static void ask_cgroup(const char *root, struct bel_fact *fact)
{
	struct bel_cgroup_host host;
	struct bel_err err;

	fact->available = bel_cgroup_find(&host, root, &err) == 0;
	if (fact->available) {
		bel_fact_detail(fact, "version %d, %.120s", host.version, host.path);
		return;
	}
	bel_fact_detail(fact, "%.150s", host.version ? host.path : "not mounted, or not enabled");
	fact->remedy = "boot without cgroup_disable=memory; mount cgroup2 at /sys/fs/cgroup, and "
		       "write +memory to its cgroup.subtree_control";
}

static void ask_swap(const char *root, struct bel_fact *fact)
{
	struct bel_swap_area area;

	fact->available = bel_swap_find(&area, root, NULL) == 0 && area.count > 0;
	if (fact->available) {
		bel_fact_detail(
			fact, "%.80s, %" PRIu64 " MiB free", area.name, area.free_bytes >> 20);
		return;
	}
	bel_fact_detail(fact, "no area");
	fact->remedy =
		"nothing, if there is zram: bel-live adds a device as root; else use swapon(8)";
}

static void ask_zram(const char *root, struct bel_fact *fact)
{
	fact->available = bel_zram_can_add(root);
	bel_fact_detail(fact, "%s", fact->available ? "devices can be added" : "not loaded");
	if (!fact->available)
		fact->remedy = "load the module with 'modprobe zram', or add a swap area with "
			       "swapon(8)";
}

static void ask_page_cluster(const char *root, struct bel_fact *fact)
{
	char path[BEL_KERNEL_PATH];
	uint64_t value;

	bel_kernel_path(path, root, BEL_KERNEL_PAGE_CLUSTER);
	fact->available = bel_kernel_read_number(path, &value, NULL) == 0 && value < 32;
	if (!fact->available) {
		bel_fact_detail(fact, "not known");
		fact->remedy = "mount /proc";
		return;
	}
	bel_fact_detail(fact, "%" PRIu64 ": pages that are read at a time: %u", value, 1u << value);
}

static void ask_mglru(const char *root, struct bel_fact *fact)
{
	unsigned bits;
	const enum bel_kernel_mglru state = bel_kernel_mglru(root, &bits);

	fact->available = state == BEL_MGLRU_ON;
	if (state == BEL_MGLRU_NONE) {
		bel_fact_detail(fact, "not in this kernel");
		fact->remedy = "use a kernel with CONFIG_LRU_GEN";
		return;
	}
	bel_fact_detail(fact, "%s, 0x%04x", fact->available ? "on" : "off", bits);
	if (!fact->available)
		fact->remedy = "write y to /sys/kernel/mm/lru_gen/enabled, as root";
}

/* A file that must be there, and be writable for this user. */
static void ask_file(const char *root, struct bel_fact *fact, const char *file, const char *missing)
{
	char path[BEL_KERNEL_PATH];

	bel_kernel_path(path, root, "%s", file);
	fact->available = !access(path, W_OK);
	if (access(path, F_OK)) {
		bel_fact_detail(fact, "not in this kernel");
		fact->remedy = missing;
	} else {
		bel_fact_detail(fact, "%s", fact->available ? "usable" : "for root only");
		if (!fact->available)
			fact->remedy = "run bel-live with sudo";
	}
}

static void ask_idle(const char *root, struct bel_fact *fact)
{
	ask_file(root, fact, "/sys/kernel/mm/page_idle/bitmap",
		"use a kernel with CONFIG_IDLE_PAGE_TRACKING");
}

static void ask_damon(const char *root, struct bel_fact *fact)
{
	ask_file(root, fact, "/sys/kernel/mm/damon/admin/kdamonds/nr_kdamonds",
		"use a kernel with CONFIG_DAMON_SYSFS");
}

static const struct {
	const char *name, *use;
	void (*ask)(const char *root, struct bel_fact *fact);
} questions[] = {
	{"root", "replay, run", ask_root},
	{"memory-cgroup", "replay, run", ask_cgroup},
	{"swap", "replay, run", ask_swap},
	{"zram", "replay, run, if there is no swap area", ask_zram},
	{"page-cluster", "replay, run: it is 0 while they measure", ask_page_cluster},
	{"mglru", "comparison with the policy mglru", ask_mglru},
	{"userfaultfd", "paging in user space", bel_ask_userfaultfd},
	{"no-huge-pages", "replay, run", bel_ask_huge_pages},
	{"pagemap-scan", "finding written pages", bel_ask_pagemap_scan},
	{"soft-dirty", "finding written pages", bel_ask_soft_dirty},
	{"idle-page-tracking", "finding idle pages", ask_idle},
	{"damon", "finding idle pages", ask_damon},
	{"perf-page-faults", "counting faults of any program", bel_ask_perf_faults},
};

bool bel_fact(unsigned index, const char *root, struct bel_fact *fact)
{
	if (index >= sizeof(questions) / sizeof(*questions))
		return false;
	*fact = (struct bel_fact){.name = questions[index].name, .use = questions[index].use};
	questions[index].ask(root, fact);
	return true;
}

int bel_fact_record_emit(struct bel_emit *emit, const struct bel_fact *fact, struct bel_err *err)
{
	struct bel_record *r = bel_record_new("belady.probe/1");
	struct utsname name;

	bel_record_text(r, "tool", "bel-live");
	bel_record_text(r, "version", BEL_VERSION);
	bel_record_text(r, "kernel", uname(&name) ? NULL : name.release);
	bel_record_text(r, "facility", fact->name);
	bel_record_flag(r, "available", fact->available);
	bel_record_text(r, "detail", fact->detail);
	bel_record_text(r, "use", fact->use);
	bel_record_text(r, "remedy", fact->remedy);
	return bel_emit(emit, r, err);
}
