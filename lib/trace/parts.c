/* SPDX-License-Identifier: MIT */
/* parts.c: the parts of a capture, or slices, as one trace: their order, their events, their granules. */
#include "parts.h"

#include <stdlib.h>
#include <string.h>

#include "granule_map.h"

struct bel_parts {
	struct bel_native_reader *reader, *first; /* the first is the caller's */
	struct bel_input *input;                  /* of the present part */
	const char *const *more;
	size_t count, at;
	uint64_t before; /* references of the parts before */
	uint64_t again;  /* events still to leave out */
	struct bel_granule_map map;
	uint32_t *number; /* of each granule of the part: its number in the trace */
	uint32_t known, capacity;
	struct bel_run *run;
	size_t runs;
};

static int check_first(
	const struct bel_trace_info *info, const char *name, const char *next, struct bel_err *err)
{
	if (info->slice && info->slice_from == UINT64_MAX)
		return bel_fail(
			err, "%s: no references: the slice is behind the end of the trace", name);
	if (info->slice && info->slice_from)
		return bel_fail(err, "%s: no slice has the references before %llu", name,
			(unsigned long long)info->slice_from);
	if (!info->slice && info->part != 1)
		return bel_usage(err,
			"%s: is not the first part of a capture (bel-capture --split), nor a "
			"slice (bel-reduce --slice), so '%s' cannot follow it",
			name, next);
	return BEL_OK;
}

struct bel_parts *bel_parts_new(struct bel_native_reader *reader, struct bel_input *input,
	const char *const *more, size_t count, struct bel_err *err)
{
	struct bel_parts *parts;

	if (check_first(bel_native_info(reader), input->name, more[0], err) < 0)
		return NULL;
	parts = calloc(1, sizeof(*parts));
	if (!parts || bel_granule_map_init(&parts->map, err) < 0) {
		free(parts);
		bel_err_memory(err, "the parts of a trace");
		return NULL;
	}
	parts->reader = parts->first = reader;
	parts->input = input;
	parts->more = more;
	parts->count = count;
	return parts;
}

static void close_part(struct bel_parts *parts)
{
	if (parts->reader == parts->first)
		return;
	bel_native_reader_free(parts->reader);
	bel_input_close(parts->input);
}

void bel_parts_free(struct bel_parts *parts)
{
	if (!parts)
		return;
	close_part(parts);
	bel_granule_map_release(&parts->map);
	free(parts->number);
	free(parts->run);
	free(parts);
}

struct bel_granules bel_parts_granules(const struct bel_parts *parts)
{
	return (struct bel_granules){parts->map.granule, parts->map.count};
}

const struct bel_native_totals *bel_parts_totals(const struct bel_parts *parts)
{
	return bel_native_totals(parts->reader);
}

static bool same_text(const char *one, const char *other)
{
	return one && other ? !strcmp(one, other) : one == other;
}

static int check_slice(const struct bel_trace_info *info, const struct bel_trace_info *first,
	const struct bel_trace_info *before, const char *name, struct bel_err *err)
{
	const unsigned long long end = before->slice_to, begin = info->slice_from;

	if (!info->slice)
		return bel_fail(err, "%s: is no slice of a trace (bel-reduce --slice)", name);
	if (info->slice_of != first->slice_of || !same_text(info->command, first->command))
		return bel_fail(err, "%s: is a slice of another trace", name);
	if (info->granule_bits != first->granule_bits || info->unit_bits != first->unit_bits ||
		info->first_byte != first->first_byte || info->kernel != first->kernel)
		return bel_fail(err, "%s: is a slice for pages of another size or kind", name);
	if (info->min_frames != first->min_frames ||
		!same_text(info->valid_policies, first->valid_policies))
		return bel_fail(err,
			"%s: is not reduced as the first slice: for other policies or frames",
			name);
	if (begin != end && begin == UINT64_MAX)
		return bel_fail(err,
			"%s: is empty, behind the end of the trace; no slice has the references "
			"from %llu on",
			name, end);
	return begin == end ? BEL_OK
	       : begin > end
		       ? bel_fail(err,
				 "%s: begins with reference %llu; no slice has those from %llu on",
				 name, begin, end)
		       : bel_fail(err, "%s: overlaps the slice before it: both have reference %llu",
				 name, begin);
}

static int check_part(const struct bel_trace_info *info, const struct bel_trace_info *first,
	unsigned part, uint64_t checksum, const char *name, struct bel_err *err)
{
	if (!info->part)
		return bel_fail(err, "%s: is no part of a capture (bel-capture --split)", name);
	if (info->part != part)
		return bel_fail(err, "%s: is part %u of a capture; part %u must follow here", name,
			info->part, part);
	if (info->part_after != checksum || info->granule_bits != first->granule_bits ||
		info->unit_bits != first->unit_bits || info->first_byte != first->first_byte ||
		info->kernel != first->kernel)
		return bel_fail(err,
			"%s: is a part of another capture, or part %u was changed after it was "
			"written",
			name, part - 1);
	return BEL_OK;
}

/* The present part has ended: opens the next one. */
static int next_part(struct bel_parts *parts, struct bel_err *err)
{
	const struct bel_native_totals *const totals = bel_native_totals(parts->reader);
	const struct bel_trace_info *const first = bel_native_info(parts->first);
	const struct bel_trace_info *const before = bel_native_info(parts->reader);
	const char *const name = parts->more[parts->at];
	const struct bel_trace_info *info;
	struct bel_native_reader *reader;
	struct bel_input *input;
	int r = bel_input_open(&input, name, err);

	if (r < 0)
		return r;
	if (bel_native_reader_open(&reader, input, err) < 0) {
		bel_input_close(input);
		return BEL_FAIL;
	}
	info = bel_native_info(reader);
	r = first->slice ? check_slice(info, first, before, name, err)
			 : check_part(info, first, before->part + 1, totals->checksum, name, err);
	if (r < 0) {
		bel_native_reader_free(reader);
		bel_input_close(input);
		return r;
	}
	parts->before += totals->references;
	close_part(parts);
	parts->reader = reader;
	parts->input = input;
	parts->again = info->part_events;
	parts->known = 0;
	parts->at++;
	return 1;
}

/* Reads on in the next part if there is one. */
static int goes_on(struct bel_parts *parts, int r, struct bel_err *err)
{
	const struct bel_trace_info *const info = bel_native_info(parts->reader);

	if (r == 0 && parts->at < parts->count)
		return next_part(parts, err);
	if (r == 0 && info->slice && info->slice_to != UINT64_MAX)
		return bel_fail(err, "%s: no slice has the references from %llu on",
			parts->input->name, (unsigned long long)info->slice_to);
	return 0;
}

/* Gives numbers to the granules that are new in the part. */
static int number_granules(struct bel_parts *parts, struct bel_err *err)
{
	const struct bel_granules of = bel_native_granules(parts->reader);

	if (of.count > parts->capacity) {
		const uint32_t capacity =
			of.count < UINT32_MAX / 3 * 2 ? of.count + of.count / 2 : UINT32_MAX;
		uint32_t *const grown = reallocarray(parts->number, capacity, sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "the parts of a trace");
		parts->number = grown;
		parts->capacity = capacity;
	}
	for (; parts->known < of.count; parts->known++) {
		const struct bel_granule *const one = &of.granule[parts->known];
		uint32_t *const number = &parts->number[parts->known];

		*number = bel_granule_number(&parts->map, one->space, one->number, err);
		if (*number == BEL_GRANULE_NONE)
			return BEL_FAIL;
	}
	return BEL_OK;
}

static int number_runs(struct bel_parts *parts, struct bel_chunk *chunk, struct bel_err *err)
{
	if (chunk->count > parts->runs) {
		struct bel_run *const grown =
			reallocarray(parts->run, chunk->count, sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "the parts of a trace");
		parts->run = grown;
		parts->runs = chunk->count;
	}
	for (size_t i = 0; i < chunk->count; i++) {
		parts->run[i] = chunk->runs[i];
		parts->run[i].page = parts->number[chunk->runs[i].page];
	}
	chunk->runs = parts->run;
	return BEL_OK;
}

int bel_parts_read_chunk(struct bel_parts *parts, struct bel_chunk *chunk, struct bel_err *err)
{
	size_t again;
	int more, r;

	do {
		r = bel_native_read_chunk(parts->reader, chunk, err);
		more = goes_on(parts, r, err);
	} while (more > 0);
	if (r <= 0 || more < 0)
		return more < 0 ? more : r;
	if (number_granules(parts, err) < 0 || number_runs(parts, chunk, err) < 0)
		return BEL_FAIL;
	again = parts->again < chunk->event_count ? parts->again : chunk->event_count;
	chunk->events += again;
	chunk->event_count -= again;
	chunk->now += parts->before;
	parts->again -= again;
	/* What is left of events told again may be of another space, and would cut the open run. */
	return again && !chunk->count && !chunk->event_count
		       ? bel_parts_read_chunk(parts, chunk, err)
		       : 1;
}

int bel_parts_read_accesses(struct bel_parts *parts, struct bel_accesses *out, struct bel_err *err)
{
	struct bel_events *const events = &out->events;
	size_t again;
	int more, r;

	do {
		r = bel_native_read_accesses(parts->reader, out, err);
		more = goes_on(parts, r, err);
	} while (more > 0);
	if (r <= 0 || more < 0)
		return more < 0 ? more : r;
	again = parts->again < events->count ? parts->again : events->count;
	events->count -= again;
	if (events->count)
		memmove(events->event, events->event + again,
			events->count * sizeof(*events->event));
	parts->again -= again;
	if (!again || out->count || events->count)
		return 1;
	bel_events_clear(events);
	return bel_parts_read_accesses(parts, out, err);
}

/* The order of a file: a part by its number, a slice by its first reference and its end. */
struct place {
	char *name;
	bool known;
	uint64_t part, end;
};

static int by_part(const void *left, const void *right)
{
	const struct place *a = left, *b = right;

	if (a->part != b->part)
		return a->part < b->part ? -1 : 1;
	return (a->end > b->end) - (a->end < b->end);
}

/* known: false if the file is no part, or cannot be read (who reads it will say why). */
static struct place place_of(char *name)
{
	struct place place = {.name = name};
	struct bel_native_reader *reader;
	struct bel_input *input;

	if (!strcmp(name, "-") || bel_input_open(&input, name, NULL) < 0)
		return place;
	if (bel_input_fill(input, 8, NULL) > 0 && bel_native_probe(input->data, input->have) &&
		bel_native_reader_open(&reader, input, NULL) == 0) {
		const struct bel_trace_info *const info = bel_native_info(reader);

		place.known = info->slice || info->part;
		place.part = info->slice ? info->slice_from : info->part;
		place.end = info->slice ? info->slice_to : 0;
		bel_native_reader_free(reader);
	}
	bel_input_close(input);
	return place;
}

int bel_parts_sort(char **names, size_t count, struct bel_err *err)
{
	struct place *const place = calloc(count ? count : 1, sizeof(*place));
	bool all = true;

	if (!place)
		return bel_err_memory(err, "the parts of a trace");
	for (size_t i = 0; all && i < count; i++) {
		place[i] = place_of(names[i]);
		all = place[i].known;
	}
	if (all)
		qsort(place, count, sizeof(*place), by_part);
	for (size_t i = 0; all && i < count; i++)
		names[i] = place[i].name;
	free(place);
	return BEL_OK;
}
