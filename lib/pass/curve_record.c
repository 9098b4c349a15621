/* SPDX-License-Identifier: MIT */
/* curve_record.c: finished jobs of curves as records. */
#include "curve_record.h"

#include <stdlib.h>
#include <string.h>

#include "curve_interval.h"
#include "lifetime.h"
#include "policy_record.h"
#include "sample.h"
#include "trace_record.h"
#include "version.h"

static void add_trace(
	struct bel_record *r, const struct bel_curve_run *run, const struct bel_curve_size *size)
{
	const struct bel_trace_identity identity = {
		.name = bel_source_title(run->source),
		.file = bel_source_file(run->source),
		.digest = size->digest,
		.references = bel_stream_references(size->whole),
		.pages = bel_stream_pages(size->whole),
		.page_bytes = bel_stream_page_bytes(size->whole),
	};

	bel_trace_record(r, &identity);
}

/* How the faults were counted, and whether of all runs. */
static void add_algorithm(struct bel_record *r, const struct bel_curve_job *job)
{
	const uint64_t least = job->stream == job->size->reduced ? job->size->min_frames : 0;
	char text[160];

	snprintf(text, sizeof(text), "%s; trace reduced for %llu frames and more",
		job->curve.algorithm, (unsigned long long)least);
	bel_record_text(r, "algorithm", least ? text : job->curve.algorithm);
}

/* The members that records of curves and of their phases begin with. */
static struct bel_record *new_record(const char *schema, const char *tool,
	const struct bel_curve_run *run, const struct bel_curve_job *job)
{
	struct bel_record *r = bel_record_new(schema);

	bel_record_text(r, "tool", tool);
	bel_record_text(r, "version", BEL_VERSION);
	add_trace(r, run, job->size);
	/* The window is the curve's x. */
	bel_policy_record(r, job->spec->spec, job->windows ? "tau" : NULL);
	add_algorithm(r, job);
	bel_record_flag(r, "exact", job->curve.exact);
	bel_record_flag(r, "partial", run->partial);
	return r;
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
	struct bel_record *r, const struct bel_curve_run *run, const struct bel_curve *curve)
{
	const double fault = (double)run->how->fault_references;
	const size_t knee = bel_lifetime_knee(curve), least = bel_space_time_least(curve, fault);

	add_point(r, "knee", curve, knee);
	bel_record_real(r, "lifetime", bel_lifetime_at(curve, knee));
	bel_record_close(r);
	add_point(r, "min_space_time", curve, least);
	bel_record_count(r, "fault_references", run->how->fault_references);
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

/* An end of the band at each size, null where there is none. */
static void add_band(struct bel_record *r, const char *key, const uint64_t *end, size_t count)
{
	bel_record_open_array(r, key);
	for (size_t i = 0; i < count; i++)
		if (end[i] == BEL_NO_BAND)
			bel_record_null(r, NULL);
		else
			bel_record_count(r, NULL, end[i]);
	bel_record_close(r);
}

static int emit_curve(struct bel_emit *emit, const char *tool, const struct bel_curve_run *run,
	const struct bel_curve_job *job, struct bel_err *err)
{
	const struct bel_curve *curve = &job->curve;
	struct bel_record *r = new_record("belady.curve/1", tool, run, job);

	bel_record_count(r, "compulsory_faults", curve->compulsory);
	if (!job->algorithm)
		bel_record_count(r, "seed", job->setup.seed);
	bel_record_counts(r, curve->windows ? "tau" : "frames", curve->x, curve->count);
	bel_record_counts(r, "faults", curve->faults, curve->count);
	if (curve->low && curve->high) {
		add_band(r, "faults_low", curve->low, curve->count);
		add_band(r, "faults_high", curve->high, curve->count);
	}
	if (curve->writebacks)
		bel_record_counts(r, "writebacks", curve->writebacks, curve->count);
	if (curve->mean_resident)
		bel_record_reals(r, "mean_resident_pages", curve->mean_resident, curve->count);
	if (curve->references && curve->count)
		add_summary(r, run, curve);
	if (job->sampled)
		add_sample(r, run, curve);
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
