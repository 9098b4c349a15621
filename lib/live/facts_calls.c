/* SPDX-License-Identifier: MIT */
/* facts_calls.c: the questions that system calls answer. */
#include <fcntl.h>
#include <linux/perf_event.h>
#include <linux/userfaultfd.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "facts_ask.h"

#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY 1
#endif

/* <linux/fs.h> of older systems does not have it. */
struct scan_arguments {
	uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
	uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
};
#define PAGEMAP_SCAN_REQUEST _IOWR('f', 16, struct scan_arguments)
#define PAGEMAP_PRESENT 8

static int userfaultfd(int flags)
{
	return (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | flags);
}

void bel_ask_userfaultfd(const char *root, struct bel_fact *fact)
{
	int fd = userfaultfd(0);
	const bool all = fd >= 0;

	(void)root;
	if (!all)
		fd = userfaultfd(UFFD_USER_MODE_ONLY);
	if (fd < 0) {
		bel_fact_detail(fact, "%s", strerror(errno));
		fact->remedy = "use a kernel with CONFIG_USERFAULTFD; in a container, allow the "
			       "system call userfaultfd";
		return;
	}
	close(fd);
	fact->available = true;
	bel_fact_detail(fact, "%s", all ? "all modes" : "faults in user mode only");
	if (!all)
		fact->remedy = "for faults inside of system calls: run bel-live with sudo, or "
			       "set vm.unprivileged_userfaultfd to 1";
}

void bel_ask_huge_pages(const char *root, struct bel_fact *fact)
{
	char path[BEL_KERNEL_PATH], text[64];

	/* The property of this process is what it was afterwards. */
	const int before = prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0);

	fact->available = before == 1 || (before == 0 && !prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0));
	if (before == 0 && fact->available)
		prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0);
	bel_kernel_path(path, root, "/sys/kernel/mm/transparent_hugepage/enabled");
	if (bel_kernel_read(path, text, sizeof(text), NULL) < 0)
		bel_fact_detail(fact, "the kernel makes no huge pages");
	else {
		text[strcspn(text, "\n")] = 0;
		bel_fact_detail(fact, "%s", text);
	}
	if (!fact->available) {
		bel_fact_detail(fact, "a process cannot switch them off");
		fact->remedy =
			"write never to /sys/kernel/mm/transparent_hugepage/enabled, as root";
	}
}

/* A page that is present; NULL: no memory. */
static char *new_page(size_t size)
{
	char *const page = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	return page == MAP_FAILED ? NULL : page;
}

void bel_ask_pagemap_scan(const char *root, struct bel_fact *fact)
{
	const size_t size = (size_t)sysconf(_SC_PAGESIZE);
	char path[BEL_KERNEL_PATH], *const page = new_page(size);
	const int fd =
		open(bel_kernel_path(path, root, "/proc/self/pagemap"), O_RDONLY | O_CLOEXEC);
	uint64_t found[3];
	struct scan_arguments scan = {
		.size = sizeof(scan),
		.start = (uintptr_t)page,
		.end = (uintptr_t)page + size,
		.vec = (uintptr_t)found,
		.vec_len = 1,
		.category_mask = PAGEMAP_PRESENT,
		.return_mask = PAGEMAP_PRESENT,
	};

	fact->available = page && fd >= 0 && ioctl(fd, PAGEMAP_SCAN_REQUEST, &scan) == 1;
	bel_fact_detail(fact, "%s", fact->available ? "usable" : "not in this kernel");
	if (!fact->available)
		fact->remedy = "use Linux 6.7 or later";
	if (fd >= 0)
		close(fd);
	if (page)
		munmap(page, size);
}

/* The soft-dirty bit of a page of this process. */
static bool is_soft_dirty(int pagemap, const char *page, size_t size)
{
	uint64_t entry = 0;

	if (pread(pagemap, &entry, sizeof(entry),
		    (off_t)((uintptr_t)page / size * sizeof(entry))) != (ssize_t)sizeof(entry))
		return false;
	return entry >> 55 & 1;
}

void bel_ask_soft_dirty(const char *root, struct bel_fact *fact)
{
	const size_t size = (size_t)sysconf(_SC_PAGESIZE);
	char path[BEL_KERNEL_PATH];
	volatile char *const page = new_page(size);
	const int fd =
		open(bel_kernel_path(path, root, "/proc/self/pagemap"), O_RDONLY | O_CLOEXEC);

	if (page && fd >= 0 &&
		bel_kernel_write(bel_kernel_path(path, root, "/proc/self/clear_refs"), "4", NULL) ==
			0) {
		const bool before = is_soft_dirty(fd, (const char *)page, size);

		*page = 1;
		fact->available = !before && is_soft_dirty(fd, (const char *)page, size);
	}
	bel_fact_detail(fact, "%s", fact->available ? "usable" : "not in this kernel");
	if (!fact->available)
		fact->remedy = "use a kernel with CONFIG_MEM_SOFT_DIRTY, or PAGEMAP_SCAN";
	if (fd >= 0)
		close(fd);
	if (page)
		munmap((void *)page, size);
}

void bel_ask_perf_faults(const char *root, struct bel_fact *fact)
{
	struct perf_event_attr attributes = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attributes),
		.config = PERF_COUNT_SW_PAGE_FAULTS,
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};
	const int fd =
		(int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);

	(void)root;
	fact->available = fd >= 0;
	bel_fact_detail(fact, "%s", fact->available ? "usable" : strerror(errno));
	if (fd >= 0)
		close(fd);
	else
		fact->remedy = "set kernel.perf_event_paranoid to 2 or less; in a container, allow "
			       "the system call perf_event_open";
}
