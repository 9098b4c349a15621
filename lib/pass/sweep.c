/* SPDX-License-Identifier: MIT */
/* sweep.c: every policy with every number of frames, as consumers of one pass. */
#include "sweep.h"

#include <stdlib.h>

#include "number.h"
#include "reduction_scope.h"
#include "shared_sizes.h"

/* A configuration and its tallies at the ends of intervals. */
struct member {
	struct bel_configuration face;
	struct mark {
		uint64_t faults, writebacks, resident_page_references, resident;
	} * mark;
	size_t marks, capacity;
};

/* Consecutive members that are simulated together. */
struct group {
	struct bel_shared_sizes *sizes;
	struct member *member; /* the first */
	size_t count;
	struct bel_err err;
};

struct bel_sweep {
	struct bel_sweep_setup setup;
	struct member *member;
	size_t count;
	struct group *group; /* as many elements as members, so that none moves */
	size_t groups;
	/* While it runs: */
	struct bel_pass *pass;
	const struct bel_trace_info *info;
	bool waits; /* it waits for the footprint */
	struct bel_marked_input marked;
	bool read;                  /* the input has been read: it has no new filters */
	struct bel_stream *reduced; /* NULL: not made yet */
	uint64_t references;
};

struct bel_sweep *bel_sweep_new(const struct bel_sweep_setup *setup, struct bel_err *err)
{
	struct bel_sweep *const sweep = calloc(1, sizeof(*sweep));

	if (!sweep)
		bel_err_memory(err, "simulation");
	else
		sweep->setup = *setup;
	return sweep;
}

void bel_sweep_free(struct bel_sweep *sweep)
{
	if (!sweep)
		return;
	for (size_t i = 0; i < sweep->count; i++) {
		bel_sim_free(sweep->member[i].face.sim);
		free(sweep->member[i].mark);
	}
	for (size_t i = 0; i < sweep->groups; i++)
		bel_shared_sizes_free(sweep->group[i].sizes);
	bel_marks_release(&sweep->marked.marks);
	free(sweep->group);
	free(sweep->member);
	free(sweep);
}

/* ---- the consumers ---- */

static int feed(
	void *self, const struct bel_chunk *chunk, struct bel_granules pages, struct bel_err *err)
{
	struct bel_sim *const sim = ((struct member *)self)->face.sim;
	const struct bel_batch batch = {
		.runs = chunk->runs, .next = chunk->next, .count = chunk->count, .now = chunk->now};

	if (bel_sim_reserve(sim, pages.count, err) < 0)
		return BEL_FAIL;
	return bel_sim_feed(sim, &batch, err);
}

static int cut(void *self, struct bel_err *err)
{
	struct member *const member = self;
	struct bel_tally tally;

	if (member->marks == member->capacity) {
		const size_t capacity = member->capacity ? member->capacity * 2 : 64;
		struct mark *const mark = reallocarray(member->mark, capacity, sizeof(*mark));

		if (!mark)
			return bel_err_memory(err, "intervals");
		member->mark = mark;
		member->capacity = capacity;
	}
	bel_sim_tally(member->face.sim, &tally);
	member->mark[member->marks++] = (struct mark){
		.faults = tally.faults,
		.writebacks = tally.writebacks,
		.resident_page_references = tally.resident_page_references,
		.resident = tally.resident,
	};
	return BEL_OK;
}

static const struct bel_consumer plain = {.feed = feed, .cut = cut};
static const struct bel_consumer knows_future = {
	.caps = BEL_CONSUMER_NEXT_USE, .feed = feed, .cut = cut};

static int group_feed(
	void *self, const struct bel_chunk *chunk, struct bel_granules pages, struct bel_err *err)
{
	const struct bel_batch batch = {
		.runs = chunk->runs, .count = chunk->count, .now = chunk->now};

	return bel_shared_sizes_feed(((struct group *)self)->sizes, &batch, pages.count, err);
}

static int group_finish(void *self, struct bel_err *err)
{
	return bel_shared_sizes_finish(((struct group *)self)->sizes, err);
}

static const struct bel_consumer together = {.feed = group_feed, .finish = group_finish};

/* ---- the run ---- */

static bool has_default_params(const struct bel_policy_spec *spec)
{
	for (size_t i = 0; i < bel_policy_params(spec->policy); i++)
		if (spec->param[i] != spec->policy->params[i].value)
			return false;
	return true;
}

/*
 * OPT reads the trace twice, so it is kept in between. The runs that a reduction leaves out need not be
 * kept: OPT with 256 frames on a trace of python keeps 141 thousand runs, not 24 million.
 */
static bool reduces(
	const struct bel_sweep *sweep, const struct bel_policy_spec *spec, uint64_t frames)
{
	return spec->policy->caps & BEL_POLICY_FUTURE && !spec->plugin &&
	       has_default_params(spec) && bel_pass_reduction_pays(spec->policy->name, frames) &&
	       !sweep->read && !sweep->setup.generic && !sweep->setup.pass.interval &&
	       !sweep->info->valid_policies;
}

/* The stream that a configuration is fed with. Numbers of frames come in ascending order. */
static struct bel_stream *stream_for(struct bel_sweep *sweep, const struct bel_policy_spec *spec,
	uint64_t frames, struct bel_err *err)
{
	struct bel_stream *const all = bel_pass_input(sweep->pass);

	if (!reduces(sweep, spec, frames))
		return all;
	if (!sweep->reduced)
		sweep->reduced = bel_pass_reduce(sweep->pass, all, frames, err);
	return sweep->reduced;
}

static int add(struct bel_sweep *sweep, const struct bel_policy_spec *spec, uint64_t frames,
	struct bel_err *err)
{
	struct bel_stream *const stream = stream_for(sweep, spec, frames, err);
	struct member *const member = &sweep->member[sweep->count];
	const struct bel_sim_setup setup = {
		.spec = spec,
		.frames = frames,
		.seed = sweep->setup.seed,
		.generic = sweep->setup.generic,
	};

	if (!stream)
		return BEL_FAIL;
	member->face = (struct bel_configuration){.spec = spec, .frames = frames};
	member->face.sim = bel_sim_new(&setup, err);
	if (!member->face.sim)
		return BEL_FAIL;
	sweep->count++;
	return bel_pass_attach(sweep->pass, stream,
		spec->policy->caps & BEL_POLICY_FUTURE ? &knows_future : &plain, member,
		&member->face.err, err);
}

/* Adds numbers of frames of a policy as groups. Changes the setup. */
static int add_groups(struct bel_sweep *sweep, const struct bel_policy_spec *spec,
	struct bel_shared_sizes_setup *setup, struct bel_err *err)
{
	const uint64_t *const frames = setup->frames;
	const size_t count = setup->count;
	const size_t most = setup->algorithm->most_sizes ? setup->algorithm->most_sizes : count;
	int r = BEL_OK;

	setup->seed = sweep->setup.seed;
	for (size_t i = 0; r == BEL_OK && i < count; i += setup->count) {
		struct group *const group = &sweep->group[sweep->groups];

		setup->frames = frames + i;
		setup->count = count - i < most ? count - i : most;
		group->sizes = bel_shared_sizes_new(setup, err);
		if (!group->sizes)
			return BEL_FAIL;
		sweep->groups++;
		group->member = &sweep->member[sweep->count];
		group->count = setup->count;
		for (size_t k = 0; k < setup->count; k++)
			sweep->member[sweep->count++].face = (struct bel_configuration){
				.spec = spec, .frames = setup->frames[k]};
		r = bel_pass_attach(sweep->pass, bel_pass_input(sweep->pass), &together, group,
			&group->err, err);
	}
	return r;
}

/* Adds a policy with all its numbers of frames. */
static int add_spec(struct bel_sweep *sweep, const struct bel_policy_spec *spec,
	const uint64_t *frames, size_t count, struct bel_err *err)
{
	const bool variable = spec->policy->caps & BEL_POLICY_VARIABLE;
	struct bel_shared_sizes_setup shared = {.count = 0};
	const bool shares = !sweep->setup.generic && !sweep->setup.pass.interval &&
			    bel_shared_sizes_choose(spec, frames, count, &shared);
	const size_t engines = variable ? 1 : count - shared.count;
	int r = BEL_OK;

	for (size_t i = 0; r == BEL_OK && i < engines; i++)
		r = add(sweep, spec, variable ? 0 : frames[i], err);
	return shares && r == BEL_OK ? add_groups(sweep, spec, &shared, err) : r;
}

static int add_all(
	struct bel_sweep *sweep, const uint64_t *frames, size_t frame_count, struct bel_err *err)
{
	const struct bel_sweep_setup *const setup = &sweep->setup;

	sweep->member = calloc(setup->spec_count * (frame_count + 1), sizeof(*sweep->member));
	sweep->group = calloc(setup->spec_count * (frame_count + 1), sizeof(*sweep->group));
	if (!sweep->member || !sweep->group)
		return bel_err_memory(err, "simulation");
	/* A reduced trace is valid only for some policies, from some number of frames on. */
	for (size_t s = 0; s < setup->spec_count; s++)
		for (size_t i = 0; i < frame_count; i++)
			if (bel_reduction_scope_check(
				    sweep->info, setup->specs[s].policy->name, frames[i], err) < 0)
				return BEL_FAIL;
	for (size_t s = 0; s < setup->spec_count; s++)
		if (add_spec(sweep, &setup->specs[s], frames, frame_count, err) < 0)
			return BEL_FAIL;
	return BEL_OK;
}

static int plan(struct bel_sweep *sweep, uint64_t footprint, struct bel_err *err)
{
	uint64_t *frames;
	size_t count;
	const uint64_t page_bytes = bel_stream_page_bytes(bel_pass_input(sweep->pass));
	const unsigned bits = (unsigned)__builtin_ctzll(page_bytes);
	const char *const text = sweep->setup.frames;
	int r = sweep->setup.in_bytes ? bel_parse_memory(text, bits, &frames, &count, err)
				      : bel_parse_frames(text, footprint, &frames, &count, err);

	if (r < 0)
		return r;
	r = add_all(sweep, frames, count, err);
	free(frames);
	return r;
}

/* After a reading: the footprint is known. */
static int between(void *host, struct bel_err *err)
{
	struct bel_sweep *const sweep = host;
	const struct bel_stream *const all = bel_pass_input(sweep->pass);

	sweep->read = true;
	if (!sweep->waits)
		return BEL_OK;
	sweep->waits = false;
	if (!bel_stream_references(all))
		return bel_fail(err, "the trace has no references, so it has no footprint");
	return plan(sweep, bel_stream_pages(all), err);
}

/* The counts at the end. */
static void take_counts(struct bel_sweep *sweep)
{
	for (size_t i = 0; i < sweep->count; i++) {
		struct bel_configuration *const face = &sweep->member[i].face;

		if (!face->sim || face->err.code)
			continue;
		bel_sim_tally(face->sim, &face->tally);
		face->dirty = bel_sim_dirty(face->sim);
	}
	for (size_t g = 0; g < sweep->groups; g++) {
		const struct group *const group = &sweep->group[g];

		for (size_t i = 0; i < group->count; i++) {
			struct bel_configuration *const face = &group->member[i].face;

			face->err = group->err;
			if (!face->err.code)
				bel_shared_sizes_tally(group->sizes, i, &face->tally, &face->dirty);
		}
	}
}

int bel_sweep_input(struct bel_sweep *sweep, const struct bel_pass_input *input,
	const struct bel_trace_info *info, uint64_t footprint, struct bel_err *err)
{
	struct bel_pass_setup setup = sweep->setup.pass;
	struct bel_pass_input from = *input;
	int r;

	setup.between = between;
	setup.host = sweep;
	if (setup.interval)
		from = bel_marks_input(&sweep->marked, input);
	sweep->pass = bel_pass_new(&setup, &from, err);
	if (!sweep->pass)
		return BEL_FAIL;
	sweep->info = info;
	sweep->waits = bel_frames_need_footprint(sweep->setup.frames) && !footprint;
	r = sweep->waits ? bel_pass_keep(bel_pass_input(sweep->pass), err)
			 : plan(sweep, footprint, err);
	if (r == 0)
		r = bel_pass_run(sweep->pass, err);
	if (r == 0)
		take_counts(sweep);
	sweep->references = bel_stream_references(bel_pass_input(sweep->pass));
	bel_pass_free(sweep->pass);
	sweep->pass = NULL;
	return r;
}

int bel_sweep_source(struct bel_sweep *sweep, struct bel_source *source, struct bel_err *err)
{
	const struct bel_pass_input input = bel_pass_source(source);
	uint64_t footprint = 0;

	if (bel_frames_need_footprint(sweep->setup.frames) &&
		bel_source_footprint(source, &footprint, err) < 0)
		return BEL_FAIL;
	return bel_sweep_input(sweep, &input, bel_source_info(source), footprint, err);
}

uint64_t bel_sweep_references(const struct bel_sweep *sweep)
{
	return sweep->references;
}

const struct bel_marks *bel_sweep_marks(const struct bel_sweep *sweep)
{
	return &sweep->marked.marks;
}

const struct bel_configuration *bel_sweep_at(const struct bel_sweep *sweep, size_t index)
{
	return index < sweep->count ? &sweep->member[index].face : NULL;
}

void bel_sweep_report(const struct bel_sweep *sweep, size_t index, struct bel_sink *sink)
{
	const struct member *const of = &sweep->member[index];

	if (of->face.sim) {
		bel_sim_report(of->face.sim, sink);
		return;
	}
	for (size_t g = 0; g < sweep->groups; g++) {
		const struct group *const group = &sweep->group[g];

		if (of >= group->member && of < group->member + group->count)
			bel_shared_sizes_report(group->sizes, (size_t)(of - group->member), sink);
	}
}

bool bel_sweep_interval(const struct bel_sweep *sweep, size_t configuration, size_t index,
	struct bel_interval *interval)
{
	const struct member *const of = &sweep->member[configuration];
	const uint64_t length = sweep->setup.pass.interval;
	const struct mark none = {.faults = 0};
	const struct mark *from, *to;

	if (index >= of->marks)
		return false;
	from = index ? &of->mark[index - 1] : &none;
	to = &of->mark[index];
	interval->start = index * length;
	interval->references = of->face.tally.references - interval->start;
	if (interval->references > length)
		interval->references = length;
	interval->faults = to->faults - from->faults;
	interval->writebacks = to->writebacks - from->writebacks;
	interval->resident_page_references =
		to->resident_page_references - from->resident_page_references;
	interval->resident = to->resident;
	return true;
}
