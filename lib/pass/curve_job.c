/* SPDX-License-Identifier: MIT */
/* curve_job.c: one curve that is being computed: its parts in a reading, and their results. */
#include "curve_job.h"

#include <stdlib.h>

bool bel_curve_job_needs_future(const struct bel_curve_job *job)
{
	return !job->algorithm && job->spec->spec->policy->caps & BEL_POLICY_FUTURE;
}

void bel_curve_job_give(struct bel_curve_job *job, uint64_t *x, size_t count)
{
	free(job->x);
	job->x = x;
	job->count = count;
	job->taken = 0;
	job->done = count == 0;
}

static int make_part(struct bel_curve_job *job, struct bel_curve_part *part, struct bel_err *err)
{
	struct bel_curve_setup setup = job->setup;
	struct bel_sim_setup engine = {.spec = job->spec->spec, .seed = setup.seed};

	part->job = job;
	if (part->shared) {
		setup.x = part->x;
		setup.count = part->count;
		part->self = job->algorithm->create(&setup, err);
		return part->self ? BEL_OK : BEL_FAIL;
	}
	engine.frames = part->x[0];
	part->sim = bel_sim_new(&engine, err);
	return part->sim ? BEL_OK : BEL_FAIL;
}

/* The next part, with `count` sizes from x on, by the algorithm (`shared`) or by an engine. */
static int add_part(struct bel_curve_job *job, const uint64_t *x, size_t count, bool shared,
	struct bel_err *err)
{
	struct bel_curve_part *const part = &job->part[job->parts++];

	part->x = x;
	part->count = count;
	part->shared = shared;
	return make_part(job, part, err);
}

/* The shared parts are the first ones, because the record describes them. */
int bel_curve_job_begin(struct bel_curve_job *job, size_t most, struct bel_err *err)
{
	const size_t left = job->count - job->taken, take = left < most ? left : most;
	const uint64_t *const x = job->x ? job->x + job->taken : NULL;
	const bool shared = job->algorithm != NULL;
	/* Without least_frames, an engine gives members that the algorithm does not. */
	const size_t small = shared && !job->all && job->algorithm->least_frames
				     ? bel_curve_left_to_engines(job->algorithm, x, take)
				     : 0;
	const size_t each = !shared                      ? 1
			    : job->algorithm->most_sizes ? job->algorithm->most_sizes
							 : take;
	int r = BEL_OK;

	job->parts = 0;
	job->part = calloc(take + 1, sizeof(*job->part));
	if (!job->part)
		return bel_err_memory(err, "curves");
	if (job->all)
		return add_part(job, NULL, 0, shared, err);
	for (size_t i = small; r == BEL_OK && i < take; i += each)
		r = add_part(job, x + i, take - i < each ? take - i : each, shared, err);
	for (size_t i = 0; r == BEL_OK && i < small; i++)
		r = add_part(job, x + i, 1, false, err);
	job->taken += take;
	return r;
}

/* The counts of an engine, as a curve of one point. */
static int curve_of_engine(
	const struct bel_curve_part *part, struct bel_curve *curve, struct bel_err *err)
{
	struct bel_tally tally;

	*curve = (struct bel_curve){
		.policy = part->job->spec->name,
		.algorithm = "each size by itself",
		.exact = true,
		.count = 1,
		.x = calloc(1, sizeof(*curve->x)),
		.faults = calloc(1, sizeof(*curve->faults)),
		.writebacks = calloc(1, sizeof(*curve->writebacks)),
		.mean_resident = calloc(1, sizeof(*curve->mean_resident)),
	};
	if (!curve->x || !curve->faults || !curve->writebacks || !curve->mean_resident)
		return bel_err_memory(err, "curves");
	bel_sim_tally(part->sim, &tally);
	curve->x[0] = part->x[0];
	curve->faults[0] = tally.faults;
	curve->writebacks[0] = tally.writebacks;
	if (tally.references)
		curve->mean_resident[0] =
			(double)tally.resident_page_references / (double)tally.references;
	curve->references = tally.references;
	curve->compulsory = tally.compulsory;
	return BEL_OK;
}

/* ---- what a pass feeds ---- */

static int part_feed(
	void *self, const struct bel_chunk *chunk, struct bel_granules pages, struct bel_err *err)
{
	struct bel_curve_part *const part = self;
	const struct bel_batch batch = {
		.runs = chunk->runs, .next = chunk->next, .count = chunk->count, .now = chunk->now};

	if (part->self)
		return part->job->algorithm->feed(part->self, &batch, pages.count, err);
	if (bel_sim_reserve(part->sim, pages.count, err) < 0)
		return BEL_FAIL;
	return bel_sim_feed(part->sim, &batch, err);
}

/* The same for an algorithm that is told where requests begin. */
static int part_feed_requests(
	void *self, const struct bel_chunk *chunk, struct bel_granules pages, struct bel_err *err)
{
	struct bel_curve_part *const part = self;
	const struct bel_curve_algorithm *const algorithm = part->job->algorithm;
	struct bel_batch batch = {.runs = chunk->runs, .now = chunk->now};
	size_t from = 0;

	for (size_t e = 0; e <= chunk->event_count; e++) {
		const bool end = e == chunk->event_count;
		const size_t to = end ? chunk->count : chunk->events[e].at;

		if (!end && !bel_event_begins_request(&chunk->events[e]))
			continue;
		batch.runs = chunk->runs + from;
		batch.count = to - from;
		if (batch.count && algorithm->feed(part->self, &batch, pages.count, err) < 0)
			return BEL_FAIL;
		for (; from < to; from++)
			batch.now += bel_run_count(chunk->runs[from]);
		if (!end)
			algorithm->request(part->self);
	}
	return BEL_OK;
}

static int part_cut(void *self, struct bel_err *err)
{
	struct bel_curve_part *const part = self;
	struct bel_curve *mark;

	if ((part->marks & (part->marks - 1)) == 0) {
		mark = reallocarray(part->mark, part->marks ? 2 * part->marks : 1, sizeof(*mark));
		if (!mark)
			return bel_err_memory(err, "intervals");
		part->mark = mark;
	}
	mark = &part->mark[part->marks++];
	*mark = (struct bel_curve){.count = 0};
	return part->self ? part->job->algorithm->snapshot(part->self, mark, err)
			  : curve_of_engine(part, mark, err);
}

static int part_finish(void *self, struct bel_err *err)
{
	struct bel_curve_part *const part = self;

	return part->self ? part->job->algorithm->finish(part->self, &part->curve, err)
			  : curve_of_engine(part, &part->curve, err);
}

const struct bel_consumer *bel_curve_part_consumer(const struct bel_curve_job *job)
{
	static const struct bel_consumer plain = {
		.feed = part_feed, .cut = part_cut, .finish = part_finish};
	static const struct bel_consumer knows_future = {.caps = BEL_CONSUMER_NEXT_USE,
		.feed = part_feed,
		.cut = part_cut,
		.finish = part_finish};

	static const struct bel_consumer requests = {
		.caps = BEL_CONSUMER_EVENTS, .feed = part_feed_requests, .finish = part_finish};

	if (job->algorithm && job->algorithm->caps & BEL_CURVE_REQUESTS)
		return &requests;
	return bel_curve_job_needs_future(job) ? &knows_future : &plain;
}

/* ---- merging the results ---- */

/* Removes points below the least size. Above the last point, the curve is constant. */
static void trim(struct bel_curve *curve, uint64_t least)
{
	double *const mean = curve->mean_resident;
	size_t from = 0;

	while (from + 1 < curve->count && curve->x[from] < least)
		from++;
	curve->count -= from;
	for (size_t i = 0; from && i < curve->count; i++) {
		curve->x[i] = curve->x[i + from];
		curve->faults[i] = curve->faults[i + from];
		if (curve->writebacks)
			curve->writebacks[i] = curve->writebacks[i + from];
		if (mean)
			mean[i] = mean[i + from];
	}
	if (curve->count && curve->x[0] < least)
		curve->x[0] = least;
}

static void drop_parts(struct bel_curve_job *job)
{
	for (size_t i = 0; i < job->parts; i++) {
		struct bel_curve_part *part = &job->part[i];

		if (part->self)
			job->algorithm->destroy(part->self);
		bel_sim_free(part->sim);
		bel_curve_release(&part->curve);
		for (size_t k = 0; k < part->marks; k++)
			bel_curve_release(&part->mark[k]);
		free(part->mark);
	}
	free(job->part);
	job->part = NULL;
	job->parts = 0;
}

/* A point of a curve. Members that the curve lacks are not used. */
struct point {
	uint64_t x, faults, writebacks, low, high;
	double mean_resident;
};

static int by_x(const void *left, const void *right)
{
	const struct point *a = left, *b = right;

	return a->x < b->x ? -1 : a->x > b->x;
}

static size_t take_points(struct point *to, const struct bel_curve *from)
{
	for (size_t i = 0; i < from->count; i++)
		to[i] = (struct point){
			.x = from->x[i],
			.faults = from->faults[i],
			.writebacks = from->writebacks ? from->writebacks[i] : 0,
			.low = from->low ? from->low[i] : from->faults[i],
			.high = from->high ? from->high[i] : from->faults[i],
			.mean_resident = from->mean_resident ? from->mean_resident[i] : 0,
		};
	return from->count;
}

/* Allocates an array if the curve has it. Both kinds of elements are 8 bytes wide. */
static void *room_for(const void *has, size_t count, bool *missing)
{
	void *array = has ? calloc(count ? count : 1, sizeof(uint64_t)) : NULL;

	*missing |= has && !array;
	return array;
}

/* Fills a curve that has the arrays of `like`. */
static int put_points(struct bel_curve *to, const struct bel_curve *like, const struct point *from,
	struct bel_err *err)
{
	bool missing = false;

	to->x = room_for(like->x, to->count, &missing);
	to->faults = room_for(like->faults, to->count, &missing);
	to->writebacks = room_for(like->writebacks, to->count, &missing);
	to->dirty = NULL; /* not in records of curves */
	to->mean_resident = room_for(like->mean_resident, to->count, &missing);
	to->low = room_for(like->low, to->count, &missing);
	to->high = room_for(like->high, to->count, &missing);
	if (missing)
		return bel_err_memory(err, "curves");
	for (size_t i = 0; i < to->count; i++) {
		to->x[i] = from[i].x;
		to->faults[i] = from[i].faults;
		if (to->writebacks)
			to->writebacks[i] = from[i].writebacks;
		if (to->mean_resident)
			to->mean_resident[i] = from[i].mean_resident;
		if (to->low)
			to->low[i] = from[i].low;
		if (to->high)
			to->high[i] = from[i].high;
	}
	return BEL_OK;
}

/* The counts of part `index` at the end of interval `mark`, or at the end. */
static const struct bel_curve *counted(const struct bel_curve_job *job, size_t index, size_t mark)
{
	const struct bel_curve_part *const part = &job->part[index];

	return mark < part->marks ? &part->mark[mark] : &part->curve;
}

/* Merges the counts of all parts at a mark into *to. */
static int merge(struct bel_curve_job *job, size_t mark, struct bel_curve *to, struct bel_err *err)
{
	const struct bel_curve *const like = counted(job, 0, mark);
	struct bel_curve merged = *like;
	size_t most = to->count, n;
	struct point *point;
	int r;

	for (size_t i = 0; i < job->parts; i++)
		most += counted(job, i, mark)->count;
	point = calloc(most ? most : 1, sizeof(*point));
	if (!point)
		return bel_err_memory(err, "curves");
	n = take_points(point, to);
	for (size_t i = 0; i < job->parts; i++)
		n += take_points(point + n, counted(job, i, mark));
	qsort(point, n, sizeof(*point), by_x);
	merged.count = n;
	r = put_points(&merged, like, point, err);
	free(point);
	bel_curve_release(to);
	*to = merged;
	if (r == BEL_OK)
		trim(to, job->least);
	return r;
}

/* The curve up to the end of each interval. */
static int end_marks(struct bel_curve_job *job, struct bel_err *err)
{
	const size_t marks = job->part[0].marks;

	if (!marks)
		return BEL_OK;
	job->mark = calloc(marks, sizeof(*job->mark));
	if (!job->mark)
		return bel_err_memory(err, "intervals");
	for (; job->marks < marks; job->marks++)
		if (merge(job, job->marks, &job->mark[job->marks], err) < 0)
			return BEL_FAIL;
	return BEL_OK;
}

int bel_curve_job_end(struct bel_curve_job *job, struct bel_err *err)
{
	int r = BEL_OK;

	for (size_t i = 0; i < job->parts && !job->err.code; i++)
		job->err = job->part[i].err;
	if (!job->err.code && job->parts) {
		r = end_marks(job, err);
		if (r == BEL_OK && job->parts == 1 && !job->curve.count) {
			job->curve = job->part[0].curve;
			job->part[0].curve = (struct bel_curve){.count = 0};
			trim(&job->curve, job->least);
		} else if (r == BEL_OK) {
			r = merge(job, SIZE_MAX, &job->curve, err);
		}
	}
	drop_parts(job);
	job->done = job->err.code || job->all || (!job->adaptive && job->taken == job->count);
	return r;
}

void bel_curve_job_release(struct bel_curve_job *job)
{
	drop_parts(job);
	bel_curve_release(&job->curve);
	for (size_t i = 0; i < job->marks; i++)
		bel_curve_release(&job->mark[i]);
	free(job->mark);
	free(job->x);
}
