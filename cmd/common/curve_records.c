/* SPDX-License-Identifier: MIT */
/* curve_records.c: emits the jobs of a run as records, and their failures as messages. */
#include "curve_records.h"

#include "curve_record.h"
#include "curve_sample.h"
#include "sample.h"
#include "tool_output.h"

const char *const bel_curve_columns[] = {"@trace", "?trace.page_bytes=page_bytes", "spec=policy",
	"sample.rate=sample", "?partial", "hit_share", "hit_ratio", "frames", "tau",
	"?at_knee=knee", "faults", "faults_low", "faults_high", "writebacks",
	"mean_resident_pages=mean_resident", "opt_frames", "memory_over_opt", NULL};

void bel_curve_records_summarise(struct bel_emit *emit, bool frames, bool windows)
{
	bel_emit_summarise(emit, (struct bel_emit_summary){.frames = frames, .tau = windows});
}

void bel_curve_records_tell(const struct tool *tool)
{
	const struct bel_emit_notes *const notes = output_notes();

	if (notes->points)
		tool_note(tool, "%zu of %zu points are shown; --all shows all", notes->shown,
			notes->points);
}

/* Warns of each curve that has no band at some sizes, and says why. */
static void warn_of_bands(struct tool *tool, const struct bel_curve_run *run)
{
	for (size_t i = 0; i < run->jobs; i++) {
		const struct bel_curve *curve = &run->job[i].curve;

		if (!curve->no_band || run->job[i].err.code)
			continue;
		if (curve->band_from == UINT64_MAX)
			tool_warn(tool, "%s: no band: %s", run->job[i].spec->name, curve->no_band);
		else
			tool_warn(tool, "%s: no band below %llu frames: %s", run->job[i].spec->name,
				(unsigned long long)curve->band_from, curve->no_band);
	}
}

int bel_curve_records_emit(
	struct tool *tool, struct bel_emit *emit, const struct bel_curve_run *run)
{
	const char *const name = tool->command->name;
	int failed = 0;

	if (run->partial)
		tool_warn(tool, "interrupted: the curves cover the first %llu references",
			(unsigned long long)bel_stream_references(run->size[0].whole));
	if (bel_curve_sample_doubtful(run))
		tool_warn(tool,
			"sampled from %u pages: samples of fewer than %d pages are not reliable",
			bel_stream_pages(run->size[run->sizes - 1].whole), BEL_SAMPLE_TRUSTED);
	warn_of_bands(tool, run);
	for (size_t i = 0; i < run->jobs; i++) {
		const struct bel_curve_job *job = &run->job[i];

		if (job->err.code) {
			failed++;
			tool_warn(tool, "%s", job->err.text);
		} else if (bel_curve_record_emit(emit, name, run, job, &tool->err) < 0 ||
			   bel_requests_record_emit(emit, name, run, job, &tool->err) < 0) {
			tool_die(tool);
		}
	}
	return failed;
}
