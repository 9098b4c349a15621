/* SPDX-License-Identifier: MIT */
/*
 * slice.c: decides which references or runs of a trace are kept.
 */
#include "slice.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "region_tracker.h"
#include "window.h"

/* The state of a space. */
struct place {
	uint64_t pid, thread; /* BEL_SLICE_ANY: not known */
	bool kept;
};

struct bel_slice {
	struct bel_slice_options options;
	unsigned unit_bits, granule_bits;
	bool kernel; /* data references may be the kernel's */
	bool stacks; /* call stacks are kept */
	bool whole;  /* whole chunks are taken or left out: by process, between marks */
	struct bel_window window;
	bool found_process, found_thread;
	bool keeping; /* the previous run was kept, so are further pages of its last reference */
	struct bel_region_tracker regions;
	struct bel_space_map spaces;
	struct place *place; /* one for each space in `spaces` */
	uint32_t places, place_capacity;

	struct bel_events events;
	struct bel_events frames; /* nodes of call stacks that no kept event has named yet */
	struct bel_accesses accesses;
	struct bel_chunk chunk;
	struct bel_run *run;
	size_t run_capacity;
};

int bel_slice_new(struct bel_slice **slice, const struct bel_slice_options *options,
	const struct bel_trace_info *info, struct bel_err *err)
{
	struct bel_slice *const s = calloc(1, sizeof(*s));

	*slice = s;
	if (!s)
		return bel_err_memory(err, "the slice");
	s->options = *options;
	s->unit_bits = info->unit_bits;
	s->granule_bits = info->granule_bits;
	s->kernel = info->kernel;
	s->stacks = info->near_pages > 0;
	bel_window_init(&s->window, options);
	s->whole = !options->skip && options->limit == BEL_SLICE_ANY &&
		   options->thread == BEL_SLICE_ANY && options->kinds == UINT32_MAX &&
		   options->regions == UINT32_MAX;
	return 0;
}

void bel_slice_free(struct bel_slice *s)
{
	if (!s)
		return;
	bel_region_tracker_release(&s->regions);
	bel_events_release(&s->events);
	bel_events_release(&s->frames);
	bel_space_map_release(&s->spaces);
	free(s->place);
	free(s->accesses.access);
	free(s->run);
	free(s);
}

static struct place *place_of(struct bel_slice *s, uint32_t space, struct bel_err *err)
{
	const uint32_t dense = bel_space_number(&s->spaces, space, err);
	struct place *grown;

	if (dense == BEL_SPACE_NONE)
		return NULL;
	if (dense == s->place_capacity) {
		grown = reallocarray(s->place, (size_t)2 * dense + 4, sizeof(*grown));
		if (!grown) {
			bel_err_memory(err, "processes");
			return NULL;
		}
		s->place = grown;
		s->place_capacity = 2 * dense + 4;
	}
	if (dense == s->places)
		s->place[s->places++] = (struct place){
			BEL_SLICE_ANY, BEL_SLICE_ANY, s->options.process == BEL_SLICE_ANY};
	return &s->place[dense];
}

/* Whether the process of a space is wanted. */
static bool kept(const struct bel_slice *s, uint32_t space)
{
	const uint32_t dense = bel_space_find(&s->spaces, space);

	return dense < s->places ? s->place[dense].kept : s->options.process == BEL_SLICE_ANY;
}

/* Turns the fork of a parent that is left out into a START with maps of the inherited regions. */
static int adopt(
	struct bel_slice *s, const struct bel_event *event, uint64_t at, struct bel_err *err)
{
	const struct bel_address_map *const list =
		bel_region_tracker_space(&s->regions, event->space);
	const struct bel_region *e = list ? bel_address_map_find(list, 0) : NULL;
	struct bel_event own = *event;
	int r;

	own.type = BEL_EVENT_START;
	own.other = 0;
	own.at = at;
	r = bel_events_add(&s->events, &own, err);
	for (; !r && e; e = bel_address_map_find(list, e->end)) {
		r = bel_events_add(&s->events,
			&(struct bel_event){.type = BEL_EVENT_MAP,
				.region = e->kind,
				.flags = e->flags,
				.space = event->space,
				.at = at,
				.start = e->start,
				.length = e->end - e->start,
				.name = s->regions.mapping[e->backing].name},
			err);
	}
	return r;
}

/*
 * Keeps an event of call stacks. Nodes belong to no process, and are numbered over the whole trace:
 * they wait for the next stack of a process that is kept.
 */
static int take_stack(struct bel_slice *s, const struct bel_event *event, uint64_t at, bool kept,
	struct bel_err *err)
{
	struct bel_event copy = *event;

	if (!s->stacks)
		return 0;
	if (event->type == BEL_EVENT_FRAME)
		return bel_events_add(&s->frames, event, err);
	if (!kept)
		return 0;
	for (size_t i = 0; i < s->frames.count; i++) {
		s->frames.event[i].at = at;
		s->frames.event[i].space = event->space;
		if (bel_events_add(&s->events, &s->frames.event[i], err) < 0)
			return BEL_FAIL;
	}
	bel_events_clear(&s->frames);
	copy.at = at;
	return bel_events_add(&s->events, &copy, err);
}

/* Handles an event. If its process is kept, the event is kept, before record `at`. */
static int take_event(
	struct bel_slice *s, const struct bel_event *event, uint64_t at, struct bel_err *err)
{
	struct place *const place = place_of(s, event->space, err);
	const bool begins = event->type == BEL_EVENT_START || event->type == BEL_EVENT_FORK ||
			    event->type == BEL_EVENT_EXEC;
	struct bel_event copy = *event;

	if (!place)
		return BEL_FAIL;
	if (bel_event_is_stack(event->type))
		return take_stack(s, event, at, place->kept, err);
	if (bel_region_tracker_event(&s->regions, event, err) < 0)
		return BEL_FAIL;
	if (begins) {
		place->pid = event->pid;
		place->thread = BEL_SLICE_ANY;
		if (s->options.process != BEL_SLICE_ANY)
			place->kept = event->pid == s->options.process;
		s->found_process |= place->kept;
	}
	if (event->type == BEL_EVENT_THREAD || event->type == BEL_EVENT_THREAD_START)
		s->found_thread |= place->kept && event->value == s->options.thread;
	if (event->type == BEL_EVENT_THREAD)
		place->thread = event->value;
	if (!place->kept)
		return 0;
	if (event->type == BEL_EVENT_MARK)
		bel_window_mark(&s->window, event->name);
	if (event->type == BEL_EVENT_FORK && !kept(s, event->other))
		return adopt(s, event, at, err);
	copy.at = at;
	return bel_events_add(&s->events, &copy, err);
}

/* Whether the process and the present thread of a space are wanted. */
static bool place_wanted(const struct bel_slice *s, const struct place *place)
{
	return place->kept &&
	       (s->options.thread == BEL_SLICE_ANY || place->thread == s->options.thread);
}

static bool access_wanted(
	const struct bel_slice *s, const struct bel_access *access, uint32_t space)
{
	enum bel_region_kind region;

	if (!(s->options.kinds >> access->kind & 1))
		return false;
	if (s->options.regions == UINT32_MAX)
		return true;
	region = bel_region_tracker_find(&s->regions, space, access->address << s->unit_bits, 1);
	return s->options.regions >> region & 1;
}

static int reserve_accesses(struct bel_slice *s, size_t count, struct bel_err *err)
{
	struct bel_access *grown;

	if (count <= s->accesses.capacity)
		return 0;
	grown = realloc(s->accesses.access, count * sizeof(*grown));
	if (!grown)
		return bel_err_memory(err, "references");
	s->accesses.access = grown;
	s->accesses.capacity = count;
	return 0;
}

int bel_slice_accesses(struct bel_slice *s, const struct bel_accesses *in,
	const struct bel_accesses **out, struct bel_err *err)
{
	const struct place *place = place_of(s, in->space, err);
	struct bel_accesses *const part = &s->accesses;
	size_t next = 0;

	bel_events_clear(&s->events);
	part->count = 0;
	part->space = in->space;
	*out = part;
	if (bel_window_over(&s->window))
		return 0;
	if (!place || reserve_accesses(s, in->count, err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; i <= in->count; i++) {
		for (; next < in->events.count && in->events.event[next].at <= i; next++) {
			if (take_event(s, &in->events.event[next], part->count, err) < 0)
				return BEL_FAIL;
			place = place_of(s, in->space, err);
		}
		if (i == in->count || bel_window_over(&s->window))
			break;
		if (bel_window_pass(&s->window, 1) && place_wanted(s, place) &&
			access_wanted(s, &in->access[i], in->space))
			part->access[part->count++] = in->access[i];
	}
	part->events = s->events;
	return 1;
}

static int fail_folded(const char *what, struct bel_err *err)
{
	return bel_usage(
		err, "the trace is folded: %s; cut a trace captured with --page-size 1", what);
}

/* Whether the region of a run is wanted; its page must be in only one region. */
static int region_wanted(
	const struct bel_slice *s, const struct bel_granule *granule, struct bel_err *err)
{
	enum bel_region_kind region;

	if (s->options.regions == UINT32_MAX)
		return 1;
	region = bel_region_tracker_find(&s->regions, granule->space,
		granule->number << s->granule_bits, UINT64_C(1) << s->granule_bits);
	if (region == BEL_REGIONS)
		return fail_folded("one of its pages is in two regions", err);
	return s->options.regions >> region & 1;
}

/* Whether the possible kinds of a run's references are wanted. */
static int kinds_wanted(const struct bel_slice *s, struct bel_run run, struct bel_err *err)
{
	uint32_t may = 0;

	if (run.info & BEL_RUN_FETCH)
		may |= 1 << BEL_FETCH;
	if (run.info & BEL_RUN_WRITE)
		may |= 1 << BEL_STORE | 1 << BEL_MODIFY;
	if (run.info & BEL_RUN_DATA && (!(run.info & BEL_RUN_WRITE) || bel_run_count(run) > 1))
		may |= 1 << BEL_LOAD;
	if (s->kernel && run.info & BEL_RUN_DATA)
		may |= BEL_KERNEL_KINDS;
	if (!(may & ~s->options.kinds))
		return 1;
	if (may & s->options.kinds)
		return fail_folded("its runs mix references of several kinds", err);
	return 0;
}

static int run_wanted(const struct bel_slice *s, struct bel_run run,
	const struct bel_granule *granule, struct bel_err *err)
{
	const int r = kinds_wanted(s, run, err);

	return r > 0 ? region_wanted(s, granule, err) : r;
}

/* Counts the references of a run by kind; fails if its flags do not give the kinds. */
static int count_kind(
	const struct bel_slice *s, struct bel_chunk *part, struct bel_run run, struct bel_err *err)
{
	const uint32_t flags = run.info & (BEL_RUN_FETCH | BEL_RUN_DATA | BEL_RUN_WRITE);

	if (run.info & BEL_RUN_SPLIT) {
		part->crossings++;
		return 0;
	}
	if (flags != BEL_RUN_FETCH && (flags != BEL_RUN_DATA || s->kernel))
		return fail_folded("the numbers of references by kind are not known for this part "
				   "(--slice does without them)",
			err);
	part->kinds[flags == BEL_RUN_FETCH ? BEL_FETCH : BEL_LOAD] += bel_run_count(run);
	return 0;
}

/* Copies the wanted part of the runs and events. */
static int copy_runs(struct bel_slice *s, const struct bel_chunk *in, struct bel_granules granules,
	struct bel_err *err)
{
	struct bel_chunk *const part = &s->chunk;
	const struct place *place = place_of(s, in->space, err);
	size_t next = 0;

	for (size_t i = 0; i <= in->count; i++) {
		struct bel_run run;
		uint32_t count;
		int wanted = 0;

		for (; next < in->event_count && in->events[next].at <= i; next++) {
			if (take_event(s, &in->events[next], part->count, err) < 0)
				return BEL_FAIL;
			place = place_of(s, in->space, err); /* the array may have moved */
		}
		if (!place)
			return BEL_FAIL;
		if (i == in->count || bel_window_over(&s->window))
			break;
		run = in->runs[i];
		count = bel_window_pass(&s->window, bel_run_count(run));
		if (run.info & BEL_RUN_SPLIT)
			wanted = count && s->keeping;
		else if (count && place_wanted(s, place))
			wanted = run_wanted(s, run, &granules.granule[run.page], err);
		if (wanted < 0)
			return wanted;
		s->keeping = wanted;
		if (!wanted)
			continue;
		part->references += count;
		s->run[part->count++] = bel_run_make(run.page, count, run.info & BEL_RUN_FLAGS);
	}
	return 0;
}

/* Counts by kind of the part taken: those of the chunk if it is taken whole, else run by run. */
static int count_part(struct bel_slice *s, const struct bel_chunk *in, struct bel_err *err)
{
	struct bel_chunk *const part = &s->chunk;
	int r = 0;

	/* A chunk without runs may already count the run that its maker holds open. */
	if (s->whole && part->references == in->references && kept(s, in->space) &&
		s->window.now >= s->window.start &&
		(in->references || !bel_window_over(&s->window))) {
		memcpy(part->kinds, in->kinds, sizeof(part->kinds));
		part->crossings = in->crossings;
		return 0;
	}
	for (size_t i = 0; !r && i < part->count; i++)
		r = count_kind(s, part, s->run[i], err);
	return r;
}

int bel_slice_chunk(struct bel_slice *s, const struct bel_chunk *in, struct bel_granules granules,
	const struct bel_chunk **out, struct bel_err *err)
{
	struct bel_chunk *const part = &s->chunk;
	int r;

	bel_events_clear(&s->events);
	*part = (struct bel_chunk){.now = in->now, .space = in->space};
	*out = part;
	if (bel_window_over(&s->window))
		return 0;
	if (in->count > s->run_capacity) {
		free(s->run);
		s->run_capacity = in->count;
		s->run = malloc(in->count * sizeof(*s->run));
		if (!s->run) {
			s->run_capacity = 0;
			return bel_err_memory(err, "runs");
		}
	}
	r = copy_runs(s, in, granules, err);
	if (!r)
		r = count_part(s, in, err);
	part->runs = s->run;
	part->events = s->events.event;
	part->event_count = s->events.count;
	return r < 0 ? r : 1;
}

int bel_slice_end(const struct bel_slice *s, struct bel_err *err)
{
	if (s->options.process != BEL_SLICE_ANY && !s->found_process)
		return bel_usage(err, "the trace has no process %llu",
			(unsigned long long)s->options.process);
	if (s->options.thread != BEL_SLICE_ANY && !s->found_thread)
		return bel_usage(
			err, "the trace has no thread %llu", (unsigned long long)s->options.thread);
	if (bel_window_check(&s->window, err) < 0)
		return BEL_USAGE;
	if (s->options.regions != UINT32_MAX && !s->regions.any)
		return bel_usage(err, "the trace has no regions");
	return 0;
}

uint64_t bel_slice_position(const struct bel_slice *s)
{
	return s->window.now;
}
