/* SPDX-License-Identifier: MIT */
/* program_record.c: programs under a memory limit as records. */
#include "program_record.h"

#include <sys/wait.h>

#include "policy_record.h"
#include "version.h"

/* Null if this kernel does not count it. */
static void add_counted(struct bel_record *r, const char *name, uint64_t value)
{
	bel_record_count_or_null(r, name, value, value != UINT64_MAX);
}

static void add_counts(struct bel_record *r, const struct bel_limited_counts *counts)
{
	const bool killed = WIFSIGNALED(counts->status);

	bel_record_count_or_null(r, "status", (uint64_t)WEXITSTATUS(counts->status), !killed);
	bel_record_count_or_null(r, "signal", (uint64_t)WTERMSIG(counts->status), killed);
	bel_record_count(r, "major_faults", counts->major_faults);
	bel_record_count(r, "minor_faults", counts->minor_faults);
	add_counted(r, "refaults", counts->refaults);
	add_counted(r, "file_refaults", counts->file_refaults);
	bel_record_count(r, "swapped_in", counts->swapped_in);
	bel_record_count(r, "swapped_out", counts->swapped_out);
	bel_record_count(r, "peak_anonymous_pages", counts->peak_anonymous_pages);
	bel_record_count(r, "peak_file_pages", counts->peak_file_pages);
	bel_record_count(r, "peak_kernel_bytes", counts->peak_kernel_bytes);
	bel_record_real(r, "mean_anonymous_pages", counts->mean_anonymous_pages);
	bel_record_real(r, "elapsed_seconds", counts->elapsed_seconds);
	bel_record_real(r, "cpu_seconds", counts->cpu_seconds);
}

/*
 * The policies' faults at this number of frames but for first references, which read nothing if the
 * page is anonymous, or is in memory. A page of a file that is not is read once.
 */
static int add_predictions(struct bel_record *r, const struct bel_sweep *sweep,
	const struct bel_program_run *run, struct bel_err *err)
{
	const struct bel_configuration *of;

	bel_record_open(r, "predicted_major_faults");
	for (size_t i = 0; sweep && (of = bel_sweep_at(sweep, i)); i++) {
		char text[BEL_POLICY_TEXT];

		if (of->frames != run->frames && of->frames != 0)
			continue;
		if (of->err.code) {
			*err = of->err;
			return BEL_FAIL;
		}
		bel_record_count(r, bel_policy_text(text, of->spec, NULL),
			of->tally.faults - of->tally.compulsory + run->file_pages);
	}
	bel_record_close(r);
	return 0;
}

/* What is known with copies only. A fault that swaps in reads one page: page-cluster is 0. */
static void add_files(
	struct bel_record *r, const struct bel_live_plan *plan, const struct bel_program_run *run)
{
	const struct bel_limited_counts *const counts = run->counts;
	const uint64_t kb =
		plan->need.keep_read_ahead ? plan->read_ahead.kb : plan->need.read_ahead_kb;

	bel_record_count(r, "file_major_faults",
		counts->major_faults > counts->swapped_in
			? counts->major_faults - counts->swapped_in
			: 0);
	bel_record_count(r, "file_pages", run->file_pages);
	bel_record_count(r, "copied_files", plan->need.copies->count);
	bel_record_count(r, "copied_bytes", plan->need.copies->bytes);
	bel_record_count_or_null(r, "read_ahead_bytes", kb << 10, kb != UINT64_MAX);
}

int bel_program_record_emit(struct bel_emit *emit, const struct bel_live_plan *plan,
	const struct bel_program_run *run, const struct bel_trace_identity *trace,
	const struct bel_sweep *sweep, struct bel_err *err)
{
	struct bel_record *r = bel_record_new("belady.live-program/1");

	bel_record_text(r, "tool", "bel-live");
	bel_record_text(r, "version", BEL_VERSION);
	if (trace)
		bel_trace_record(r, trace);
	bel_record_text(r, "command", run->command);
	bel_record_count(r, "frames", run->frames);
	bel_record_count(r, "repetition", run->repetition);
	add_counts(r, run->counts);
	if (sweep && add_predictions(r, sweep, run, err) < 0) {
		bel_record_free(r);
		return BEL_FAIL;
	}
	bel_live_record_machine(r, plan);
	bel_record_text(r, "swap_counts", run->counts->machine_wide ? "machine" : "group");
	bel_record_real(r, "mean_file_pages", run->counts->mean_file_pages);
	if (plan->need.copies)
		add_files(r, plan, run);
	return bel_emit(emit, r, err);
}
