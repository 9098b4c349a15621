/* SPDX-License-Identifier: MIT */
/*
 * live_session.h: the part of a bel-live command that changes the machine: from the first change to
 * its undoing.
 *
 *	live_session_root(&tool, dry_run);             ends the program if this is not root
 *	live_session_start(&tool, &need, dry_run);     with dry_run: prints the plan and ends
 *	r = bel_toucher_run(... live_session_interrupt() ...);
 *	live_session_check(&tool, r);                  undoes everything and ends if it failed
 *	live_session_end(&tool);
 *
 * Between start and end, the signals that end a program from outside are blocked and make
 * live_session_interrupt() readable, but for SIGKILL and those that the caller ignores. Everything
 * is undone, too, if the program calls exit().
 *
 * Like all code in cmd, these functions print and exit.
 */
#ifndef BEL_LIVE_SESSION_H
#define BEL_LIVE_SESSION_H

#include <signal.h>

#include "live_plan.h"
#include "tool.h"

/* The row of an option table for `dry_run`. */
#define LIVE_DRY_RUN_OPTION(VALUE)                                                                 \
	{                                                                                          \
		"dry-run", 'n', NULL, "print what would be changed on this machine, and end",      \
			BEL_OPT_FLAG, &(VALUE)                                                     \
	}

void live_session_root(struct tool *tool, bool dry_run);
const struct bel_live_plan *live_session_start(
	struct tool *tool, const struct bel_live_need *need, bool dry_run);
int live_session_interrupt(void);
void live_session_check(struct tool *tool, int r);
void live_session_end(struct tool *tool);

/* The signal mask from before the session, for programs that are started. */
const sigset_t *live_session_mask(void);

#endif
