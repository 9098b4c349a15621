/* SPDX-License-Identifier: MIT */
/*
 * live_pager_trace.h: one trace of bel-live pager: it is stored, then replayed with each policy and
 * each number of frames.
 *
 *	live_pager_read(&job, source, "bel-live pager", &err);
 *	live_pager_replay(&job, &err);
 *	live_pager_release(&job);
 */
#ifndef BEL_LIVE_PAGER_TRACE_H
#define BEL_LIVE_PAGER_TRACE_H

#include "pager.h"
#include "pager_record.h"
#include "source.h"

struct live_pager_job {
	/* What to do: the caller's. */
	const struct bel_policy_spec *specs;
	size_t spec_count;
	const char *frame_list;
	uint64_t memory; /* for the trace; the rest goes to a file */
	bool timing, quiet;
	struct bel_emit *emit;
	struct bel_pager_setup setup; /* but for the policy and the frames */
	struct bel_run_trace identity;

	/* The trace, and the numbers of frames. */
	struct bel_next_uses *trace;
	uint64_t *frames;
	size_t frame_count;
};

/* `name`: of the progress line. */
int live_pager_read(struct live_pager_job *job, struct bel_source *source, const char *name,
	struct bel_err *err);

/* All configurations are checked before the first runs. Each is a record. */
int live_pager_replay(struct live_pager_job *job, struct bel_err *err);

/* Frees the trace and the numbers of frames. */
void live_pager_release(struct live_pager_job *job);

#endif
