/* SPDX-License-Identifier: MIT */
/* fleet.c: many (policy, frames) pairs over one reading of a trace, on all cores. */
#include "fleet.h"

#include <stdlib.h>
#include <string.h>

#include "pool.h"

#define STAGE 16384 /* runs handed out at a time: they fit a second-level cache */

/* Runs on their way to the members; while one stage is worked on, the other is filled. */
struct stage {
	struct bel_run *runs;
	uint64_t *next; /* NULL in a pass without the future */
	size_t count;
	uint64_t now;   /* time of the first */
	uint32_t pages; /* more than any page number in it */
	size_t *border; /* an interval ends after so many of the runs */
	size_t borders;
};

/* A member and its series: the tallies at the borders of intervals. */
struct member {
	struct bel_fleet_member face;
	struct mark {
		uint64_t faults, writebacks, page_time, resident;
	} * mark;
	size_t marks, room;
};

struct bel_fleet {
	struct bel_pool *pool;
	bool threaded;
	struct member *members;
	size_t count;
	size_t *active; /* members of this pass */
	size_t active_count;
	uint64_t interval, now; /* now: time after the last run that was taken */
	bool future;            /* runs of this pass come with `next` */
	struct stage stage[2];
	unsigned filling; /* the stage that is */
};

static int member_add(struct bel_fleet *fleet, const struct bel_fleet_setup *setup,
	const struct bel_policy_spec *spec, uint64_t frames, struct bel_err *err)
{
	struct member *member = &fleet->members[fleet->count];
	const struct bel_sim_setup one = {
		.spec = spec,
		.frames = frames,
		.seed = setup->seed,
		.generic = setup->generic,
	};

	member->face.spec = spec;
	member->face.frames = frames;
	member->face.sim = bel_sim_new(&one, err);
	if (!member->face.sim)
		return BEL_FAIL;
	fleet->count++;
	return 0;
}

static int members_add(
	struct bel_fleet *fleet, const struct bel_fleet_setup *setup, struct bel_err *err)
{
	for (size_t i = 0; i < setup->spec_count; i++) {
		const struct bel_policy_spec *spec = &setup->specs[i];

		if (spec->policy->caps & BEL_POLICY_VARIABLE) {
			if (member_add(fleet, setup, spec, 0, err) < 0)
				return BEL_FAIL;
			continue;
		}
		for (size_t f = 0; f < setup->frame_count; f++)
			if (member_add(fleet, setup, spec, setup->frames[f], err) < 0)
				return BEL_FAIL;
	}
	return 0;
}

static int stages_add(struct bel_fleet *fleet, struct bel_err *err)
{
	for (size_t i = 0; i < 2; i++) {
		struct stage *stage = &fleet->stage[i];

		stage->runs = malloc(STAGE * sizeof(*stage->runs));
		stage->next = malloc(STAGE * sizeof(*stage->next));
		stage->border = malloc(STAGE * sizeof(*stage->border));
		if (!stage->runs || !stage->next || !stage->border)
			return bel_err_memory(err, "simulation");
	}
	return 0;
}

struct bel_fleet *bel_fleet_new(const struct bel_fleet_setup *setup, struct bel_err *err)
{
	const size_t most = setup->spec_count * (setup->frame_count + 1);
	struct bel_fleet *fleet = calloc(1, sizeof(*fleet));

	if (fleet) {
		fleet->members = calloc(most ? most : 1, sizeof(*fleet->members));
		fleet->active = calloc(most ? most : 1, sizeof(*fleet->active));
	}
	if (!fleet || !fleet->members || !fleet->active) {
		bel_err_memory(err, "simulation");
		bel_fleet_free(fleet);
		return NULL;
	}
	fleet->interval = setup->interval;
	if (members_add(fleet, setup, err) == 0 && stages_add(fleet, err) == 0) {
		/* The caller's thread decodes, then helps. */
		const size_t others = setup->jobs > 1 ? setup->jobs - 1 : 0;
		const size_t threads = others < fleet->count ? others : fleet->count;

		fleet->threaded = threads > 0;
		fleet->pool = bel_pool_new(threads, err);
	}
	if (fleet->pool)
		return fleet;
	bel_fleet_free(fleet);
	return NULL;
}

void bel_fleet_free(struct bel_fleet *fleet)
{
	if (!fleet)
		return;
	bel_pool_free(fleet->pool);
	for (size_t i = 0; i < fleet->count; i++) {
		bel_sim_free(fleet->members[i].face.sim);
		free(fleet->members[i].mark);
	}
	for (size_t i = 0; i < 2; i++) {
		free(fleet->stage[i].runs);
		free(fleet->stage[i].next);
		free(fleet->stage[i].border);
	}
	free(fleet->active);
	free(fleet->members);
	free(fleet);
}

static bool needs_future(const struct member *member)
{
	return member->face.spec->policy->caps & BEL_POLICY_FUTURE;
}

bool bel_fleet_needs_future(const struct bel_fleet *fleet)
{
	for (size_t i = 0; i < fleet->count; i++)
		if (needs_future(&fleet->members[i]))
			return true;
	return false;
}

void bel_fleet_begin(struct bel_fleet *fleet, unsigned which)
{
	fleet->active_count = 0;
	for (size_t i = 0; i < fleet->count; i++)
		if (which & (needs_future(&fleet->members[i]) ? BEL_FLEET_FUTURE : BEL_FLEET_PLAIN))
			fleet->active[fleet->active_count++] = i;
	fleet->future = which & BEL_FLEET_FUTURE;
	fleet->now = 0;
	for (size_t i = 0; i < 2; i++) {
		fleet->stage[i].count = 0;
		fleet->stage[i].borders = 0;
	}
}

static int mark_add(struct member *member)
{
	struct bel_tally tally;

	if (member->marks == member->room) {
		const size_t room = member->room ? member->room * 2 : 64;
		struct mark *mark = reallocarray(member->mark, room, sizeof(*mark));

		if (!mark)
			return bel_err_memory(&member->face.err, "intervals");
		member->mark = mark;
		member->room = room;
	}
	bel_sim_tally(member->face.sim, &tally);
	member->mark[member->marks++] = (struct mark){
		.faults = tally.faults,
		.writebacks = tally.writebacks,
		.page_time = tally.page_time,
		.resident = tally.resident,
	};
	return 0;
}

/* Feeds a member with part of a stage. */
static int feed_part(struct bel_fleet *fleet, struct member *member, const struct stage *stage,
	size_t from, size_t to)
{
	struct bel_tally tally;
	struct bel_batch batch = {
		.runs = stage->runs + from,
		.next = fleet->future ? stage->next + from : NULL,
		.count = to - from,
	};

	bel_sim_tally(member->face.sim, &tally);
	batch.now = tally.references;
	return bel_sim_feed(member->face.sim, &batch, &member->face.err);
}

/* The pool's task: one member and the stage that is not being filled. */
static void feed_member(void *argument, size_t index)
{
	struct bel_fleet *fleet = argument;
	struct member *member = &fleet->members[fleet->active[index]];
	const struct stage *stage = &fleet->stage[!fleet->filling];
	size_t from = 0;

	if (member->face.err.code)
		return;
	if (bel_sim_reserve(member->face.sim, stage->pages, &member->face.err) < 0)
		return;
	for (size_t i = 0; i < stage->borders; i++) {
		if (feed_part(fleet, member, stage, from, stage->border[i]) < 0)
			return;
		if (mark_add(member) < 0)
			return;
		from = stage->border[i];
	}
	feed_part(fleet, member, stage, from, stage->count);
}

/* The stage that was filled goes to the members, the other one is filled next. */
static void hand_over(struct bel_fleet *fleet)
{
	struct stage *stage;

	bel_pool_wait(fleet->pool);
	fleet->filling = !fleet->filling;
	stage = &fleet->stage[fleet->filling];
	stage->count = 0;
	stage->borders = 0;
	stage->pages = 0;
	bel_pool_start(fleet->pool, feed_member, fleet, fleet->active_count);
	if (!fleet->threaded)
		bel_pool_wait(fleet->pool);
}

static struct stage *stage_with_room(struct bel_fleet *fleet, uint32_t pages)
{
	struct stage *stage = &fleet->stage[fleet->filling];

	if (stage->count == STAGE) {
		hand_over(fleet);
		stage = &fleet->stage[fleet->filling];
	}
	stage->pages = pages > stage->pages ? pages : stage->pages;
	return stage;
}

/* Takes a run; one that lies across the border of an interval is cut there, into equal parts. */
static void take_cut(struct bel_fleet *fleet, struct bel_run run, uint64_t next, uint32_t pages)
{
	const uint32_t flags = run.info & BEL_RUN_FLAGS;
	uint64_t left = bel_run_count(run);

	while (left) {
		struct stage *stage = stage_with_room(fleet, pages);
		const uint64_t to_border = fleet->interval - fleet->now % fleet->interval;
		const uint64_t count = left < to_border ? left : to_border;

		left -= count;
		fleet->now += count;
		stage->runs[stage->count].page = run.page;
		stage->runs[stage->count].info = (uint32_t)count << BEL_RUN_COUNT_SHIFT | flags;
		stage->next[stage->count] = left ? fleet->now : next;
		stage->count++;
		if (count == to_border)
			stage->border[stage->borders++] = stage->count;
	}
}

void bel_fleet_feed(struct bel_fleet *fleet, const struct bel_batch *batch, uint32_t pages)
{
	size_t i = 0;

	while (i < batch->count && fleet->interval) {
		take_cut(fleet, batch->runs[i], batch->next ? batch->next[i] : 0, pages);
		i++;
	}
	while (i < batch->count) {
		struct stage *stage = stage_with_room(fleet, pages);
		size_t n = STAGE - stage->count;

		n = n < batch->count - i ? n : batch->count - i;
		memcpy(stage->runs + stage->count, batch->runs + i, n * sizeof(*stage->runs));
		if (batch->next)
			memcpy(stage->next + stage->count, batch->next + i,
				n * sizeof(*stage->next));
		stage->count += n;
		i += n;
	}
}

void bel_fleet_finish(struct bel_fleet *fleet)
{
	hand_over(fleet);
	bel_pool_wait(fleet->pool);
	for (size_t i = 0; i < fleet->active_count; i++) {
		struct member *member = &fleet->members[fleet->active[i]];

		if (!member->face.err.code && fleet->interval && fleet->now % fleet->interval)
			mark_add(member);
	}
}

const struct bel_fleet_member *bel_fleet_member(const struct bel_fleet *fleet, size_t index)
{
	return index < fleet->count ? &fleet->members[index].face : NULL;
}

bool bel_fleet_interval(
	const struct bel_fleet *fleet, size_t member, size_t index, struct bel_interval *interval)
{
	const struct member *of = &fleet->members[member];
	const struct mark none = {.faults = 0};
	const struct mark *from, *to;
	struct bel_tally tally;

	if (index >= of->marks)
		return false;
	from = index ? &of->mark[index - 1] : &none;
	to = &of->mark[index];
	bel_sim_tally(of->face.sim, &tally);
	interval->start = index * fleet->interval;
	interval->references = tally.references - interval->start;
	if (interval->references > fleet->interval)
		interval->references = fleet->interval;
	interval->faults = to->faults - from->faults;
	interval->writebacks = to->writebacks - from->writebacks;
	interval->page_time = to->page_time - from->page_time;
	interval->resident = to->resident;
	return true;
}
