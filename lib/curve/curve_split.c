/* SPDX-License-Identifier: MIT */
/* curve_split.c: which sizes of a shared pass get an engine, and the curve of both. */
#include "curve_split.h"

#include <stdlib.h>
#include <string.h>

#include "points.h"
#include "run.h"
#include "sim.h"

enum {
	/*
	 * Runs that are kept. As many as it takes until sizes of some thousand frames are full, and
	 * few enough that counting them twice takes no time that matters.
	 */
	KEPT = 1 << 16,
	NEAR_PAGES = 1 << 14, /* the memory for so many pages stays in the cache */
	MOST_WAIT = 1 << 20,  /* runs that wait for the engines' turns */
};

struct split {
	const struct bel_curve_shared *shared;
	struct bel_curve_setup setup;
	struct bel_policy_spec spec; /* of the engines */
	void *self;                  /* the shared pass; NULL: every size has an engine */
	uint64_t *x;                 /* the sizes of the shared pass */
	struct bel_sim **sim;        /* by size; NULL: in the shared pass */
	size_t engines;
	struct bel_run *kept;  /* the start of the trace; NULL: the choice is made */
	size_t count;          /* runs that are kept */
	struct bel_curve half; /* the curve of the first half of them */
	uint32_t pages;
	struct {
		struct bel_run *runs;
		size_t count, room;
		uint64_t now; /* time of the first */
	} waiting;
};

void bel_curve_split_free(void *self)
{
	struct split *const split = self;

	if (split->self)
		split->shared->destroy(split->self);
	for (size_t i = 0; split->sim && i < split->setup.count; i++)
		bel_sim_free(split->sim[i]);
	free(split->sim);
	free(split->x);
	free(split->kept);
	free(split->waiting.runs);
	bel_curve_release(&split->half);
	free(split);
}

/* The policy with the parameters of the setup. */
static void make_spec(struct split *split)
{
	const struct bel_param *const params = split->shared->params;
	struct bel_policy_spec *const spec = &split->spec;

	spec->policy = bel_policy_find(split->shared->policy);
	for (size_t i = 0; i < bel_policy_params(spec->policy); i++) {
		spec->param[i] = spec->policy->params[i].value;
		for (size_t k = 0; params && params[k].name; k++)
			if (!strcmp(params[k].name, spec->policy->params[i].name))
				spec->param[i] = split->setup.param[k];
	}
}

void *bel_curve_split_new(const struct bel_curve_shared *shared,
	const struct bel_curve_setup *setup, struct bel_err *err)
{
	struct split *const split = calloc(1, sizeof(*split));

	if (!split) {
		bel_err_memory(err, shared->policy);
		return NULL;
	}
	split->shared = shared;
	split->setup = *setup;
	split->sim = calloc(setup->count, sizeof(*split->sim));
	split->x = calloc(setup->count, sizeof(*split->x));
	split->kept = malloc(KEPT * sizeof(*split->kept));
	if (!split->sim || !split->x || !split->kept)
		bel_err_memory(err, shared->policy);
	else
		split->self = shared->create(setup, err);
	if (split->self) {
		make_spec(split);
		return split;
	}
	bel_curve_split_free(split);
	return NULL;
}

/* Takes the first runs off a batch. */
static void skip(struct bel_batch *batch, size_t count)
{
	for (size_t i = 0; i < count; i++)
		batch->now += bel_run_count(batch->runs[i]);
	batch->runs += count;
	batch->count -= count;
}

static int feed_all(
	struct split *split, const struct bel_batch *batch, uint32_t pages, struct bel_err *err)
{
	if (split->self && split->shared->feed(split->self, batch, pages, err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; split->engines && i < split->setup.count; i++)
		if (split->sim[i] && (bel_sim_reserve(split->sim[i], pages, err) < 0 ||
					     bel_sim_feed(split->sim[i], batch, err) < 0))
			return BEL_FAIL;
	return BEL_OK;
}

static int make_engine(struct split *split, size_t i, struct bel_err *err)
{
	const struct bel_sim_setup setup = {
		.spec = &split->spec, .frames = split->setup.x[i], .seed = split->setup.seed};

	split->sim[i] = bel_sim_new(&setup, err);
	if (!split->sim[i])
		return BEL_FAIL;
	split->engines++;
	return BEL_OK;
}

/* Starts the shared pass again with the sizes that have no engine, and feeds what is kept. */
static int start_again(struct split *split, uint32_t pages, struct bel_err *err)
{
	const struct bel_batch start = {.runs = split->kept, .count = split->count};
	struct bel_curve_setup setup = split->setup;

	setup.x = split->x;
	setup.count = 0;
	for (size_t i = 0; i < split->setup.count; i++)
		if (!split->sim[i])
			split->x[setup.count++] = split->setup.x[i];
	split->shared->destroy(split->self);
	split->self = NULL;
	if (setup.count) {
		split->self = split->shared->create(&setup, err);
		if (!split->self)
			return BEL_FAIL;
	}
	return feed_all(split, &start, pages, err);
}

/* Pages of the kept start. They have numbers in order of first reference. */
static uint32_t pages_of_start(const struct split *split)
{
	uint32_t pages = 0;

	for (size_t i = 0; i < split->count; i++)
		if (split->kept[i].page >= pages)
			pages = split->kept[i].page + 1;
	return pages;
}

/* Whether an engine may be faster at size i. */
static bool may_leave(const struct split *split, size_t i)
{
	const struct bel_curve_shared *const shared = split->shared;
	const uint64_t *const x = split->setup.x, largest = x[split->setup.count - 1];

	return x[i] >= shared->from_frames && (!shared->to_frames || largest <= shared->to_frames);
}

/* Loads that fill empty frames do not count: they are mostly in the first half. */
static int choose(struct split *split, uint32_t pages, struct bel_err *err)
{
	const size_t half = split->count / 2;
	const double most = split->shared->most_misses * (double)half;
	const uint32_t known = pages_of_start(split);
	struct bel_curve curve;
	int r = BEL_OK;

	if (split->shared->snapshot(split->self, &curve, err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; r == BEL_OK && i < curve.count; i++)
		if (known >= split->shared->from_pages && may_leave(split, i) &&
			(double)(curve.faults[i] - split->half.faults[i]) > most)
			r = make_engine(split, i, err);
	bel_curve_release(&curve);
	if (r == BEL_OK && split->engines)
		r = start_again(split, pages, err);
	free(split->kept);
	split->kept = NULL;
	return r;
}

/* Feeds runs that are kept, up to the next half. Returns their number, or a negative code. */
static int feed_kept(
	struct split *split, const struct bel_batch *batch, uint32_t pages, struct bel_err *err)
{
	const size_t half = split->count < KEPT / 2 ? KEPT / 2 : KEPT;
	struct bel_batch part = *batch;

	if (part.count > half - split->count)
		part.count = half - split->count;
	memcpy(split->kept + split->count, part.runs, part.count * sizeof(*part.runs));
	split->count += part.count;
	if (feed_all(split, &part, pages, err) < 0 ||
		(split->count == KEPT / 2 &&
			split->shared->snapshot(split->self, &split->half, err) < 0) ||
		(split->count == KEPT && choose(split, pages, err) < 0))
		return BEL_FAIL;
	return (int)part.count;
}

/* ---- with engines ---- */

static int feed_waiting(struct split *split, struct bel_err *err)
{
	const struct bel_batch batch = {.runs = split->waiting.runs,
		.count = split->waiting.count,
		.now = split->waiting.now};

	split->waiting.count = 0;
	return feed_all(split, &batch, split->pages, err);
}

/*
 * Engines take turns, and each finds the cache filled by the others. With many pages the runs wait
 * until a turn is long enough to make up for that: 9 sizes of ARC on 1 M pages take 8.3 s without,
 * 6.2 s with this.
 */
static size_t runs_of_turn(const struct split *split)
{
	if (split->pages <= NEAR_PAGES)
		return 0;
	return split->pages < MOST_WAIT ? split->pages : MOST_WAIT;
}

static int reserve_waiting(struct split *split, size_t room, struct bel_err *err)
{
	struct bel_run *const grown =
		reallocarray(split->waiting.runs, room, sizeof(*split->waiting.runs));

	if (!grown)
		return bel_err_memory(err, split->shared->policy);
	split->waiting.runs = grown;
	split->waiting.room = room;
	return BEL_OK;
}

static int feed_in_turns(struct split *split, const struct bel_batch *batch, struct bel_err *err)
{
	const size_t turn = runs_of_turn(split);
	struct bel_batch rest = *batch;

	if (!split->waiting.count && rest.count >= turn)
		return feed_all(split, &rest, split->pages, err);
	if (turn > split->waiting.room && reserve_waiting(split, turn, err) < 0)
		return BEL_FAIL;
	while (rest.count) {
		const size_t room = split->waiting.room - split->waiting.count;
		const size_t n = rest.count < room ? rest.count : room;

		if (!split->waiting.count)
			split->waiting.now = rest.now;
		memcpy(split->waiting.runs + split->waiting.count, rest.runs,
			n * sizeof(*rest.runs));
		split->waiting.count += n;
		if (split->waiting.count == split->waiting.room && feed_waiting(split, err) < 0)
			return BEL_FAIL;
		skip(&rest, n);
	}
	return BEL_OK;
}

int bel_curve_split_feed(
	void *self, const struct bel_batch *batch, uint32_t pages, struct bel_err *err)
{
	struct split *const split = self;
	struct bel_batch rest = *batch;

	split->pages = pages;
	while (split->kept && rest.count) {
		const int fed = feed_kept(split, &rest, pages, err);

		if (fed < 0)
			return BEL_FAIL;
		skip(&rest, (size_t)fed);
	}
	return split->engines ? feed_in_turns(split, &rest, err)
			      : feed_all(split, &rest, pages, err);
}

/* Puts the counts of an engine at point i. */
static void put_engine(struct bel_curve *curve, size_t i, const struct bel_sim *sim)
{
	struct bel_tally tally;

	bel_sim_tally(sim, &tally);
	curve->references = tally.references;
	curve->faults[i] = tally.faults;
	if (curve->writebacks)
		curve->writebacks[i] = tally.writebacks;
	if (curve->dirty)
		curve->dirty[i] = bel_sim_dirty(sim);
	if (curve->mean_resident)
		curve->mean_resident[i] =
			(double)tally.resident_page_references / (double)tally.references;
}

/* Puts point `from` of the shared pass at point i. */
static void put_shared(
	struct bel_curve *curve, size_t i, const struct bel_curve *shared, size_t from)
{
	curve->faults[i] = shared->faults[from];
	if (curve->writebacks)
		curve->writebacks[i] = shared->writebacks[from];
	if (curve->dirty)
		curve->dirty[i] = shared->dirty[from];
	if (curve->mean_resident)
		curve->mean_resident[i] = shared->mean_resident[from];
}

/* Copies the first curve, whose sizes are all sizes. Its counts are then replaced. */
static int copy_first(const struct split *split, struct bel_curve *curve, struct bel_err *err)
{
	const struct bel_curve *const first = &split->half;
	struct bel_curve copy;

	if (bel_points_init_writebacks(&copy, &split->setup, split->pages, err) < 0)
		return BEL_FAIL;
	if (first->mean_resident)
		copy.mean_resident = calloc(copy.count, sizeof(*copy.mean_resident));
	if (first->mean_resident && !copy.mean_resident) {
		bel_curve_release(&copy);
		return bel_err_memory(err, "a curve");
	}
	copy.policy = first->policy;
	copy.algorithm = first->algorithm;
	copy.exact = true;
	copy.pages = split->pages;
	copy.compulsory = split->pages;
	*curve = copy;
	return BEL_OK;
}

int bel_curve_split_snapshot(void *self, struct bel_curve *curve, struct bel_err *err)
{
	struct split *const split = self;
	struct bel_curve shared = {.count = 0};
	size_t taken = 0;

	if (split->waiting.count && feed_waiting(split, err) < 0)
		return BEL_FAIL;
	if (!split->engines)
		return split->shared->snapshot(split->self, curve, err);
	if (split->self && split->shared->snapshot(split->self, &shared, err) < 0)
		return BEL_FAIL;
	if (copy_first(split, curve, err) < 0) {
		bel_curve_release(&shared);
		return BEL_FAIL;
	}
	for (size_t i = 0; i < curve->count; i++)
		if (split->sim[i])
			put_engine(curve, i, split->sim[i]);
		else
			put_shared(curve, i, &shared, taken++);
	bel_curve_release(&shared);
	return BEL_OK;
}

void bel_curve_split_report(const void *self, size_t index, struct bel_sink *sink)
{
	const struct split *const split = self;
	size_t taken = index; /* in the shared pass */

	if (split->sim[index]) {
		bel_sim_report(split->sim[index], sink);
		return;
	}
	for (size_t i = 0; i < index; i++)
		taken -= split->sim[i] != NULL;
	if (split->shared->report)
		split->shared->report(split->self, taken, sink);
}

size_t bel_curve_split_engines(const void *self)
{
	return ((const struct split *)self)->engines;
}
