/* SPDX-License-Identifier: MIT */
/* curve_record.c: finished jobs of curves as records. */
#include "curve_record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "curve_interval.h"
#include "hit_levels.h"
#include "lifetime.h"
#include "policy_record.h"
#include "sample.h"
#include "trace_record.h"
#include "version.h"

#define UNKNOWN BEL_NO_BAND /* a count that becomes null */

/* What all records of a curve begin with. */
struct start {
	const struct bel_trace_identity *trace;
	const struct bel_policy_spec *spec;
	const char *algorithm;
	bool windows, exact, partial;
};

static struct bel_record *start_record(
	const char *schema, const char *tool, const struct start *start)
{
	struct bel_record *r = bel_record_new(schema);

	bel_record_text(r, "tool", tool);
	bel_record_text(r, "version", BEL_VERSION);
	bel_trace_record(r, start->trace);
	/* The window is the curve's x. */
	bel_policy_record(r, start->spec, start->windows ? "tau" : NULL);
	bel_record_text(r, "algorithm", start->algorithm);
	bel_record_flag(r, "exact", start->exact);
	bel_record_flag(r, "partial", start->partial);
	return r;
}

static struct bel_trace_identity identify(
	const struct bel_curve_run *run, const struct bel_curve_size *size)
{
	return (struct bel_trace_identity){
		.name = bel_source_title(run->source),
		.file = bel_source_file(run->source),
		.digest = size->digest,
		.references = bel_stream_references(size->whole),
		.pages = bel_stream_pages(size->whole),
		.page_bytes = bel_stream_page_bytes(size->whole),
	};
}

/* The members that records of a job and of its phases begin with. */
static struct bel_record *new_record(const char *schema, const char *tool,
	const struct bel_curve_run *run, const struct bel_curve_job *job)
{
	const struct bel_trace_identity trace = identify(run, job->size);
	struct start start = {
		.trace = &trace,
		.spec = job->spec->spec,
		.algorithm = job->curve.algorithm,
		.windows = job->windows,
		.exact = job->curve.exact,
		.partial = run->partial,
	};
	const uint64_t least = job->stream == job->size->reduced ? job->size->min_frames : 0;
	char text[160];

	if (least) { /* not all runs were counted */
		snprintf(text, sizeof(text), "%s; trace reduced for %llu frames and more",
			job->curve.algorithm, (unsigned long long)least);
		start.algorithm = text;
	}
	return start_record(schema, tool, &start);
}

/* A point of the curve that stands out. */
static void add_point(
	struct bel_record *r, const char *name, const struct bel_curve *curve, size_t i)
{
	bel_record_open(r, name);
	bel_record_count(r, curve->windows ? "tau" : "frames", curve->x[i]);
	bel_record_real(r, "memory_pages", bel_lifetime_memory(curve, i));
	bel_record_count(r, "faults", curve->faults[i]);
}

/* What the curve says of how much memory to give. */
static void add_summary(
	struct bel_record *r, uint64_t fault_references, const struct bel_curve *curve)
{
	const double fault = (double)fault_references;
	const size_t knee = bel_lifetime_knee(curve), least = bel_space_time_least(curve, fault);

	add_point(r, "knee", curve, knee);
	bel_record_real(r, "lifetime", bel_lifetime_at(curve, knee));
	bel_record_close(r);
	add_point(r, "min_space_time", curve, least);
	bel_record_count(r, "fault_references", fault_references);
	bel_record_real(r, "page_references", bel_space_time_at(curve, least, fault));
	bel_record_close(r);
}

/* Which pages stand for all. */
static void add_sample(
	struct bel_record *r, const struct bel_curve_run *run, const struct bel_curve *curve)
{
	const struct bel_curve_sampling *sample = &run->how->sample;

	bel_record_open(r, "sample");
	bel_record_real(r, "rate", curve->sampled_rate);
	if (sample->pages)
		bel_record_count(r, "max_pages", sample->pages);
	bel_record_real(r, "mean_pages", curve->sampled_pages);
	bel_record_count(r, "seeds", sample->seeds);
	bel_record_count(r, "seed", run->how->seed);
	if (curve->no_band) {
		bel_record_text(r, "no_band", curve->no_band);
		if (curve->band_from != UINT64_MAX)
			bel_record_count(r, "band_from_frames", curve->band_from);
	}
	bel_record_close(r);
}

/* Adds counts, null where one is UNKNOWN. */
static void add_known(struct bel_record *r, const char *key, const uint64_t *value, size_t count)
{
	bel_record_open_array(r, key);
	for (size_t i = 0; i < count; i++)
		if (value[i] == UNKNOWN)
			bel_record_null(r, NULL);
		else
			bel_record_count(r, NULL, value[i]);
	bel_record_close(r);
}

static void add_points(
	struct bel_record *r, uint64_t fault_references, const struct bel_curve *curve)
{
	bel_record_counts(r, curve->windows ? "tau" : "frames", curve->x, curve->count);
	bel_record_counts(r, "faults", curve->faults, curve->count);
	if (curve->low && curve->high) {
		/* The ends of the band, where there is one. */
		add_known(r, "faults_low", curve->low, curve->count);
		add_known(r, "faults_high", curve->high, curve->count);
	}
	if (curve->writebacks)
		bel_record_counts(r, "writebacks", curve->writebacks, curve->count);
	if (curve->mean_resident)
		bel_record_reals(r, "mean_resident_pages", curve->mean_resident, curve->count);
	if (curve->references && curve->count)
		add_summary(r, fault_references, curve);
}

static int emit_curve(struct bel_emit *emit, const char *tool, const struct bel_curve_run *run,
	const struct bel_curve_job *job, struct bel_err *err)
{
	const struct bel_curve *curve = &job->curve;
	struct bel_record *r = new_record("belady.curve/1", tool, run, job);

	bel_record_count(r, "compulsory_faults", curve->compulsory);
	if (!job->algorithm)
		bel_record_count(r, "seed", job->setup.seed);
	add_points(r, run->how->fault_references, curve);
	if (job->sampled)
		add_sample(r, run, curve);
	if (curve->requests)
		bel_record_count(r, "requests", curve->requests);
	return bel_emit(emit, r, err);
}

static int emit_intervals(struct bel_emit *emit, const char *tool, const struct bel_curve_run *run,
	const struct bel_curve_job *job, struct bel_err *err)
{
	struct bel_curve_interval interval;
	int r;

	for (size_t i = 0; (r = bel_curve_interval_at(job, i, &interval, err)) > 0; i++) {
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

int bel_curve_record_emit(struct bel_emit *emit, const char *tool, const struct bel_curve_run *run,
	const struct bel_curve_job *job, struct bel_err *err)
{
	const int r = emit_curve(emit, tool, run, job, err);

	return r < 0 ? r : emit_intervals(emit, tool, run, job, err);
}

/* The levels, member by member; what OPT needs for the same hits is null where it is not known. */
static void add_levels(struct bel_record *r, const struct bel_hit_level *level, size_t count)
{
	double share[BEL_HIT_LEVELS], ratio[BEL_HIT_LEVELS], over_opt[BEL_HIT_LEVELS];
	uint64_t hits[BEL_HIT_LEVELS], frames[BEL_HIT_LEVELS], opt_frames[BEL_HIT_LEVELS];

	for (size_t i = 0; i < count; i++) {
		const uint64_t opt = level[i].opt_frames;

		share[i] = level[i].share;
		hits[i] = level[i].hits;
		ratio[i] = level[i].ratio;
		frames[i] = level[i].frames;
		opt_frames[i] = opt ? opt : UNKNOWN;
		over_opt[i] = opt ? (double)frames[i] / (double)opt : NAN;
	}
	bel_record_reals(r, "hit_share", share, count);
	bel_record_counts(r, "hits", hits, count);
	bel_record_reals(r, "hit_ratio", ratio, count);
	bel_record_counts(r, "frames", frames, count);
	bel_record_open_array(r, "at_knee");
	for (size_t i = 0; i < count; i++)
		bel_record_flag(r, NULL, level[i].knee);
	bel_record_close(r);
	add_known(r, "opt_frames", opt_frames, count);
	bel_record_reals(r, "memory_over_opt", over_opt, count);
}

int bel_requests_record_emit(struct bel_emit *emit, const char *tool,
	const struct bel_curve_run *run, const struct bel_curve_job *job, struct bel_err *err)
{
	const struct bel_trace_identity trace = identify(run, job->size);
	struct bel_hit_level level[BEL_HIT_LEVELS];
	const struct bel_curve *opt = NULL;
	struct bel_record *r;
	size_t count;

	if (!job->curve.requests)
		return BEL_OK;
	for (size_t i = 0; i < run->jobs; i++)
		if (run->job[i].size == job->size && !run->job[i].err.code &&
			!strcmp(run->job[i].spec->name, "opt"))
			opt = &run->job[i].curve;
	count = bel_hit_levels(&job->curve, opt, level);
	r = bel_record_new("belady.requests/1");
	bel_record_text(r, "tool", tool);
	bel_record_text(r, "version", BEL_VERSION);
	bel_trace_record(r, &trace);
	bel_policy_record(r, job->spec->spec, NULL);
	bel_record_count(r, "requests", job->curve.requests);
	bel_record_count(r, "references", job->curve.references);
	add_levels(r, level, count);
	return bel_emit(emit, r, err);
}

int bel_curve_record_joined(struct bel_emit *emit, const char *tool,
	const struct bel_curve_joined *joined, const struct bel_curve *curve, struct bel_err *err)
{
	const struct start start = {
		.trace = joined->trace,
		.spec = joined->spec,
		.algorithm = curve->algorithm,
		.windows = curve->windows,
		.exact = curve->exact,
	};
	struct bel_record *const r = start_record("belady.curve/1", tool, &start);

	bel_record_count(r, "compulsory_faults", curve->compulsory);
	add_points(r, joined->fault_references, curve);
	return bel_emit(emit, r, err);
}
