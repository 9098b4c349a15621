/* SPDX-License-Identifier: MIT */
/* live_pager_trace.c: stores a trace for bel-live pager, and replays it. */
#include "live_pager_trace.h"

#include <stdio.h>
#include <stdlib.h>

#include "number.h"
#include "progress.h"
#include "temp_folder.h"

int live_pager_read(struct live_pager_job *job, struct bel_source *source, const char *name,
	struct bel_err *err)
{
	const struct bel_next_uses_setup keep = {
		.memory = job->memory, .dir = temp_folder(TEMP_LARGE)};
	struct bel_progress progress;
	struct bel_chunk chunk;
	uint64_t references = 0;
	int r = BEL_FAIL;

	job->trace = bel_next_uses_new(&keep, err);
	bel_progress_start(&progress, stderr, name, !job->quiet);
	while (job->trace && (r = bel_source_next(source, &chunk, err)) > 0) {
		r = bel_next_uses_add(job->trace, chunk.runs, chunk.count, err);
		if (r < 0)
			break;
		references = chunk.now + chunk.references;
		bel_progress_update(&progress, references, bel_source_fraction(source));
	}
	bel_progress_end(&progress);
	if (r < 0)
		return BEL_FAIL;
	bel_run_trace_identify(&job->identity, source, references);
	job->setup.pages = (uint32_t)job->identity.identity.pages;
	return bel_parse_frames(
		job->frame_list, job->setup.pages, &job->frames, &job->frame_count, err);
}

/* Configuration `index`: in the order of the policies, then of the frames. */
static bool configuration(struct live_pager_job *job, size_t index)
{
	for (size_t i = 0; i < job->spec_count; i++) {
		const bool variable = job->specs[i].policy->caps & BEL_POLICY_VARIABLE;
		const size_t count = variable ? 1 : job->frame_count;

		job->setup.spec = &job->specs[i];
		job->setup.frames = variable ? 0 : job->frames[index < count ? index : 0];
		if (index < count)
			return true;
		index -= count;
	}
	return false;
}

/* A process replays one. */
int live_pager_replay(struct live_pager_job *job, struct bel_err *err)
{
	bool future = false;

	for (size_t i = 0; configuration(job, i); i++) {
		if (i && job->setup.list)
			return bel_usage(
				err, "--list-faults: give one policy and one number of frames");
		if (bel_pager_check(&job->setup, err) < 0)
			return BEL_USAGE;
		future |= job->setup.spec->policy->caps & BEL_POLICY_FUTURE;
	}
	if (future && bel_next_uses_compute(job->trace, err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; configuration(job, i); i++) {
		struct bel_pager_result result;

		if (bel_pager_run(&job->setup, job->trace, &result, err) < 0 ||
			bel_pager_record_emit(job->emit, &job->identity, &job->setup, &result,
				job->timing, err) < 0)
			return BEL_FAIL;
	}
	return 0;
}

void live_pager_release(struct live_pager_job *job)
{
	free(job->frames);
	bel_next_uses_free(job->trace);
}
