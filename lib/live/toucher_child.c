/* SPDX-License-Identifier: MIT */
/*
 * toucher_child.c: the process in the group.
 *
 * It allocates and locks its own memory before it enters the group, so that the group has nothing
 * but the pages of the trace, and the kernel's memory for them.
 */
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cpu_time.h"
#include "toucher_child.h"

struct child {
	const struct bel_toucher *setup;
	struct bel_touched *touched;
	struct bel_err *err;
	uint32_t *touch; /* room for TOUCHER_PART of them */
	char *text;      /* room for BEL_KERNEL_TEXT bytes */
	uint64_t page_bytes;
	char *memory;
	int in, stat;
	uint64_t anonymous; /* bytes of the group before the first touch */
	uint64_t samples, resident_sum;
};

struct counts {
	struct rusage usage;
	struct bel_cgroup_counts group;
	uint64_t in, out; /* of the machine */
};

static char *map(size_t bytes, int flags)
{
	char *const p = mmap(
		NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

/* What has to be done outside of the group. */
static int prepare(struct child *child, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		return bel_fail(child->err, "bel-live ended");
	if (prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0))
		return bel_fail_errno(child->err, errno, "cannot switch huge pages off");
	/* Only stderr and the pipe stay open: not the lock of the state file. */
	if (dup2(child->in, STDERR_FILENO + 1) < 0 || close_range(STDERR_FILENO + 2, ~0u, 0))
		return bel_fail_errno(child->err, errno, "cannot close files");
	child->in = STDERR_FILENO + 1;
	child->touch = (uint32_t *)map(TOUCHER_PART * sizeof(*child->touch), MAP_POPULATE);
	child->text = map(BEL_KERNEL_TEXT, MAP_POPULATE);
	if (!child->touch || !child->text)
		return bel_err_memory(child->err, "a list of touches");
	if (mlockall(MCL_CURRENT))
		return bel_fail_errno(child->err, errno, "cannot lock memory");
	return 0;
}

static int read_stat(struct child *child, struct bel_cgroup_counts *counts)
{
	if (bel_kernel_reread(child->stat, child->text, BEL_KERNEL_TEXT) <= 0)
		return bel_fail_errno(child->err, errno, "%s/memory.stat: cannot read",
			child->setup->group->path);
	bel_cgroup_parse(child->setup->group, child->text, counts);
	return 0;
}

/* Enters the group, makes the page tables, and sets the limit. */
static int enter(struct child *child)
{
	const struct bel_toucher *const setup = child->setup;
	struct bel_touched *const touched = child->touched;
	const size_t bytes = setup->pages * child->page_bytes;
	struct bel_cgroup_counts counts;
	unsigned sum = 0;

	if (bel_cgroup_enter(setup->group, getpid(), child->err) < 0)
		return BEL_FAIL;
	child->memory = map(bytes, MAP_NORESERVE);
	if (!child->memory)
		return bel_fail_errno(child->err, errno, "cannot map %zu bytes", bytes);
	for (uint64_t i = 0; i < setup->pages; i++)
		sum += *(volatile unsigned char *)(child->memory + i * child->page_bytes);
	if (sum)
		return bel_fail(child->err, "new memory is not zero");
	child->stat = bel_cgroup_open_stat(setup->group, child->err);
	/* The first reading allocates memory of the kernel; the second one sees it. */
	if (child->stat < 0 || read_stat(child, &counts) < 0 || read_stat(child, &counts) < 0 ||
		bel_cgroup_kernel_bytes(setup->group, &touched->kernel_bytes, child->err) < 0)
		return BEL_FAIL;
	if (counts.anonymous == UINT64_MAX)
		return bel_fail(child->err, "%s/memory.stat: no count of anonymous memory",
			setup->group->path);
	child->anonymous = counts.anonymous;
	touched->limit_bytes =
		touched->kernel_bytes + counts.anonymous + setup->frames * child->page_bytes;
	return bel_cgroup_limit(setup->group, touched->limit_bytes, child->err);
}

static int count(struct child *child, struct counts *counts)
{
	if (read_stat(child, &counts->group) < 0)
		return BEL_FAIL;
	if (bel_kernel_swap_counts(
		    child->setup->root, child->text, &counts->in, &counts->out, child->err) < 0)
		return BEL_FAIL;
	getrusage(RUSAGE_SELF, &counts->usage);
	return 0;
}

/* Counts the resident pages; reading the file is what makes the kernel's counts fresh. */
static int sample(struct child *child)
{
	struct bel_cgroup_counts counts;
	uint64_t pages;

	if (read_stat(child, &counts) < 0)
		return BEL_FAIL;
	pages = counts.anonymous > child->anonymous
			? (counts.anonymous - child->anonymous) / child->page_bytes
			: 0;
	child->samples++;
	child->resident_sum += pages;
	if (pages > child->touched->peak_resident_pages)
		child->touched->peak_resident_pages = pages;
	return 0;
}

/* Reads a part of the list: touches, or 0 at the end. */
static int receive(struct child *child)
{
	const size_t room = TOUCHER_PART * sizeof(*child->touch);
	size_t length = 0;

	while (length == 0 || length % sizeof(*child->touch)) {
		const ssize_t n = read(child->in, (char *)child->touch + length, room - length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return bel_fail_errno(child->err, errno, "cannot read the touches");
		if (n == 0)
			break;
		length += (size_t)n;
	}
	return (int)(length / sizeof(*child->touch));
}

static int touch_all(struct child *child)
{
	uint64_t done = 0;
	int n;

	while ((n = receive(child)) > 0)
		for (int i = 0; i < n; i++) {
			const uint32_t touch = child->touch[i];
			volatile uint32_t *const word =
				(volatile uint32_t *)(child->memory +
						      (touch >> 1) * child->page_bytes);

			if (touch & 1)
				*word = touch;
			else
				(void)*word;
			if (++done % BEL_TOUCHER_EVERY == 0 && sample(child) < 0)
				return BEL_FAIL;
		}
	child->touched->touches = done;
	return n < 0 ? n : sample(child);
}

static void subtract(
	struct bel_touched *touched, const struct counts *before, const struct counts *after)
{
	touched->major_faults = (uint64_t)(after->usage.ru_majflt - before->usage.ru_majflt);
	touched->minor_faults = (uint64_t)(after->usage.ru_minflt - before->usage.ru_minflt);
	touched->cpu_seconds =
		(double)(bel_cpu_ns(&after->usage) - bel_cpu_ns(&before->usage)) / 1e9;
	touched->machine_wide =
		after->group.swapped_in == UINT64_MAX || after->group.swapped_out == UINT64_MAX;
	if (touched->machine_wide) {
		touched->swapped_in = after->in - before->in;
		touched->swapped_out = after->out - before->out;
	} else {
		touched->swapped_in = after->group.swapped_in - before->group.swapped_in;
		touched->swapped_out = after->group.swapped_out - before->group.swapped_out;
	}
	touched->refaults = after->group.refaults == UINT64_MAX
				    ? UINT64_MAX
				    : after->group.refaults - before->group.refaults;
}

int bel_toucher_child(
	const struct bel_toucher *setup, int in, pid_t parent, struct toucher_shared *shared)
{
	struct counts before, after;
	struct child child = {
		.setup = setup,
		.touched = &shared->touched,
		.err = &shared->err,
		.page_bytes = (uint64_t)sysconf(_SC_PAGESIZE),
		.in = in,
		.stat = -1,
	};

	memset(&before, 0, sizeof(before));
	memset(&after, 0, sizeof(after));
	if (prepare(&child, parent) < 0 || enter(&child) < 0 || count(&child, &before) < 0 ||
		touch_all(&child) < 0 || count(&child, &after) < 0)
		return 1;
	subtract(&shared->touched, &before, &after);
	shared->touched.mean_resident_pages = (double)child.resident_sum / (double)child.samples;
	shared->done = true;
	return 0;
}
