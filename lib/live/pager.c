/* SPDX-License-Identifier: MIT */
/* pager.c: what a pager can replay, and the process in which it does. */
#include "pager.h"

#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel_file.h"
#include "pager_replay.h"
#include "sim.h"

#define ENGINE_BYTES                                                                               \
	128 /* of the engine, a policy and the pager, for each page: more than any has */

int bel_pager_check(const struct bel_pager_setup *setup, struct bel_err *err)
{
	const char *const name = setup->spec->policy->name;
	struct bel_sim *sim = bel_pager_sim(setup, err);
	bool suffice;

	if (!sim)
		return err->code;
	suffice = bel_sim_bits_suffice(sim);
	bel_sim_free(sim);
	if (setup->exact)
		return 0;
	if (setup->spec->policy->caps & BEL_POLICY_FUTURE)
		return bel_usage(err,
			"%s: needs the next use of each reference, but a pager sees only those "
			"that "
			"trap; with --exact every change of page traps",
			name);
	if (!suffice)
		return bel_usage(err,
			"%s: decides by hits%s, but a pager does not see them: the policy would do "
			"something else; with --exact every change of page traps",
			name, setup->spec->given ? " with these parameters" : "");
	return 0;
}

/* The memory that a run may need. */
static uint64_t bytes_for(const struct bel_pager_setup *setup)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	const uint64_t most =
		setup->frames && setup->frames < setup->pages ? setup->frames : setup->pages;

	return (most + setup->pages) * page + setup->pages * (uint64_t)ENGINE_BYTES;
}

static int check_room(const struct bel_pager_setup *setup, struct bel_err *err)
{
	const uint64_t needed = bytes_for(setup);
	uint64_t total, available;

	if (bel_kernel_memory("", &total, &available, err) < 0)
		return BEL_FAIL;
	if (needed <= available)
		return 0;
	return bel_too_much(err,
		"%s: the trace has %" PRIu32 " pages: their frames and the backing store may need "
		"%" PRIu64 " MiB, %" PRIu64 " MiB are available; take a larger --page-size or a "
		"part of the trace (--slice)",
		setup->spec->policy->name, setup->pages, needed >> 20, available >> 20);
}

/* The process ended: what it reported, or how it died. */
static int conclude(const struct bel_pager_setup *setup, const struct bel_pager_report *report,
	int status, struct bel_err *err)
{
	const char *const name = setup->spec->policy->name;
	const struct bel_err why = report->err;

	if (report->done)
		return 0;
	if (why.code)
		return bel_err_set(err, why.code, "%s: at reference %" PRIu64 ": %s", name,
			report->reference, why.text);
	if (WIFSIGNALED(status))
		return bel_fail(err,
			"%s: the pager's process was ended by signal %d (%s) at reference %" PRIu64,
			name, WTERMSIG(status), strsignal(WTERMSIG(status)), report->reference);
	return bel_fail(err, "%s: the pager's process ended at reference %" PRIu64, name,
		report->reference);
}

static int wait_for(pid_t child, int *status, struct bel_err *err)
{
	while (waitpid(child, status, 0) < 0)
		if (errno != EINTR)
			return bel_fail_errno(err, errno, "cannot wait for the pager's process");
	return 0;
}

static int run(const struct bel_pager_setup *setup, struct bel_next_uses *trace,
	struct bel_pager_report *report, struct bel_err *err)
{
	const pid_t parent = getpid();
	pid_t child;
	int status;

	if (setup->list && fflush(setup->list) == EOF)
		return bel_fail_errno(err, errno, "cannot write the list of faults");
	child = fork();
	if (child < 0)
		return bel_fail_errno(err, errno, "cannot start the pager's process");
	if (!child) {
		/* It does not outlive us. */
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
			_exit(-BEL_FAIL);
		bel_pager_replay(setup, trace, report);
	}
	if (wait_for(child, &status, err) < 0)
		return BEL_FAIL;
	return conclude(setup, report, status, err);
}

int bel_pager_run(const struct bel_pager_setup *setup, struct bel_next_uses *trace,
	struct bel_pager_result *result, struct bel_err *err)
{
	struct bel_pager_report *report;
	int r = bel_pager_check(setup, err);

	if (r < 0 || (r = check_room(setup, err)) < 0)
		return r;
	report = mmap(
		NULL, sizeof(*report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (report == MAP_FAILED)
		return bel_err_memory(err, "the pager's report");
	r = run(setup, trace, report, err);
	*result = report->result;
	munmap(report, sizeof(*report));
	return r;
}
