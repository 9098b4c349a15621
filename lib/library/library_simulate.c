/* SPDX-License-Identifier: MIT */
/* library_simulate.c: simulates policies with numbers of frames. */
#include <inttypes.h>
#include <stdio.h>

#include "library.h"
#include "run_record.h"

/* One call of the library. */
struct call {
	struct bel_settings settings;
	struct bel_policy_spec *specs;
	size_t spec_count;
	struct bel_source *source;
	struct bel_sweep *sweep;
	struct bel_sweep_setup setup;
};

static void release(struct call *call, struct bel_trace *trace)
{
	bel_sweep_free(call->sweep);
	if (call->source)
		bel_library_give_back(trace, call->source, true);
	bel_specs_free(call->specs, call->spec_count);
}

/* Checks that there is one policy, and that it can run with this number of frames. */
static int check_one(
	const struct call *call, const char *policy, uint64_t frames, struct bel_err *err)
{
	if (call->spec_count > 1)
		return bel_usage(err,
			"'%s': more than one policy; bel_simulate_records() takes several", policy);
	if (!frames && !bel_specs_variable(call->specs, call->spec_count))
		return bel_usage(err, "%s: needs at least one frame", policy);
	return BEL_OK;
}

/* The caller releases *call, also after an error. */
static int parse(struct call *call, const char *policies, const struct bel_settings *settings,
	struct bel_err *err)
{
	const int r = bel_library_settings(&call->settings, settings, err);

	return r < 0 ? r
		     : bel_specs_parse_own(policies, call->settings.policies, &call->specs,
			       &call->spec_count, err);
}

/* Reads the trace. */
static int run(struct call *call, struct bel_trace *trace, const char *frames, struct bel_err *err)
{
	call->setup = (struct bel_sweep_setup){
		.specs = call->specs,
		.spec_count = call->spec_count,
		.frames = frames,
		.seed = call->settings.seed,
		.pass = bel_library_pass(&call->settings),
	};
	call->source = bel_library_take(trace, 0, false, err);
	if (!call->source)
		return err->code;
	call->sweep = bel_sweep_new(&call->setup, err);
	return call->sweep ? bel_sweep_source(call->sweep, call->source, err) : BEL_FAIL;
}

static void count(const struct bel_configuration *configuration, struct bel_counts *counts)
{
	const struct bel_tally tally = configuration->tally;
	struct bel_counts all = {.size = sizeof(all)};

	all.references = tally.references;
	all.hits = tally.references - tally.faults;
	all.faults = tally.faults;
	all.compulsory_faults = tally.compulsory;
	all.evictions = tally.evictions;
	all.writebacks = tally.writebacks;
	all.dirty_at_end = configuration->dirty;
	all.peak_resident_pages = tally.peak;
	if (tally.references)
		all.mean_resident_pages =
			(double)tally.resident_page_references / (double)tally.references;
	bel_library_answer(counts, &all, sizeof(all));
}

int bel_simulate(struct bel_trace *trace, const char *policy, uint64_t frames,
	const struct bel_settings *settings, struct bel_counts *counts, struct bel_err *err)
{
	struct call call = {.specs = NULL};
	const struct bel_configuration *configuration;
	struct bel_err ignored;
	char text[24];
	int r;

	err = err ? err : &ignored;
	r = parse(&call, policy, settings, err);
	if (r == BEL_OK)
		r = check_one(&call, policy, frames, err);
	/* Variable-space policies ignore the frames, but the sweep needs a number. */
	snprintf(text, sizeof(text), "%" PRIu64, frames ? frames : 1);
	if (r == BEL_OK)
		r = run(&call, trace, text, err);
	configuration = r == BEL_OK ? bel_sweep_at(call.sweep, 0) : NULL;
	if (configuration && configuration->err.code) {
		*err = configuration->err;
		r = err->code;
	} else if (configuration) {
		count(configuration, counts);
	}
	release(&call, trace);
	return r;
}

/* Emits the configurations that did not fail, and returns the first error of the others. */
static int emit_all(struct call *call, struct bel_emit *emit, struct bel_err *err)
{
	struct bel_run_trace identity = {.tool = LIBRARY_NAME, .seed = call->settings.seed};
	const struct bel_configuration *of;
	const struct bel_err *failed = NULL;
	int r = BEL_OK;

	bel_run_trace_identify(&identity, call->source, bel_sweep_references(call->sweep));
	r = bel_run_marks_emit(emit, &identity, call->sweep, err);
	for (size_t i = 0; r == BEL_OK && (of = bel_sweep_at(call->sweep, i)); i++) {
		if (!of->err.code)
			r = bel_run_record_emit(emit, &identity, call->sweep, i, err);
		else if (!failed)
			failed = &of->err;
	}
	if (r == BEL_OK && failed) {
		*err = *failed;
		r = failed->code;
	}
	return r;
}

int bel_simulate_records(struct bel_trace *trace, const char *policies, const char *frames,
	const struct bel_settings *settings, bel_record_taker take, void *host, struct bel_err *err)
{
	struct call call = {.specs = NULL};
	struct bel_emit *emit = NULL;
	struct bel_err ignored;
	int r;

	err = err ? err : &ignored;
	r = parse(&call, policies, settings, err);
	if (r == BEL_OK)
		r = run(&call, trace, frames, err);
	if (r == BEL_OK)
		r = bel_emit_open_taker(&emit, take, host, err);
	if (r == BEL_OK)
		r = emit_all(&call, emit, err);
	bel_emit_close(emit, NULL);
	release(&call, trace);
	return r;
}
