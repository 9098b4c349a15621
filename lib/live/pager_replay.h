/* SPDX-License-Identifier: MIT */
/*
 * pager_replay.h: replays a trace on the memory of a pager; only for the pager's files. It runs in
 * a process of its own and ends it, because a failure may be found inside a signal handler.
 */
#ifndef BEL_PAGER_REPLAY_H
#define BEL_PAGER_REPLAY_H

#include "pager.h"

/* What the process tells its parent, in memory that both share. */
struct bel_pager_report {
	struct bel_pager_result result;
	uint64_t reference; /* the one that is touched */
	bool done;          /* result is complete; otherwise err says why not, or its code is 0 */
	struct bel_err err;
};

void bel_pager_replay(const struct bel_pager_setup *setup, struct bel_next_uses *trace,
	struct bel_pager_report *report) __attribute__((noreturn));

/* The instance of the policy that a run uses. */
struct bel_sim *bel_pager_sim(const struct bel_pager_setup *setup, struct bel_err *err);

#endif
