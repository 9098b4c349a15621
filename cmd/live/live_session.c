/* SPDX-License-Identifier: MIT */
/* live_session.c: from the first change of the machine to its undoing. */
#include "live_session.h"

#include <stdlib.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

static struct {
	bool open;
	struct bel_live_plan plan;
	struct bel_changes changes;
	sigset_t mask; /* before */
	int interrupt;
} session = {.interrupt = -1};

void live_session_root(struct tool *tool, bool dry_run)
{
	if (!dry_run && geteuid() != 0)
		tool_fail(tool,
			"this needs root, for a memory cgroup and a swap area: run it with sudo; "
			"--dry-run prints what it would change");
}

static void print_plan(const struct bel_live_plan *plan)
{
	char line[BEL_KERNEL_PATH + 100];

	puts("as root, this would:");
	for (unsigned i = 0; bel_live_plan_line(plan, i, line, sizeof(line)); i++)
		printf("  %s\n", line);
}

/* Waits until no other bel-live has the lock. Nothing is changed yet, so a signal may end it. */
static void wait_for_lock(struct tool *tool)
{
	const struct timespec pause = {.tv_nsec = 200000000};
	bool told = false;
	int r;

	while ((r = bel_changes_open(&session.changes, "", &tool->err)) == BEL_NO) {
		if (!told)
			tool_warn(tool, "%s; waiting until it ends", tool->err.text);
		told = true;
		nanosleep(&pause, NULL);
	}
	tool_check(tool, r);
	if (session.changes.left) {
		bel_changes_close(&session.changes);
		tool_fail(tool, "an earlier bel-live was killed: undo what it left with 'bel-live "
				"clean'");
	}
}

/*
 * All signals that end a program from outside, but for those that the caller ignores (nohup): blocked,
 * they would be received.
 */
static void block_signals(struct tool *tool)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGALRM, SIGUSR1,
		SIGUSR2, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF};
	struct sigaction now;
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		if (sigaction(signals[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
			sigaddset(&set, signals[i]);
	sigprocmask(SIG_BLOCK, &set, &session.mask);
	session.interrupt = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (session.interrupt < 0)
		tool_fail(tool, "cannot receive signals");
}

/* Undoes everything, once. A signal that came meanwhile ends the program then. */
static int undo(struct bel_err *err)
{
	int r;

	if (!session.open)
		return 0;
	session.open = false;
	r = bel_changes_undo(&session.changes, NULL, NULL, err);
	bel_changes_close(&session.changes);
	if (r == 0)
		sigprocmask(SIG_SETMASK, &session.mask, NULL);
	return r;
}

static void undo_at_exit(void)
{
	struct bel_err err;

	if (undo(&err) < 0)
		fprintf(stderr, "bel-live: %s\nbel-live: try 'bel-live clean'\n", err.text);
}

const struct bel_live_plan *live_session_start(
	struct tool *tool, const struct bel_live_need *need, bool dry_run)
{
	if (dry_run) {
		tool_check(tool, bel_live_plan(&session.plan, "", need, &tool->err));
		print_plan(&session.plan);
		exit(tool_finish(tool, 0));
	}
	/* First: what another bel-live has, its swap area, must be no part of the plan. */
	wait_for_lock(tool);
	if (bel_live_plan(&session.plan, "", need, &tool->err) < 0) {
		bel_changes_close(&session.changes);
		tool_die(tool);
	}
	block_signals(tool);
	session.open = true;
	if (atexit(undo_at_exit))
		tool_no_memory(tool, "the end of the program");
	tool_check(tool, bel_live_carry_out(&session.plan, &session.changes, &tool->err));
	return &session.plan;
}

int live_session_interrupt(void)
{
	return session.interrupt;
}

const sigset_t *live_session_mask(void)
{
	return &session.mask;
}

void live_session_check(struct tool *tool, int r)
{
	if (r != BEL_NO) {
		tool_check(tool, r);
		return;
	}
	/* The signal ends the program, so that the caller sees which it was. */
	live_session_end(tool);
	tool_fail(tool, "interrupted");
}

void live_session_end(struct tool *tool)
{
	tool_check(tool, undo(&tool->err));
}
