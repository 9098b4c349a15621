/* SPDX-License-Identifier: MIT */
/* event_snapshot.c: the spaces, regions and threads that a trace's events have left. */
#include "event_snapshot.h"

#include <stdlib.h>
#include <string.h>

static struct bel_event_snapshot_space *find(
	const struct bel_event_snapshot *snapshot, uint32_t space)
{
	for (size_t i = snapshot->count; i-- > 0;)
		if (snapshot->space[i].space == space)
			return &snapshot->space[i];
	return NULL;
}

static void forget(struct bel_event_snapshot *snapshot, uint32_t space)
{
	struct bel_event_snapshot_space *const gone = find(snapshot, space);

	if (!gone)
		return;
	free(gone->name);
	free(gone->thread);
	memmove(gone, gone + 1,
		(size_t)(snapshot->space + snapshot->count - (gone + 1)) * sizeof(*gone));
	snapshot->count--;
}

/* `name`: NULL for none. */
static int begin(struct bel_event_snapshot *snapshot, const struct bel_event *event,
	const char *name, struct bel_err *err)
{
	char *const copy = name ? strdup(name) : NULL;
	struct bel_event_snapshot_space *grown;

	if (name && !copy)
		return bel_err_memory(err, "address spaces");
	forget(snapshot, event->space);
	grown = reallocarray(snapshot->space, snapshot->count + 1, sizeof(*grown));
	if (!grown) {
		free(copy);
		return bel_err_memory(err, "address spaces");
	}
	snapshot->space = grown;
	grown[snapshot->count++] = (struct bel_event_snapshot_space){
		.space = event->space, .pid = event->pid, .name = copy};
	return BEL_OK;
}

/* The space ends: its regions too. */
static int end(struct bel_event_snapshot *snapshot, uint32_t space, struct bel_err *err)
{
	const struct bel_event exit = {.type = BEL_EVENT_EXIT, .space = space};

	forget(snapshot, space);
	return bel_region_tracker_event(&snapshot->regions, &exit, err);
}

static int thread_starts(struct bel_event_snapshot_space *of, uint64_t thread, struct bel_err *err)
{
	uint64_t *const grown = reallocarray(of->thread, of->threads + 1, sizeof(*grown));

	if (!grown)
		return bel_err_memory(err, "threads");
	of->thread = grown;
	grown[of->threads++] = thread;
	return BEL_OK;
}

static void thread_ends(struct bel_event_snapshot_space *of, uint64_t thread)
{
	size_t left = 0;

	for (size_t i = 0; i < of->threads; i++)
		if (of->thread[i] != thread)
			of->thread[left++] = of->thread[i];
	of->threads = left;
}

/* The rights of regions, which the tracker does not follow. */
static int protect(
	struct bel_event_snapshot *snapshot, const struct bel_event *event, struct bel_err *err)
{
	struct bel_region_tracker *const tracker = &snapshot->regions;
	const uint32_t dense = bel_space_find(&tracker->spaces, event->space);
	struct bel_address_map *map;
	size_t before;
	int r;

	if (dense >= tracker->space_capacity)
		return BEL_OK;
	map = &tracker->space[dense];
	before = map->count;
	r = bel_address_map_protect(
		map, event->start, event->start + event->length, event->flags, err);
	tracker->regions = tracker->regions - before + map->count;
	return r;
}

/* What the event does to spaces and threads. */
static int follow(
	struct bel_event_snapshot *snapshot, const struct bel_event *event, struct bel_err *err)
{
	struct bel_event_snapshot_space *const of = find(snapshot, event->space);
	const struct bel_event_snapshot_space *const other = find(snapshot, event->other);

	switch (event->type) {
	case BEL_EVENT_START:
		return begin(snapshot, event, event->name, err);
	case BEL_EVENT_FORK:
		return begin(snapshot, event,
			event->name ? event->name
			: other     ? other->name
				    : NULL,
			err);
	case BEL_EVENT_EXEC:
		return begin(snapshot, event, event->name, err) < 0 ||
				       (event->other != event->space &&
					       end(snapshot, event->other, err) < 0)
			       ? BEL_FAIL
			       : BEL_OK;
	case BEL_EVENT_EXIT:
		forget(snapshot, event->space);
		return BEL_OK;
	case BEL_EVENT_PROTECT:
		return protect(snapshot, event, err);
	case BEL_EVENT_THREAD:
		if (of)
			of->present = event->value, of->threaded = true;
		return BEL_OK;
	case BEL_EVENT_THREAD_START:
		return of ? thread_starts(of, event->value, err) : BEL_OK;
	case BEL_EVENT_THREAD_EXIT:
		if (of)
			thread_ends(of, event->value);
		return BEL_OK;
	default:
		return BEL_OK;
	}
}

int bel_event_snapshot_event(
	struct bel_event_snapshot *snapshot, const struct bel_event *event, struct bel_err *err)
{
	return bel_region_tracker_event(&snapshot->regions, event, err) < 0
		       ? BEL_FAIL
		       : follow(snapshot, event, err);
}

/* Where the regions of a space are told. */
struct teller {
	const struct bel_event_snapshot *snapshot;
	struct bel_events *events;
	uint32_t space;
	int result;
	struct bel_err *err;
};

static void tell_region(void *host, const struct bel_region *region)
{
	struct teller *const teller = host;
	const struct bel_event map = {
		.type = BEL_EVENT_MAP,
		.region = region->kind,
		.flags = region->flags,
		.space = teller->space,
		.start = region->start,
		.length = region->end - region->start,
		.offset = region->offset,
		.name = teller->snapshot->regions.mapping[region->backing].name,
	};

	if (teller->result == 0)
		teller->result = bel_events_add(teller->events, &map, teller->err);
}

static int tell_space(const struct bel_event_snapshot *snapshot,
	const struct bel_event_snapshot_space *of, struct bel_events *events, struct bel_err *err)
{
	const struct bel_address_map *const map =
		bel_region_tracker_space(&snapshot->regions, of->space);
	struct teller teller = {snapshot, events, of->space, 0, err};
	struct bel_event event = {
		.type = BEL_EVENT_START, .space = of->space, .pid = of->pid, .name = of->name};

	if (bel_events_add(events, &event, err) < 0)
		return BEL_FAIL;
	if (map)
		bel_address_map_each(map, tell_region, &teller);
	event = (struct bel_event){.type = BEL_EVENT_THREAD_START, .space = of->space};
	for (size_t i = 0; teller.result == 0 && i < of->threads; i++) {
		event.value = of->thread[i];
		teller.result = bel_events_add(events, &event, err);
	}
	event.type = BEL_EVENT_THREAD;
	event.value = of->present;
	if (teller.result == 0 && of->threaded)
		teller.result = bel_events_add(events, &event, err);
	return teller.result;
}

int bel_event_snapshot_tell(
	const struct bel_event_snapshot *snapshot, struct bel_events *events, struct bel_err *err)
{
	for (size_t i = 0; i < snapshot->count; i++)
		if (tell_space(snapshot, &snapshot->space[i], events, err) < 0)
			return BEL_FAIL;
	return BEL_OK;
}

void bel_event_snapshot_release(struct bel_event_snapshot *snapshot)
{
	while (snapshot->count)
		forget(snapshot, snapshot->space[0].space);
	free(snapshot->space);
	bel_region_tracker_release(&snapshot->regions);
	*snapshot = (struct bel_event_snapshot){.count = 0};
}
