/* SPDX-License-Identifier: MIT */
/* source_slice.c: a slice of a trace: cuts chunks where runs begin. */
#include "source_slice.h"

#include <stdlib.h>
#include <string.h>

#include "number.h"

static int parse_part(
	struct bel_source_slice *slice, const char *text, const char *slash, struct bel_err *err)
{
	char *const first = strndup(text, (size_t)(slash - text));
	uint64_t part = 0, parts = 0;
	int r = first ? bel_parse_number(first, "--slice", &part, err)
		      : bel_err_memory(err, "a slice");

	free(first);
	if (r == BEL_OK)
		r = bel_parse_number(slash + 1, "--slice", &parts, err);
	if (r == BEL_OK && (!part || part > parts || parts > UINT32_MAX))
		r = bel_usage(err, "--slice: '%s': no such slice; in K/N, K is 1 to N, such as 2/8",
			text);
	slice->part = (unsigned)part;
	slice->parts = (unsigned)parts;
	return r;
}

static int parse_range(
	struct bel_source_slice *slice, const char *text, const char *colon, struct bel_err *err)
{
	char *const first = strndup(text, (size_t)(colon - text));
	int r = first ? BEL_OK : bel_err_memory(err, "a slice");

	slice->to = UINT64_MAX;
	if (r == BEL_OK && *first)
		r = bel_parse_number(first, "--slice", &slice->from, err);
	if (r == BEL_OK && colon[1])
		r = bel_parse_number(colon + 1, "--slice", &slice->to, err);
	if (r == BEL_OK && slice->from >= slice->to)
		r = bel_usage(err, "--slice: '%s': it ends before it begins", text);
	free(first);
	return r;
}

int bel_source_slice_parse(struct bel_source_slice *slice, const char *text, struct bel_err *err)
{
	const char *const slash = strchr(text, '/'), *const colon = strchr(text, ':');

	*slice = (struct bel_source_slice){.from = 0};
	if (slash)
		return parse_part(slice, text, slash, err);
	if (colon)
		return parse_range(slice, text, colon, err);
	return bel_usage(
		err, "--slice: '%s': give K/N, such as 2/8, or references, such as 1M:2M", text);
}

void bel_source_slice_place(struct bel_source_slice *slice, uint64_t references)
{
	if (!slice->parts)
		return;
	slice->from = (uint64_t)((unsigned __int128)references * (slice->part - 1) / slice->parts);
	slice->to =
		slice->part == slice->parts
			? UINT64_MAX
			: (uint64_t)((unsigned __int128)references * slice->part / slice->parts);
	slice->ended = slice->from == slice->to;
}

/* Whether the run is of another page than the one before it, or an event lies between. */
static bool begins(const struct bel_source_slice *slice, const struct bel_chunk *chunk, size_t i,
	struct bel_granules granules)
{
	const struct bel_run run = chunk->runs[i];

	if (run.info & BEL_RUN_SPLIT && slice->first_byte)
		return false;
	return !slice->any || slice->event || chunk->space != slice->space ||
	       granules.granule[run.page].number >> slice->shift != slice->number;
}

/* Call stacks never divide a run (event.h). */
static bool ends_run(const struct bel_event *event)
{
	return !bel_event_is_stack(event->type);
}

static void pass(struct bel_source_slice *slice, const struct bel_chunk *chunk, size_t i,
	struct bel_granules granules)
{
	const struct bel_run run = chunk->runs[i];

	if (run.info & BEL_RUN_SPLIT && slice->first_byte)
		return;
	slice->any = true;
	slice->event = false;
	slice->space = chunk->space;
	slice->number = granules.granule[run.page].number >> slice->shift;
}

/* A place in a chunk: before run `at`, which begins at `now`; *event is the first event there. */
struct place {
	size_t at, event;
	uint64_t now;
};

/* Goes to the end of a chunk in which no run can begin the rest. */
static void skip(struct bel_source_slice *slice, const struct bel_chunk *chunk,
	struct bel_granules granules, struct place *place)
{
	size_t last = chunk->count;

	while (last > place->at && slice->first_byte && chunk->runs[last - 1].info & BEL_RUN_SPLIT)
		last--;
	if (last > place->at)
		pass(slice, chunk, last - 1, granules);
	else
		last = place->at;
	for (size_t i = chunk->event_count; i > place->event && chunk->events[i - 1].at >= last;
		i--)
		slice->event |= ends_run(&chunk->events[i - 1]);
	*place = (struct place){chunk->count, chunk->event_count, chunk->now + chunk->references};
}

/* Goes on to the first place where a run begins at `limit` or later; false: to the end. */
static bool seek(struct bel_source_slice *slice, const struct bel_chunk *chunk, uint64_t limit,
	struct bel_granules granules, struct place *place)
{
	size_t next = place->event;

	if (chunk->now + chunk->references <= limit) {
		skip(slice, chunk, granules, place);
		return false;
	}
	for (; place->at < chunk->count; place->at++) {
		place->event = next;
		for (; next < chunk->event_count && chunk->events[next].at <= place->at; next++)
			slice->event |= ends_run(&chunk->events[next]);
		if (place->now >= limit && begins(slice, chunk, place->at, granules))
			return true;
		pass(slice, chunk, place->at, granules);
		place->now += bel_run_count(chunk->runs[place->at]);
	}
	for (; next < chunk->event_count; next++)
		slice->event |= ends_run(&chunk->events[next]);
	place->event = chunk->event_count;
	return false;
}

/* The events from the first on, with their places in a chunk that begins at run `at`. */
static int move_events(struct bel_source_slice *slice, const struct bel_event **events,
	size_t count, size_t at, struct bel_err *err)
{
	if (!at || !count)
		return BEL_OK;
	free(slice->copy);
	slice->copy = malloc(count * sizeof(*slice->copy));
	if (!slice->copy)
		return bel_err_memory(err, "events");
	memcpy(slice->copy, *events, count * sizeof(*slice->copy));
	for (size_t i = 0; i < count; i++)
		slice->copy[i].at -= at;
	*events = slice->copy;
	return BEL_OK;
}

int bel_source_slice_cut(struct bel_source_slice *slice, struct bel_chunk *chunk,
	struct bel_granules granules, struct bel_err *err)
{
	struct place first = {.now = chunk->now}, behind;
	struct bel_chunk part;

	if (slice->ended)
		return 0;
	slice->seen = chunk->now + chunk->references;
	if (!slice->began) {
		if (slice->from && !seek(slice, chunk, slice->from, granules, &first))
			return 0;
		slice->began = true;
		slice->base = first.now;
	}
	behind = first;
	slice->ended = seek(slice, chunk, slice->to, granules, &behind);
	part = (struct bel_chunk){
		.runs = chunk->runs + first.at,
		.count = behind.at - first.at,
		.events = chunk->events + first.event,
		.event_count = behind.event - first.event,
		.now = first.now - slice->base,
		.references = behind.now - first.now,
		.space = chunk->space,
	};
	*chunk = part;
	return move_events(slice, &chunk->events, part.event_count, first.at, err) < 0 ? BEL_FAIL
										       : 1;
}

void bel_source_slice_release(struct bel_source_slice *slice)
{
	free(slice->copy);
}
