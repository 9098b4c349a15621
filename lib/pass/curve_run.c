/* SPDX-License-Identifier: MIT */
/* curve_run.c: runs the jobs of curves on a trace, as one pass. */
#include "curve_run.h"

#include <stdlib.h>
#include <string.h>

#include "convex.h"
#include "curve_interval.h"
#include "curve_sample.h"
#include "number.h"
#include "reduction_scope.h"

enum {
	MIN_SIZES = 8,  /* sizes per reading, at least, for any number of pages */
	PAGE_COST = 24, /* bytes per page and size, about */
	ROUNDS = 16,    /* rounds of adaptive sizes, at most */
};

static bool adapts(const struct bel_curve_request *how)
{
	return !strcmp(how->frames, "all");
}

static bool is_convex(const struct bel_curve_job *job)
{
	return job->spec->spec->policy->caps & BEL_POLICY_OPTIMAL;
}

/* ---- before the first reading ---- */

/* A reduced trace is valid only for some policies, from some number of frames on. */
static int check_reduction_scope(
	const struct bel_curve_run *run, const struct bel_curve_job *job, struct bel_err *err)
{
	const struct bel_trace_info *info = bel_source_info(run->source);
	const bool known = job->count && !job->windows;

	if (info->valid_policies && job->stream != run->size[0].whole)
		return bel_fail(err, "the trace was reduced only for pages of %llu bytes",
			(unsigned long long)bel_stream_page_bytes(run->size[0].whole));
	if (!known && !job->all && !job->adaptive && !job->windows)
		return BEL_OK; /* sizes are chosen later */
	return bel_reduction_scope_check(
		info, job->spec->name, known ? job->x[0] : job->least, err);
}

/* The frame counts that were asked for, at the job's page size. */
static int parse_sizes(const struct bel_curve_run *run, const struct bel_curve_job *job,
	uint64_t footprint, uint64_t **x, size_t *count, struct bel_err *err)
{
	const uint64_t page_bytes = bel_stream_page_bytes(job->size->whole);
	const char *const text = run->how->frames;

	if (run->how->in_bytes)
		return bel_parse_memory(text, (unsigned)__builtin_ctzll(page_bytes), x, count, err);
	return bel_parse_frames(text, footprint, x, count, err);
}

/* Gives the job the sizes that are known before reading. 1 if it can start, 0 if not. */
static int give_sizes(struct bel_curve_run *run, struct bel_curve_job *job, uint64_t footprint,
	struct bel_err *err)
{
	const struct bel_curve_request *how = run->how;
	const struct bel_curve_spec *spec = job->spec;
	const size_t windows = spec->tau ? 1 : how->taus;
	/* The footprint in larger pages is smaller and not known; it is only bounded. */
	const uint64_t own = job->stream == run->size[0].whole ? footprint : 0;
	/* With too many pages another algorithm is used. */
	const bool certain = !job->algorithm || !job->algorithm->max_pages || footprint;
	uint64_t *x = NULL;
	size_t count;

	if (job->windows && !windows) {
		job->all = true;
	} else if (job->windows) {
		x = malloc(windows * sizeof(*x));
		if (!x)
			return bel_err_memory(err, "windows");
		memcpy(x, spec->tau ? &spec->tau : how->tau, windows * sizeof(*x));
		bel_curve_job_give(job, x, windows);
	} else if (adapts(how)) {
		job->all = job->algorithm && job->algorithm->caps & BEL_CURVE_ALL;
		job->adaptive = !job->all;
		return job->all && certain;
	} else if (bel_frames_need_footprint(how->frames) && !own) {
		return 0;
	} else {
		if (parse_sizes(run, job, own, &x, &count, err) < 0 ||
			bel_curve_sample_shrink(run, job, &x, &count, err) < 0) {
			free(x);
			return err->code;
		}
		bel_curve_job_give(job, x, count);
	}
	return certain && !bel_curve_job_needs_future(job);
}

/*
 * If a job has its sizes, and they and its policy allow it, the job counts the reduced trace. Not
 * for shares of the footprint: in a pipe they are known too late, and a file must give the same
 * result.
 */
static int reduce(struct bel_curve_run *run, struct bel_curve_job *job, struct bel_err *err)
{
	struct bel_curve_size *const size = job->size;

	if (!job->algorithm || !job->count || job->windows || job->sampled || run->how->interval ||
		run->how->requests || bel_frames_need_footprint(run->how->frames) ||
		bel_source_info(run->source)->valid_policies ||
		!bel_pass_reduction_pays(job->spec->name, job->x[0]))
		return BEL_OK;
	if (!size->reduced) {
		/* All jobs have the same sizes. */
		size->min_frames = job->x[0];
		size->reduced = bel_pass_reduce(run->pass, size->whole, size->min_frames, err);
	}
	job->stream = size->reduced;
	return job->stream ? BEL_OK : BEL_FAIL;
}

/* What the algorithm of a policy must be able to do, because it counts something else. */
static uint32_t rule(const struct bel_curve_request *how, const struct bel_curve_spec *spec)
{
	return how->requests && !strcmp(spec->name, "lru") ? BEL_CURVE_REQUESTS : 0;
}

/*
 * If all sizes are wanted and the number of pages is not known (a pipe, for example), prefers an
 * algorithm that counts while reading. It is slower, but the trace need not be kept.
 */
static const struct bel_curve_algorithm *choose(const struct bel_curve_request *how,
	const struct bel_curve_spec *spec, uint64_t footprint, double param[8])
{
	const uint32_t once = BEL_CURVE_ALL | BEL_CURVE_SNAPSHOT | rule(how, spec);
	const struct bel_curve_algorithm *a = NULL;

	if (adapts(how) && (how->interval || how->requests || !footprint))
		a = bel_curve_choose(spec, footprint, once, param);
	if (!a)
		a = bel_curve_choose(spec, footprint,
			how->interval ? BEL_CURVE_SNAPSHOT : rule(how, spec), param);
	return a;
}

static int attach(
	struct bel_curve_run *run, struct bel_curve_job *job, size_t most, struct bel_err *err)
{
	int r = bel_curve_job_begin(job, most, err);

	for (size_t k = 0; r == BEL_OK && k < job->parts; k++)
		r = bel_pass_attach(run->pass, job->stream, bel_curve_part_consumer(job),
			&job->part[k], &job->part[k].err, err);
	return r;
}

/*
 * Makes a job. If it cannot start yet, its stream is kept. `sample`: the index among the jobs of
 * its spec.
 */
static int make_job(struct bel_curve_run *run, const struct bel_curve_spec *spec,
	struct bel_curve_size *size, size_t sample, uint64_t footprint, struct bel_err *err)
{
	const struct bel_curve_request *how = run->how;
	struct bel_curve_job *job = &run->job[run->jobs++];
	int r = BEL_OK;

	job->spec = spec;
	job->size = size;
	job->stream = size->whole;
	job->least = bel_source_info(run->source)->min_frames;
	job->setup = (struct bel_curve_setup){
		.writebacks = true,
		.every = how->interval != 0,
		.portable = how->portable,
		.seed = how->seed,
		.memory = how->keep.memory,
		.temp_dir = how->keep.dir,
	};
	job->algorithm = choose(how, spec, footprint, job->setup.param);
	job->windows = job->algorithm && job->algorithm->caps & BEL_CURVE_WINDOWS;
	if (how->sample.seeds && !job->windows)
		r = bel_curve_sample_assign(run, job, sample, err);
	if (r == BEL_OK)
		r = give_sizes(run, job, footprint, err);
	if (r >= 0 && (check_reduction_scope(run, job, err) < 0 || reduce(run, job, err) < 0))
		return BEL_FAIL;
	if (r > 0)
		r = attach(run, job, SIZE_MAX, err);
	else if (r == 0)
		r = bel_pass_keep(job->stream, err);
	if (r >= 0 && how->interval && !bel_curve_interval_allowed(job, err))
		r = err->code;
	return r;
}

/* Makes the jobs of all page sizes. The first page size has the most pages. */
static int make_jobs(struct bel_curve_run *run, struct bel_err *err)
{
	const struct bel_curve_request *how = run->how;
	uint64_t footprint = 0;
	int r = bel_source_footprint(run->source, &footprint, err);

	for (size_t i = 0; r >= 0 && i < run->sizes * how->specs; i++) {
		const struct bel_curve_spec *spec = &how->spec[i % how->specs];
		const size_t samples = bel_curve_sample_jobs(how, spec);

		for (size_t k = 0; r >= 0 && k < samples; k++)
			r = make_job(run, spec, &run->size[i / how->specs], k, footprint, err);
	}
	return r < 0 ? r : BEL_OK;
}

static int make_sizes(struct bel_curve_run *run, struct bel_err *err)
{
	const struct bel_curve_request *how = run->how;

	run->sizes = how->page_sizes ? how->page_sizes : 1;
	run->size = calloc(run->sizes, sizeof(*run->size));
	run->job = calloc(run->sizes * how->specs * (1 + 2 * how->sample.seeds), sizeof(*run->job));
	if (!run->size || !run->job)
		return bel_err_memory(err, "curves");
	run->size[0].whole = bel_pass_input(run->pass);
	for (size_t s = 1; s < run->sizes; s++) {
		run->size[s].whole = bel_pass_coarsen(
			run->pass, bel_pass_input(run->pass), how->page_bits[s], err);
		if (!run->size[s].whole)
			return BEL_FAIL;
	}
	for (size_t s = 0; s < run->sizes && how->requests; s++)
		bel_pass_keep_events(run->size[s].whole);
	return BEL_OK;
}

/* ---- between readings ---- */

/* Chooses the next sizes of a job. If there are none, it is done. */
static int next_sizes(struct bel_curve_run *run, struct bel_curve_job *job, struct bel_err *err)
{
	const uint32_t own = bel_stream_pages(job->stream);
	const uint32_t pages = bel_stream_pages(job->size->whole);
	const bool stopped = run->how->stop && *run->how->stop;
	uint64_t *x = NULL;
	size_t count = 0;
	int r = BEL_OK;

	if (job->done || job->all || job->taken < job->count)
		return BEL_OK;
	if (job->adaptive && !job->curve.count)
		r = bel_curve_sizes_first(job->least, own, &x, &count, err);
	else if (job->adaptive && job->rounds++ < ROUNDS && !stopped)
		r = bel_curve_sizes_between(
			&job->curve, run->how->step, is_convex(job), &x, &count, err);
	else if (!job->adaptive && !pages)
		r = bel_fail(err, "the trace has no references, so it has no footprint");
	else if (!job->adaptive)
		r = parse_sizes(run, job, pages, &x, &count, err);
	if (r == BEL_OK && !job->adaptive)
		r = bel_curve_sample_shrink(run, job, &x, &count, err);
	if (r < 0) {
		free(x);
		return r;
	}
	bel_curve_job_give(job, x, count);
	return count ? check_reduction_scope(run, job, err) : BEL_OK;
}

/* The number of sizes that one job may count in one reading of what was kept. */
static size_t most_sizes(const struct bel_curve_run *run, const struct bel_curve_job *job)
{
	const uint64_t pages = bel_stream_pages(job->stream);
	const uint64_t fit = run->how->keep.memory / (pages * PAGE_COST + 1);

	return fit < MIN_SIZES ? MIN_SIZES : (size_t)fit;
}

/* The number of pages is known now, so each waiting job can choose its algorithm and sizes. */
static void choose_again(struct bel_curve_run *run, struct bel_curve_job *job)
{
	if (!bel_curve_sample_chose(job))
		job->algorithm = bel_curve_choose(job->spec, bel_stream_pages(job->stream),
			rule(run->how, job->spec), job->setup.param);
	job->all = adapts(run->how) && job->algorithm && job->algorithm->caps & BEL_CURVE_ALL;
	job->adaptive = adapts(run->how) && !job->all;
}

static int between(void *host, struct bel_err *err)
{
	struct bel_curve_run *const run = host;
	const struct bel_curve_company *const company = &run->how->company;

	for (size_t i = 0; i < run->jobs; i++)
		if (run->job[i].parts && bel_curve_job_end(&run->job[i], err) < 0)
			return BEL_FAIL;
	for (size_t i = 0; i < run->jobs; i++) {
		struct bel_curve_job *const job = &run->job[i];

		if (!job->done && !run->read)
			choose_again(run, job);
		if (next_sizes(run, job, err) < 0 ||
			(!job->done && attach(run, job, most_sizes(run, job), err) < 0))
			return err->code;
	}
	run->read = true;
	return company->attach ? company->between(company->host, err) : BEL_OK;
}

/* ---- the whole ---- */

static void note_digests(struct bel_curve_run *run)
{
	bel_source_digest(run->source, run->size[0].digest);
	for (size_t s = 1; s < run->sizes; s++)
		bel_stream_digest(run->size[s].whole, run->size[s].digest);
}

/* Adds bounds between the counted sizes, for curves that do not have every size. */
static int add_bands(struct bel_curve_run *run, struct bel_err *err)
{
	int r = BEL_OK;

	for (size_t i = 0; r == BEL_OK && i < run->jobs; i++) {
		struct bel_curve_job *job = &run->job[i];

		if (job->adaptive && job->algorithm && is_convex(job) && !job->sampled &&
			!job->err.code)
			r = bel_convex_band(&job->curve, err);
	}
	return r;
}

/* Without requests in the trace, the curve would be that of plain LRU. */
static int check_requests(const struct bel_curve_run *run, struct bel_err *err)
{
	for (size_t i = 0; i < run->jobs; i++) {
		const struct bel_curve_job *const job = &run->job[i];

		if (rule(run->how, job->spec) && !job->err.code && !job->curve.requests)
			return bel_fail(err,
				"%s: --requests: no request begins in the trace (no mark '%s'); "
				"see bel-formats(7)",
				bel_source_title(run->source), BEL_REQUEST_MARK);
	}
	return BEL_OK;
}

int bel_curve_run(struct bel_curve_run *run, const struct bel_curve_request *how,
	struct bel_source *source, struct bel_err *err)
{
	const struct bel_pass_input input = bel_pass_source(source);
	const struct bel_pass_setup setup = {
		.threads = how->threads,
		.interval = how->interval,
		.keep = how->keep,
		.stop = how->stop,
		.between = between,
		.host = run,
		.progress = how->progress,
		.progress_host = how->progress_host,
	};
	int r;

	*run = (struct bel_curve_run){.how = how, .source = source};
	run->pass = bel_pass_new(&setup, &input, err);
	r = run->pass ? make_sizes(run, err) : BEL_FAIL;
	if (r == BEL_OK)
		r = make_jobs(run, err);
	if (r == BEL_OK && how->company.attach)
		r = how->company.attach(how->company.host, run->pass, err);
	if (r == BEL_OK)
		r = bel_pass_run(run->pass, err);
	if (r < 0)
		return r;
	run->partial = bel_pass_partial(run->pass);
	note_digests(run);
	r = check_requests(run, err);
	if (r == BEL_OK)
		r = bel_curve_sample_join(run, err);
	return r < 0 ? r : add_bands(run, err);
}

void bel_curve_run_release(struct bel_curve_run *run)
{
	for (size_t i = 0; i < run->jobs; i++)
		bel_curve_job_release(&run->job[i]);
	bel_pass_free(run->pass);
	for (size_t s = 0; s < run->sizes && run->size; s++) {
		free(run->size[s].sample);
		free(run->size[s].quarter);
	}
	free(run->job);
	free(run->size);
}
