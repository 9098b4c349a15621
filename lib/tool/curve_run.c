/* SPDX-License-Identifier: MIT */
/* curve_run.c: a trace through the jobs of curves, while it is read. */
#include "curve_run.h"

#include <stdlib.h>
#include <string.h>

#include "convex.h"
#include "curve_crew.h"
#include "curve_interval.h"
#include "curve_kept.h"
#include "curve_reduce.h"
#include "curve_sample.h"
#include "number.h"
#include "progress.h"

/* Gives the job the sizes that are known before reading; 1 if it can start, 0 if not. */
static int give_sizes(
	struct curve_run *run, struct curve_job *job, uint64_t footprint, struct bel_err *err)
{
	const struct curve_request *how = run->how;
	const struct curve_want *want = job->want;
	const size_t windows = want->tau ? 1 : how->taus;
	/* Of larger pages there are fewer: a bound, but no footprint. */
	const uint64_t own = job->stream ? 0 : footprint;
	/* With too many pages another algorithm takes over. */
	const bool certain = !job->algorithm || !job->algorithm->most_pages || footprint;
	uint64_t *x = NULL;
	size_t count;

	if (job->windows && !windows) {
		job->all = true;
	} else if (job->windows) {
		x = malloc(windows * sizeof(*x));
		if (!x)
			return bel_err_memory(err, "windows");
		memcpy(x, want->tau ? &want->tau : how->tau, windows * sizeof(*x));
		curve_job_give(job, x, windows);
	} else if (curve_adapts(how)) {
		job->all = job->algorithm && job->algorithm->caps & BEL_CURVE_ALL;
		job->adaptive = !job->all;
		return job->all && certain;
	} else if (bel_frames_need_footprint(how->frames) && !own) {
		return 0;
	} else {
		if (bel_parse_frames(how->frames, own, &x, &count, err) < 0 ||
			curve_sample_shrink(run, job, &x, &count, err) < 0) {
			free(x);
			return err->code;
		}
		curve_job_give(job, x, count);
	}
	return certain && !curve_job_needs_future(job);
}

/*
 * All sizes of a trace whose pages are not known, of a pipe say, are counted while it is read where
 * that can be, although it takes longer: it need not be kept then.
 */
static const struct bel_curve_algorithm *choose(const struct curve_request *how,
	const struct curve_want *want, uint64_t footprint, double param[8])
{
	const uint32_t once = BEL_CURVE_ALL | BEL_CURVE_SNAPSHOT;
	const struct bel_curve_algorithm *a = NULL;

	if (curve_adapts(how) && (how->interval || !footprint))
		a = curve_choose(want, footprint, once, param);
	if (!a)
		a = curve_choose(want, footprint, how->interval ? BEL_CURVE_SNAPSHOT : 0, param);
	return a;
}

/* One that cannot start makes that its stream is kept. `sample`: of the several that it may be. */
static int make_job(struct curve_run *run, const struct curve_want *want, size_t size,
	size_t sample, uint64_t footprint, struct bel_err *err)
{
	const struct curve_request *how = run->how;
	struct curve_job *job = &run->job[run->jobs++];
	struct bel_lookahead **kept;
	int r = BEL_OK;

	job->want = want;
	job->stream = size;
	job->least = bel_source_info(run->source)->least_frames;
	job->setup = (struct bel_curve_setup){
		.writebacks = true,
		.every = how->interval != 0,
		.portable = how->portable,
		.seed = how->seed,
		.memory = how->keep.memory,
		.temp_dir = how->keep.dir,
	};
	job->algorithm = choose(how, want, footprint, job->setup.param);
	job->windows = job->algorithm && job->algorithm->caps & BEL_CURVE_WINDOWS;
	if (how->sample.seeds && !job->windows)
		r = curve_sample_assign(run, job, sample, err);
	if (r == BEL_OK)
		r = give_sizes(run, job, footprint, err);
	if (r >= 0 && (curve_check_guarantee(run, job, err) < 0 ||
			      curve_reduce_assign(run, job, err) < 0))
		return BEL_FAIL;
	kept = &run->stream[job->stream].kept;
	if (r > 0)
		r = curve_job_begin(job, SIZE_MAX, err);
	else if (r == 0 && !*kept && !(*kept = bel_lookahead_new(&how->keep, err)))
		return BEL_FAIL;
	if (r >= 0 && how->interval && !curve_interval_allowed(job, err))
		r = err->code;
	return r;
}

/* The jobs of all page sizes, of which the first has the most pages. */
static int make_jobs(struct curve_run *run, struct bel_err *err)
{
	const struct curve_request *how = run->how;
	uint64_t footprint = 0;
	int r = bel_source_footprint(run->source, &footprint, err);

	for (size_t i = 0; r >= 0 && i < run->sizes * how->wants; i++) {
		const struct curve_want *want = &how->want[i % how->wants];
		const size_t samples = curve_sample_jobs(how, want);

		for (size_t k = 0; r >= 0 && k < samples; k++)
			r = make_job(run, want, i / how->wants, k, footprint, err);
	}
	return r < 0 ? r : BEL_OK;
}

static int make_streams(struct curve_run *run, struct bel_err *err)
{
	const struct curve_request *how = run->how;
	const unsigned source_bits = bel_source_page_bits(run->source);
	const size_t sizes = how->page_sizes ? how->page_sizes : 1;
	const size_t streams = (BEL_STREAM_SAMPLES + 2 * how->sample.seeds) * sizes;

	run->sizes = sizes;
	run->stream = calloc(streams, sizeof(*run->stream));
	run->job = calloc(run->sizes * how->wants * (1 + 2 * how->sample.seeds), sizeof(*run->job));
	if (!run->stream || !run->job)
		return bel_err_memory(err, "curves");
	run->streams = streams;
	for (size_t s = 0; s < run->sizes; s++) {
		struct curve_stream *stream = &run->stream[s];
		const unsigned bits = s ? how->page_bits[s] : source_bits;

		stream->page_bytes = (uint64_t)1 << bits;
		stream->state = XXH3_createState();
		if (bits > source_bits)
			stream->coarsen = bel_coarsen_new(bits - source_bits, false, err);
		if (!stream->state || XXH3_64bits_reset(stream->state) == XXH_ERROR)
			return bel_err_memory(err, "curves");
		if (bits > source_bits && !stream->coarsen)
			return BEL_FAIL;
	}
	return BEL_OK;
}

/* All jobs of a page size, at the end of a phase. */
static int mark_jobs(
	struct curve_run *run, struct curve_crew *crew, size_t index, struct bel_err *err)
{
	int r = BEL_OK;

	curve_crew_wait(crew);
	for (size_t i = 0; r == BEL_OK && i < run->jobs; i++)
		if (run->job[i].stream == index)
			r = curve_interval_mark(&run->job[i], err);
	return r;
}

/* Runs to the parts. One that lies across the end of a phase is cut there, into equal parts. */
static int feed_cut(struct curve_run *run, struct curve_crew *crew, size_t index,
	const struct bel_chunk *chunk, struct bel_err *err)
{
	const uint64_t interval = run->how->interval;
	uint32_t pages = run->stream[index].pages; /* so far, not at the chunk's end */
	uint64_t now = run->stream[index].now;
	int r = BEL_OK;

	for (size_t i = 0; r == BEL_OK && i < chunk->count; i++) {
		uint32_t left = bel_run_count(chunk->runs[i]);

		pages += chunk->runs[i].page == pages;
		while (left && r == BEL_OK) {
			const uint64_t to_end = interval - now % interval;
			const uint32_t n = left < to_end ? left : (uint32_t)to_end;
			const struct bel_run part = bel_run_make(
				chunk->runs[i].page, n, chunk->runs[i].info & BEL_RUN_FLAGS);
			const struct bel_batch batch = {.runs = &part, .count = 1, .now = now};

			curve_crew_feed(crew, index, &batch, pages);
			left -= n;
			now += n;
			if (n == to_end)
				r = mark_jobs(run, crew, index, err);
		}
	}
	return r;
}

/* Runs of one stream, to its parts and to what is kept. */
static int give(struct curve_run *run, struct curve_crew *crew, size_t index,
	const struct bel_chunk *chunk, uint32_t pages, struct bel_err *err)
{
	struct curve_stream *stream = &run->stream[index];
	const struct bel_batch batch = {
		.runs = chunk->runs, .count = chunk->count, .now = stream->now};
	int r = BEL_OK;

	if (run->how->interval)
		r = feed_cut(run, crew, index, chunk, err);
	else
		curve_crew_feed(crew, index, &batch, pages);
	stream->pages = pages;
	stream->now += chunk->references;
	/* The source keeps the digest of its own runs. */
	if (stream->coarsen && chunk->count)
		XXH3_64bits_update(stream->state, chunk->runs, chunk->count * sizeof(*chunk->runs));
	if (r == BEL_OK && stream->kept)
		r = bel_lookahead_add(stream->kept, chunk->runs, chunk->count, err);
	return r;
}

/* A chunk of one page size, for the jobs that need not see all of it. */
static int give_less(struct curve_run *run, struct curve_crew *crew, size_t size,
	const struct bel_chunk *chunk, uint32_t pages, struct bel_err *err)
{
	const size_t index = BEL_STREAM_REDUCED * run->sizes + size;
	struct curve_stream *stream = &run->stream[index];
	int again = stream->least_frames != 0;

	while (again > 0) {
		const struct bel_chunk *less;

		again = curve_reduce_take(stream, chunk, pages, &less, err);
		if (again < 0 || give(run, crew, index, less, pages, err) < 0)
			return BEL_FAIL;
	}
	return BEL_OK;
}

/* What reductions hold at the end. */
static int end_less(struct curve_run *run, struct curve_crew *crew, struct bel_err *err)
{
	for (size_t size = 0; size < run->sizes; size++) {
		const size_t index = BEL_STREAM_REDUCED * run->sizes + size;
		struct curve_stream *stream = &run->stream[index];
		const struct bel_chunk *less;

		if (stream->least_frames &&
			(curve_reduce_end(stream, &less, err) < 0 ||
				give(run, crew, index, less, stream->pages, err) < 0))
			return BEL_FAIL;
	}
	return BEL_OK;
}

/* What stream `index` has of a chunk, if it is a sample; *some stays the sample's. */
static int give_sample(struct curve_run *run, struct curve_crew *crew, size_t index,
	const struct bel_chunk *chunk, struct bel_chunk *some, struct bel_err *err)
{
	struct bel_sample *sample = run->stream[index].sample;
	struct bel_sample_part part = {.count = 0};
	int r = BEL_OK;

	if (sample && chunk->count)
		r = bel_sample_take(sample, chunk->runs, chunk->count, &part, err);
	*some = (struct bel_chunk){
		.runs = part.runs, .count = part.count, .references = part.references};
	return r == BEL_OK && part.count ? give(run, crew, index, some, part.pages, err) : r;
}

/* A chunk of one page size, whole, reduced and sampled; a quarter is a sample of a sample. */
static int take(struct curve_run *run, struct curve_crew *crew, size_t size,
	const struct bel_chunk *chunk, uint32_t pages, struct bel_err *err)
{
	const size_t quarters = run->how->sample.seeds * run->sizes;
	int r = give(run, crew, size, chunk, pages, err);

	if (r == BEL_OK)
		r = give_less(run, crew, size, chunk, pages, err);
	for (size_t k = 0; r == BEL_OK && k < run->how->sample.seeds; k++) {
		const size_t index = (BEL_STREAM_SAMPLES + k) * run->sizes + size;
		struct bel_chunk some, quarter;

		r = give_sample(run, crew, index, chunk, &some, err);
		if (r == BEL_OK)
			r = give_sample(run, crew, index + quarters, &some, &quarter, err);
	}
	return r;
}

/* A chunk of the source, at every page size. */
static int take_all(struct curve_run *run, struct curve_crew *crew, const struct bel_chunk *chunk,
	struct bel_err *err)
{
	const struct bel_granules granules = bel_source_pages(run->source);
	int r = take(run, crew, 0, chunk, granules.count, err);

	for (size_t s = 1; r == BEL_OK && s < run->sizes; s++) {
		struct bel_coarsen *coarsen = run->stream[s].coarsen;
		struct bel_chunk larger;
		int again = 1;

		while (again > 0 && r == BEL_OK) {
			again = bel_coarsen_add(coarsen, chunk, granules, &larger, err);
			if (again < 0)
				return again;
			r = take(run, crew, s, &larger, bel_coarsen_granules(coarsen).count, err);
		}
	}
	run->references += chunk->references;
	return r;
}

static int read_source(struct curve_run *run, struct curve_crew *crew,
	struct bel_progress *progress, struct bel_err *err)
{
	const volatile sig_atomic_t *stop = run->how->stop;
	struct bel_chunk chunk;
	int r = 0;

	while (!(stop && *stop) && (r = bel_source_next(run->source, &chunk, err)) > 0) {
		r = take_all(run, crew, &chunk, err);
		if (r < 0)
			return r;
		bel_progress_update(progress, run->references, bel_source_fraction(run->source));
	}
	run->partial = stop && *stop;
	for (size_t s = 1; r >= 0 && s < run->sizes; s++) {
		bel_coarsen_end(run->stream[s].coarsen, &chunk);
		r = take(run, crew, s, &chunk, bel_coarsen_granules(run->stream[s].coarsen).count,
			err);
	}
	if (r >= 0)
		r = end_less(run, crew, err);
	/* The last phase is as long as what is left. */
	for (size_t s = 0; r >= 0 && run->how->interval && s < run->sizes; s++)
		if (run->stream[s].now % run->how->interval)
			r = mark_jobs(run, crew, s, err);
	bel_source_digest(run->source, run->stream[0].digest);
	for (size_t s = 1; s < run->sizes; s++)
		snprintf(run->stream[s].digest, sizeof(run->stream[s].digest), "%016llx",
			(unsigned long long)XXH3_64bits_digest(run->stream[s].state));
	return r;
}

/* What is known between the sizes that were counted, where not all were. */
static int add_bands(struct curve_run *run, struct bel_err *err)
{
	int r = BEL_OK;

	for (size_t i = 0; r == BEL_OK && i < run->jobs; i++) {
		struct curve_job *job = &run->job[i];

		if (job->adaptive && job->algorithm && curve_is_convex(job) && !job->sampled &&
			!job->err.code)
			r = bel_convex_band(&job->curve, err);
	}
	return r;
}

int curve_run(struct curve_run *run, const struct curve_request *how, struct bel_source *source,
	struct bel_err *err)
{
	struct bel_progress progress;
	struct curve_crew *crew;
	int r;

	*run = (struct curve_run){.how = how, .source = source};
	r = make_streams(run, err);
	if (r == BEL_OK)
		r = make_jobs(run, err);
	if (r < 0)
		return r;
	crew = curve_crew_new(run->job, run->jobs, run->streams, how->threads, err);
	if (!crew)
		return BEL_FAIL;
	bel_progress_start(&progress, stderr, how->progress, how->progress != NULL);
	r = read_source(run, crew, &progress, err);
	if (r >= 0)
		r = curve_pass_end(run, crew, err);
	curve_crew_free(crew);
	if (r >= 0)
		r = curve_kept_settle(run, err);
	if (r >= 0)
		r = curve_kept_run(run, &progress, err);
	if (r >= 0)
		r = curve_sample_join(run, err);
	if (r >= 0)
		r = add_bands(run, err);
	bel_progress_end(&progress);
	return r;
}

void curve_run_release(struct curve_run *run)
{
	for (size_t i = 0; i < run->jobs; i++)
		curve_job_release(&run->job[i]);
	for (size_t s = 0; s < run->streams; s++) {
		bel_coarsen_free(run->stream[s].coarsen);
		bel_reducer_free(run->stream[s].reducer);
		bel_sample_free(run->stream[s].sample);
		XXH3_freeState(run->stream[s].state);
		bel_lookahead_free(run->stream[s].kept);
	}
	free(run->job);
	free(run->stream);
}
