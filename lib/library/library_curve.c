/* SPDX-License-Identifier: MIT */
/* library_curve.c: whole curves. */
#include <stdlib.h>
#include <string.h>

#include "curve_record.h"
#include "library.h"

enum { FAULT_REFERENCES = 100000 }; /* bel-curve's default cost of a fault */
#define STEP 0.005                  /* bel-curve's default of --step */

struct bel_curve_points {
	struct bel_curve curve;
};

/* One call of the library. */
struct call {
	struct bel_settings settings;
	struct bel_curve_request request;
	struct bel_source *source;
	struct bel_curve_run curves;
	bool ran;
};

static void release(struct call *call, struct bel_trace *trace)
{
	if (call->ran)
		bel_curve_run_release(&call->curves);
	if (call->source)
		bel_library_give_back(trace, call->source, true);
	bel_curve_request_release(&call->request);
}

static void fill_request(struct bel_curve_request *request, const struct bel_settings *settings)
{
	const struct bel_pass_setup pass = bel_library_pass(settings);

	request->step = STEP;
	request->interval = settings->interval;
	request->seed = settings->seed;
	request->fault_references = FAULT_REFERENCES;
	request->threads = pass.threads;
	request->keep = pass.keep;
	request->progress = pass.progress;
	request->progress_host = pass.progress_host;
}

/* The caller releases *call, also after an error. */
static int parse(struct call *call, const char *policies, const char *frames,
	const struct bel_settings *settings, struct bel_err *err)
{
	struct bel_curve_request *const request = &call->request;
	int r = bel_library_settings(&call->settings, settings, err);

	if (r == BEL_OK)
		r = bel_specs_parse_own(
			policies, call->settings.policies, &request->policy, &request->specs, err);
	if (r < 0)
		return r;
	fill_request(request, &call->settings);
	request->frames = frames ? frames : "all";
	return bel_curve_request_parse(request, NULL, NULL, err);
}

/* Reads the trace. */
static int run(struct call *call, struct bel_trace *trace, struct bel_err *err)
{
	call->source = bel_library_take(trace, 0, false, err);
	if (!call->source)
		return err->code;
	call->ran = true;
	return bel_curve_run(&call->curves, &call->request, call->source, err);
}

int bel_curve(struct bel_curve_points **points, struct bel_trace *trace, const char *policy,
	const char *frames, const struct bel_settings *settings, struct bel_err *err)
{
	struct call call = {.source = NULL};
	struct bel_curve_points *made = calloc(1, sizeof(*made));
	struct bel_err ignored;
	int r;

	err = err ? err : &ignored;
	*points = NULL;
	if (!made)
		return bel_err_memory(err, "a curve");
	r = parse(&call, policy, frames, settings, err);
	if (r == BEL_OK && call.request.specs > 1)
		r = bel_usage(err, "'%s': more than one policy; bel_curve_records() takes several",
			policy);
	if (r == BEL_OK)
		r = run(&call, trace, err);
	if (r == BEL_OK && call.curves.job->err.code) {
		*err = call.curves.job->err;
		r = err->code;
	} else if (r == BEL_OK) {
		/* The caller owns the points from here on. */
		made->curve = call.curves.job->curve;
		memset(&call.curves.job->curve, 0, sizeof(call.curves.job->curve));
		*points = made;
		made = NULL;
	}
	free(made);
	release(&call, trace);
	return r;
}

size_t bel_curve_points_count(const struct bel_curve_points *points)
{
	return points->curve.count;
}

int bel_curve_points_at(
	const struct bel_curve_points *points, size_t index, struct bel_curve_point *point)
{
	const struct bel_curve *const curve = &points->curve;
	struct bel_curve_point all = {.size = sizeof(all)};

	if (index >= curve->count)
		return 0;
	all.windowed = curve->windows;
	all.x = curve->x[index];
	all.faults = curve->faults[index];
	all.writebacks = curve->writebacks ? curve->writebacks[index] : UINT64_MAX;
	all.mean_resident_pages = curve->mean_resident ? curve->mean_resident[index] : -1;
	bel_library_answer(point, &all, sizeof(all));
	return 1;
}

void bel_curve_points_free(struct bel_curve_points *points)
{
	if (!points)
		return;
	bel_curve_release(&points->curve);
	free(points);
}

/* Emits the curves that did not fail, and returns the first error of the others. */
static int emit_all(const struct bel_curve_run *curves, struct bel_emit *emit, struct bel_err *err)
{
	const struct bel_err *failed = NULL;
	int r = BEL_OK;

	for (size_t i = 0; r == BEL_OK && i < curves->jobs; i++) {
		const struct bel_curve_job *const job = &curves->job[i];

		if (!job->err.code)
			r = bel_curve_record_emit(emit, LIBRARY_NAME, curves, job, err);
		else if (!failed)
			failed = &job->err;
	}
	if (r == BEL_OK && failed) {
		*err = *failed;
		r = failed->code;
	}
	return r;
}

int bel_curve_records(struct bel_trace *trace, const char *policies, const char *frames,
	const struct bel_settings *settings, bel_record_taker take, void *host, struct bel_err *err)
{
	struct call call = {.source = NULL};
	struct bel_emit *emit = NULL;
	struct bel_err ignored;
	int r;

	err = err ? err : &ignored;
	r = parse(&call, policies, frames, settings, err);
	if (r == BEL_OK)
		r = run(&call, trace, err);
	if (r == BEL_OK)
		r = bel_emit_open_taker(&emit, take, host, err);
	if (r == BEL_OK)
		r = emit_all(&call.curves, emit, err);
	bel_emit_close(emit, NULL);
	release(&call, trace);
	return r;
}
