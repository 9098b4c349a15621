/* SPDX-License-Identifier: MIT */
/*
 * shared_sizes.c: from a curve to the counts of engines.
 *
 * The policies concerned evict a page only if a page needs its frame (BEL_CURVE_WRITEBACKS). So page
 * number n, in order of first reference, adds one resident page in a memory of more than n frames
 * from its first reference on, and nothing else changes the number of resident pages.
 */
#include "shared_sizes.h"

#include <stdlib.h>
#include <string.h>

#include "curve_spec.h"

struct bel_shared_sizes {
	const struct bel_curve_algorithm *algorithm;
	void *self;
	struct bel_curve curve; /* once finished */
	uint32_t seen;          /* pages referenced so far */
	uint64_t first_sum;     /* sum of the times of their first references */
	size_t filled;          /* sizes whose frames are all taken */
	uint64_t *full_sum;     /* of each of them: the sum when they were */
	size_t count;
	uint64_t frames[];
};

bool bel_shared_sizes_choose(const struct bel_policy_spec *spec, const uint64_t *frames,
	size_t count, struct bel_shared_sizes_setup *setup)
{
	const struct bel_curve_spec of = {.name = spec->policy->name, .spec = spec};
	const struct bel_curve_algorithm *a;
	size_t engines;

	if (spec->policy->caps & BEL_POLICY_VARIABLE)
		return false;
	a = bel_curve_choose(&of, 0, BEL_CURVE_WRITEBACKS, setup->param);
	if (!a)
		return false;
	engines = bel_curve_left_to_engines(a, frames, count);
	if (count - engines < 2)
		return false;
	/* Only an engine has the policy's own figures. */
	if (spec->policy->report && !a->report)
		return false;
	setup->algorithm = a;
	setup->frames = frames + engines;
	setup->count = count - engines;
	return true;
}

struct bel_shared_sizes *bel_shared_sizes_new(
	const struct bel_shared_sizes_setup *setup, struct bel_err *err)
{
	struct bel_shared_sizes *const shared =
		calloc(1, sizeof(*shared) + setup->count * sizeof(*shared->frames));
	struct bel_curve_setup curve = {
		.count = setup->count,
		.writebacks = true,
		.seed = setup->seed,
	};

	if (!shared) {
		bel_err_memory(err, "simulation");
		return NULL;
	}
	memcpy(shared->frames, setup->frames, setup->count * sizeof(*shared->frames));
	memcpy(curve.param, setup->param, sizeof(curve.param));
	curve.x = shared->frames;
	shared->count = setup->count;
	shared->algorithm = setup->algorithm;
	shared->full_sum = calloc(setup->count, sizeof(*shared->full_sum));
	if (!shared->full_sum)
		bel_err_memory(err, "simulation");
	else
		shared->self = shared->algorithm->create(&curve, err);
	if (shared->self)
		return shared;
	bel_shared_sizes_free(shared);
	return NULL;
}

void bel_shared_sizes_free(struct bel_shared_sizes *shared)
{
	if (!shared)
		return;
	if (shared->self)
		shared->algorithm->destroy(shared->self);
	bel_curve_release(&shared->curve);
	free(shared->full_sum);
	free(shared);
}

/* Pages have numbers in order of first reference. */
static void note_first_references(struct bel_shared_sizes *shared, const struct bel_batch *batch)
{
	uint64_t now = batch->now;

	for (size_t i = 0; i < batch->count; i++) {
		if (batch->runs[i].page == shared->seen) {
			shared->seen++;
			shared->first_sum += now;
			if (shared->filled < shared->count &&
				shared->frames[shared->filled] == shared->seen)
				shared->full_sum[shared->filled++] = shared->first_sum;
		}
		now += bel_run_count(batch->runs[i]);
	}
}

int bel_shared_sizes_feed(struct bel_shared_sizes *shared, const struct bel_batch *batch,
	uint32_t pages, struct bel_err *err)
{
	if (shared->seen < pages)
		note_first_references(shared, batch);
	return shared->algorithm->feed(shared->self, batch, shared->seen, err);
}

int bel_shared_sizes_finish(struct bel_shared_sizes *shared, struct bel_err *err)
{
	const int r = shared->algorithm->finish(shared->self, &shared->curve, err);

	if (shared->algorithm->report)
		return r;
	/* Its memory is no longer needed, and others may still be at work. */
	shared->algorithm->destroy(shared->self);
	shared->self = NULL;
	return r;
}

void bel_shared_sizes_tally(const struct bel_shared_sizes *shared, size_t index,
	struct bel_tally *tally, uint64_t *dirty)
{
	const struct bel_curve *const curve = &shared->curve;
	const bool full = index < shared->filled;
	const uint64_t resident = full ? shared->frames[index] : shared->seen;
	const uint64_t sum = full ? shared->full_sum[index] : shared->first_sum;

	*tally = (struct bel_tally){
		.references = curve->references,
		.faults = curve->faults[index],
		.compulsory = shared->seen,
		.evictions = curve->faults[index] - resident,
		.writebacks = curve->writebacks[index],
		.resident = resident,
		.peak = resident,
		.resident_page_references = resident * curve->references - sum,
	};
	*dirty = curve->dirty[index];
}

void bel_shared_sizes_report(
	const struct bel_shared_sizes *shared, size_t index, struct bel_sink *sink)
{
	if (shared->algorithm->report)
		shared->algorithm->report(shared->self, index, sink);
}
