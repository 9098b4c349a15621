/* SPDX-License-Identifier: MIT */
/* curve_record.c: finished jobs as records. */
#include "curve_record.h"

#include <stdlib.h>
#include <string.h>

#include "curve_interval.h"
#include "tool.h"

static void add_trace(
	struct bel_record *r, const struct curve_run *run, const struct curve_stream *stream)
{
	bel_record_open(r, "trace");
	bel_record_text(r, "name", bel_source_title(run->source));
	bel_record_text(r, "digest", stream->digest);
	bel_record_count(r, "references", stream->now);
	bel_record_count(r, "pages", stream->pages);
	bel_record_count(r, "page_bytes", stream->page_bytes);
	bel_record_close(r);
}

/* The policy's parameters, but for the window, which is the curve's x. */
static void add_params(struct bel_record *r, const struct curve_job *job)
{
	const struct bel_policy_spec *spec = job->want->spec;

	bel_record_open(r, "params");
	for (size_t i = 0; spec && i < bel_policy_params(spec->policy); i++) {
		const struct bel_param *param = &spec->policy->params[i];
		const double value = spec->param[i];

		if (job->windows && !strcmp(param->name, "tau"))
			continue;
		if (param->type == BEL_PARAM_SWITCH)
			bel_record_flag(r, param->name, value != 0);
		else if (param->type == BEL_PARAM_INTEGER && value >= 0)
			bel_record_count(r, param->name, (uint64_t)value);
		else
			bel_record_real(r, param->name, value);
	}
	bel_record_close(r);
}

/* The members that records of curves and of their phases begin with. */
static struct bel_record *new_record(const char *schema, const char *tool,
	const struct curve_run *run, const struct curve_job *job)
{
	struct bel_record *r = bel_record_new(schema);

	bel_record_text(r, "tool", tool);
	bel_record_text(r, "version", BEL_VERSION);
	add_trace(r, run, &run->stream[job->stream]);
	bel_record_text(r, "policy", job->want->name);
	add_params(r, job);
	bel_record_text(r, "algorithm", job->curve.algorithm);
	bel_record_flag(r, "exact", job->curve.exact);
	bel_record_flag(r, "partial", run->partial);
	return r;
}

static int emit_curve(struct bel_emit *emit, const char *tool, const struct curve_run *run,
	const struct curve_job *job, struct bel_err *err)
{
	const struct bel_curve *curve = &job->curve;
	struct bel_record *r = new_record("belady.curve/1", tool, run, job);

	bel_record_count(r, "compulsory_faults", curve->compulsory);
	bel_record_counts(r, curve->windows ? "tau" : "frames", curve->x, curve->count);
	bel_record_counts(r, "faults", curve->faults, curve->count);
	if (curve->low && curve->high) {
		bel_record_counts(r, "faults_low", curve->low, curve->count);
		bel_record_counts(r, "faults_high", curve->high, curve->count);
	}
	if (curve->writebacks)
		bel_record_counts(r, "writebacks", curve->writebacks, curve->count);
	if (curve->mean_resident)
		bel_record_reals(r, "mean_resident_pages", curve->mean_resident, curve->count);
	return bel_emit(emit, r, err);
}

static int emit_intervals(struct bel_emit *emit, const char *tool, const struct curve_run *run,
	const struct curve_job *job, struct bel_err *err)
{
	struct curve_interval interval;
	int r;

	for (size_t i = 0; (r = curve_interval_at(job, i, &interval, err)) > 0; i++) {
		const struct bel_curve *end = interval.end;
		struct bel_record *record = new_record("belady.curve-interval/1", tool, run, job);

		bel_record_count(record, "interval", i);
		bel_record_count(record, "start_reference", interval.start);
		bel_record_count(record, "references", interval.references);
		bel_record_counts(record, end->windows ? "tau" : "frames", end->x, end->count);
		bel_record_counts(record, "faults", interval.faults, end->count);
		if (interval.writebacks)
			bel_record_counts(record, "writebacks", interval.writebacks, end->count);
		free(interval.faults);
		free(interval.writebacks);
		r = bel_emit(emit, record, err);
		if (r < 0)
			break;
	}
	return r;
}

int curve_record_emit(struct bel_emit *emit, const char *tool, const struct curve_run *run,
	const struct curve_job *job, struct bel_err *err)
{
	const int r = emit_curve(emit, tool, run, job, err);

	return r < 0 ? r : emit_intervals(emit, tool, run, job, err);
}
