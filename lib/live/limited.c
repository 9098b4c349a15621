/* SPDX-License-Identifier: MIT */
/* limited.c: a program under a memory limit. */
#include "limited.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cpu_time.h"
#include "waiting.h"

#define INTERVAL_MS 1

struct running {
	const struct bel_limited *setup;
	struct bel_limited_counts *counts;
	int stat;
	uint64_t page_bytes, kernel_bytes;
	uint64_t samples, anonymous_sum, file_sum;
	uint64_t machine_in, machine_out; /* swapped by the whole machine before the start */
	char text[BEL_KERNEL_TEXT];
};

/* In the new process; returns if the program cannot be started. */
static void start(const struct bel_limited *setup, pid_t parent, struct bel_err *err)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		bel_fail(err, "bel-live ended");
	else if (prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0))
		bel_fail_errno(err, errno, "cannot switch huge pages off");
	else if (setup->output >= 0 && dup2(setup->output, STDOUT_FILENO) < 0)
		bel_fail_errno(err, errno, "cannot redirect standard output");
	/* Before it enters: the mounts are no memory of the program. */
	else if (setup->copies && bel_copies_mount(setup->copies, err) < 0)
		return;
	else if (bel_cgroup_enter(setup->group, getpid(), err) == 0) {
		sigprocmask(SIG_SETMASK, &setup->mask, NULL);
		execvp(setup->argv[0], setup->argv);
		bel_fail_errno(err, errno, "%s: cannot run it", setup->argv[0]);
	}
}

/* Lets the limit follow the kernel memory. */
static int follow(struct running *running, struct bel_err *err)
{
	const struct bel_limited *const setup = running->setup;
	struct bel_err why;
	uint64_t bytes;

	if (bel_cgroup_kernel_bytes(setup->group, &bytes, err) < 0)
		return BEL_FAIL;
	if (bytes > running->counts->peak_kernel_bytes)
		running->counts->peak_kernel_bytes = bytes;
	if (bytes == running->kernel_bytes)
		return 0;
	/* EBUSY: the memory could not be reduced so fast. The next call tries it again. */
	if (bel_cgroup_limit(setup->group, bytes + setup->frames * running->page_bytes, &why) < 0)
		return why.error == EBUSY ? 0 : bel_fail(err, "%s", why.text);
	running->kernel_bytes = bytes;
	return 0;
}

static int sample(struct running *running, struct bel_cgroup_counts *of, struct bel_err *err)
{
	struct bel_limited_counts *const counts = running->counts;

	bel_cgroup_refresh_below(running->setup->group);
	if (bel_kernel_reread(running->stat, running->text, sizeof(running->text)) <= 0)
		return bel_fail_errno(
			err, errno, "%s/memory.stat: cannot read", running->setup->group->path);
	bel_cgroup_parse(running->setup->group, running->text, of);
	if (of->anonymous == UINT64_MAX || of->file == UINT64_MAX || of->faults == UINT64_MAX ||
		of->major_faults == UINT64_MAX)
		return bel_fail(err, "%s/memory.stat: it has no count of memory or faults",
			running->setup->group->path);
	running->samples++;
	running->anonymous_sum += of->anonymous / running->page_bytes;
	running->file_sum += of->file / running->page_bytes;
	if (of->anonymous / running->page_bytes > counts->peak_anonymous_pages)
		counts->peak_anonymous_pages = of->anonymous / running->page_bytes;
	if (of->file / running->page_bytes > counts->peak_file_pages)
		counts->peak_file_pages = of->file / running->page_bytes;
	return 0;
}

/* Until the program ends. */
static int watch(struct running *running, struct bel_waiting waiting, struct bel_err *err)
{
	struct bel_cgroup_counts of;
	int r;

	do {
		if (sample(running, &of, err) < 0 || follow(running, err) < 0)
			return BEL_FAIL;
		r = bel_wait_for(waiting, -1, INTERVAL_MS, err);
	} while (r == BEL_WAIT_OVER);
	return r < 0 ? r : 0;
}

static double since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

/* Swapped pages of the group, or of the machine if this kernel does not count them for a group. */
static int count_swaps(
	struct running *running, const struct bel_cgroup_counts *of, struct bel_err *err)
{
	struct bel_limited_counts *const counts = running->counts;
	uint64_t in, out;

	counts->swapped_in = of->swapped_in;
	counts->swapped_out = of->swapped_out;
	counts->machine_wide = of->swapped_in == UINT64_MAX || of->swapped_out == UINT64_MAX;
	if (!counts->machine_wide)
		return 0;
	if (bel_kernel_swap_counts("", running->text, &in, &out, err) < 0)
		return BEL_FAIL;
	counts->swapped_in = in - running->machine_in;
	counts->swapped_out = out - running->machine_out;
	return 0;
}

/* Waits for the program, and takes the counts of the group. */
static int finish(struct running *running, pid_t pid, struct bel_err *err)
{
	struct bel_limited_counts *const counts = running->counts;
	struct bel_cgroup_counts of;
	struct rusage usage;

	while (wait4(pid, &counts->status, 0, &usage) < 0)
		if (errno != EINTR)
			return bel_fail_errno(err, errno, "cannot wait for the program");
	counts->cpu_seconds = (double)bel_cpu_ns(&usage) / 1e9;
	if (sample(running, &of, err) < 0)
		return BEL_FAIL;
	counts->mean_anonymous_pages = (double)running->anonymous_sum / (double)running->samples;
	counts->mean_file_pages = (double)running->file_sum / (double)running->samples;
	counts->major_faults = of.major_faults;
	counts->minor_faults = of.faults - of.major_faults;
	counts->refaults = of.refaults;
	counts->file_refaults = of.file_refaults;
	counts->out_of_memory = bel_cgroup_out_of_memory(running->setup->group);
	return count_swaps(running, &of, err);
}

static int run(struct running *running, struct bel_err *started, struct bel_err *err)
{
	struct bel_waiting waiting = {.interrupt = running->setup->interrupt};
	const pid_t parent = getpid();
	struct timespec begin;
	pid_t pid;
	int r;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	if (follow(running, err) < 0 ||
		bel_kernel_swap_counts(
			"", running->text, &running->machine_in, &running->machine_out, err) < 0)
		return BEL_FAIL;
	pid = fork();
	if (pid < 0)
		return bel_fail_errno(err, errno, "cannot start a process");
	if (!pid) {
		start(running->setup, parent, started);
		_exit(127);
	}
	r = bel_wait_open(&waiting, pid, err);
	r = r < 0 ? r : watch(running, waiting, err);
	bel_wait_close(&waiting);
	running->counts->elapsed_seconds = since(&begin);
	if (r < 0) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		return r;
	}
	r = finish(running, pid, err);
	if (r == 0 && started->code) {
		*err = *started;
		return BEL_FAIL;
	}
	return r;
}

int bel_limited_run(
	const struct bel_limited *setup, struct bel_limited_counts *counts, struct bel_err *err)
{
	struct bel_err *const started = mmap(
		NULL, sizeof(*started), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct running *const running = calloc(1, sizeof(*running));
	struct bel_err removal;
	int r;

	*counts = (struct bel_limited_counts){.status = 0};
	if (started == MAP_FAILED || !running)
		r = bel_err_memory(err, "a program");
	else if ((r = setup->copies ? bel_copies_drop(setup->copies, err) : 0) == 0 &&
		 (r = bel_cgroup_make(setup->group, err)) == 0) {
		running->setup = setup;
		running->counts = counts;
		running->page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
		running->kernel_bytes = UINT64_MAX;
		running->stat = bel_cgroup_open_stat(setup->group, err);
		r = running->stat < 0 ? BEL_FAIL : run(running, started, err);
		if (running->stat >= 0)
			close(running->stat);
		if (bel_cgroup_remove(setup->group, &removal) < 0 && r == 0)
			r = bel_fail(err, "%s", removal.text);
	}
	if (started != MAP_FAILED)
		munmap(started, sizeof(*started));
	free(running);
	return r;
}
