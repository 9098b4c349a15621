/* SPDX-License-Identifier: MIT */
/*
 * prop_parts.c: a capture that is written in parts is the capture that is written whole. Read
 * together, the parts have the runs of the simple folder (flat.h), or the exact references, with
 * all events once, and the digest of the whole. Each part alone is a valid trace, and the events at
 * its front make the regions that there are at that point.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "flat.h"
#include "parts.h"
#include "prop.h"
#include "recorder.h"
#include "region_tracker.h"

enum { MOST_PARTS = 4000, SPACES = 16 };

struct parts {
	char folder[4096];
	char *name[MOST_PARTS];
	FILE *file;
	size_t count;
	/* The events so far, and how many of them were before each part. */
	struct bel_events seen;
	size_t seen_at[MOST_PARTS];
};

static bool complain(const char *what, const char *why)
{
	printf("%s: %s\n", what, why);
	return false;
}

static int next_part(void *host, unsigned part, FILE **file, struct bel_err *err)
{
	struct parts *const p = host;

	if (p->file)
		fclose(p->file);
	if (part != p->count + 1 || part == MOST_PARTS ||
		asprintf(&p->name[p->count], "%s/%u.bel", p->folder, part) < 0)
		return bel_fail(err, "part %u after %zu", part, p->count);
	p->seen_at[p->count] = p->seen.count;
	p->file = fopen(p->name[p->count++], "w");
	*file = p->file;
	return p->file ? 0 : bel_fail(err, "no file");
}

static void remember(struct parts *p, const struct bel_accesses *batch)
{
	struct bel_err err;

	for (size_t i = 0; i < batch->events.count; i++)
		if (bel_events_add(&p->seen, &batch->events.event[i], &err) < 0)
			abort();
}

/* Writes the stream; split 0: as one part. */
static bool write_parts(
	struct parts *p, const struct random_stream *s, unsigned bits, uint64_t split)
{
	struct bel_recorder recorder = {.granule_bits = bits,
		.limit = UINT64_MAX,
		.level = 1,
		.command = "test",
		.kernel = s->info.kernel,
		.near_pages = s->info.near_pages,
		.near_bits = s->info.near_bits,
		.split = {.bytes = split, .next = next_part, .host = p}};
	struct bel_err err = {0};

	if (next_part(p, 1, &recorder.file, &err) < 0 ||
		bel_recorder_start(&recorder, "prop_parts") < 0)
		return complain("recorder", "did not start");
	for (size_t b = 0; b < s->batches; b++) {
		struct bel_accesses batch = s->batch[b];

		bel_recorder_add(&recorder, &batch);
		remember(p, &s->batch[b]);
	}
	bel_recorder_end(&recorder, NULL);
	if (recorder.failed)
		complain("recorder", recorder.err.text);
	bel_recorder_release(&recorder);
	fclose(p->file);
	p->file = NULL;
	return !recorder.failed;
}

static bool read_parts(const struct parts *p, unsigned bits, struct flat *f, char digest[17])
{
	const struct bel_source_options options = {.path = p->name[0],
		.more = (const char *const *)p->name + 1,
		.more_count = p->count - 1,
		.page_bits = bits,
		.allow_empty = true};
	struct bel_source *source;
	struct bel_err err = {0};
	int r = bel_source_open(&source, &options, &err);

	if (r == 0)
		r = bits ? flat_source(f, source, &err) : flat_source_exact(f, source, &err);
	if (r == 0)
		bel_source_digest(source, digest);
	bel_source_close(source);
	return r == 0 || complain("joined", err.text);
}

struct other {
	const struct bel_region_tracker *of, *in;
	uint32_t space;
	bool same;
};

static bool is_at(const struct other *other, const struct bel_region *region, uint64_t address)
{
	const struct bel_region *const there =
		bel_region_tracker_region(other->in, other->space, address, 1);
	const char *const name = other->of->mapping[region->backing].name;
	const char *const here = there ? other->in->mapping[there->backing].name : NULL;

	return there && there->kind == region->kind && !name == !here &&
	       (!name || !strcmp(name, here)) &&
	       there->offset - there->start == region->offset - region->start;
}

static void compare(void *host, const struct bel_region *region)
{
	struct other *const other = host;

	other->same = other->same && is_at(other, region, region->start) &&
		      is_at(other, region, region->end - 1);
}

static bool same_regions(const struct bel_region_tracker *a, const struct bel_region_tracker *b)
{
	struct other other = {.same = true};

	for (int turn = 0; turn < 2; turn++)
		for (other.space = 0; other.space < SPACES; other.space++) {
			const struct bel_address_map *map;

			other.of = turn ? a : b;
			other.in = turn ? b : a;
			map = bel_region_tracker_space(other.of, other.space);
			if (map)
				bel_address_map_each(map, compare, &other);
		}
	return other.same;
}

static void track(
	struct bel_region_tracker *tracker, const struct bel_event *event, struct bel_err *err)
{
	const struct bel_event gone = {.type = BEL_EVENT_EXIT, .space = event->other};

	if (bel_region_tracker_event(tracker, event, err) < 0 ||
		(event->type == BEL_EVENT_EXEC && event->other != event->space &&
			bel_region_tracker_event(tracker, &gone, err) < 0))
		abort();
}

/* Reads a part alone. */
static bool part_holds(const struct parts *p, size_t k, unsigned bits)
{
	struct bel_region_tracker whole = {0}, own = {0};
	struct bel_native_reader *reader;
	struct bel_access access[64];
	struct bel_accesses batch = {.access = access, .capacity = 64};
	uint64_t told, references = 0;
	struct bel_input *input;
	struct bel_chunk chunk;
	struct bel_err err = {0};
	int r;
	bool same;

	if (bel_input_open(&input, p->name[k], &err) < 0 ||
		bel_native_reader_open(&reader, input, &err) < 0)
		return complain("part", err.text);
	told = bel_native_info(reader)->part_events;
	while ((r = bits ? bel_native_read_chunk(reader, &chunk, &err)
			 : bel_native_read_accesses(reader, &batch, &err)) > 0) {
		const struct bel_event *const event = bits ? chunk.events : batch.events.event;
		const size_t count = bits ? chunk.event_count : batch.events.count;

		references += bits ? chunk.references : batch.count;
		for (size_t i = 0; i < count && told; i++, told--)
			track(&own, &event[i], &err);
		bel_events_clear(&batch.events);
	}
	for (size_t i = 0; i < p->seen_at[k]; i++)
		track(&whole, &p->seen.event[i], &err);

	same = r == 0 && !told && (references || p->count == 1);
	if (!same)
		complain(p->name[k], r < 0 ? err.text : "events or references are missing");
	/* A space that never began is not told: random streams have them. */
	for (uint32_t space = 0; space < SPACES; space++)
		if (!bel_region_tracker_space(&own, space)) {
			const struct bel_event gone = {.type = BEL_EVENT_EXIT, .space = space};

			track(&whole, &gone, &err);
		}
	if (same && k && !same_regions(&whole, &own))
		same = complain(p->name[k], "other regions than before it");
	bel_region_tracker_release(&whole);
	bel_region_tracker_release(&own);
	bel_events_release(&batch.events);
	bel_native_reader_free(reader);
	bel_input_close(input);
	return same;
}

static void clear(struct parts *p)
{
	for (size_t i = 0; i < p->count; i++) {
		unlink(p->name[i]);
		free(p->name[i]);
	}
	bel_events_release(&p->seen);
	p->count = 0;
}

static bool round_holds(struct prop *prop, struct parts *p)
{
	const unsigned bits = bel_rng_below(&prop->rng, 3) ? 4 + bel_rng_below(&prop->rng, 12) : 0;
	const uint64_t split = 1 + bel_rng_below(&prop->rng, 1 + bel_rng_below(&prop->rng, 20000));
	struct flat wanted = {0}, whole = {0}, joined = {0};
	char digest[17] = "", again[17] = "";
	const char *difference;
	struct random_stream s;
	bool held = true;

	/* Call stacks are refused: their frames are numbered over a whole trace. */
	for (;;) {
		random_stream_make(&s, &prop->rng, 1500);
		if (!s.info.unit_bits && !s.info.near_pages)
			break;
		random_stream_release(&s);
	}
	if (bits)
		flat_fold(&wanted, &s, bits, false);
	for (size_t b = 0; !bits && b < s.batches; b++)
		flat_accesses(&wanted, &s.batch[b]);
	held = write_parts(p, &s, bits, 0) && read_parts(p, bits, &whole, digest);
	clear(p);
	held = held && write_parts(p, &s, bits, split) && read_parts(p, bits, &joined, again);
	difference = held ? flat_difference(&whole, &wanted) : NULL;
	if (held && !difference)
		difference = flat_difference(&joined, &wanted);
	if (difference)
		held = complain("runs", difference);
	if (held && strcmp(digest, again) != 0)
		held = complain("digest", again);
	for (size_t k = 0; held && k < p->count; k++)
		held = part_holds(p, k, bits);
	if (!held)
		printf("%zu parts of %" PRIu64 " bytes, granule bits %u\n", p->count, split, bits);
	clear(p);
	flat_clear(&wanted);
	flat_clear(&whole);
	flat_clear(&joined);
	random_stream_release(&s);
	return held;
}

int main(int argc, char **argv)
{
	static struct parts parts;
	const char *const folder = getenv("TMPDIR");
	struct prop p;
	bool held = true;

	snprintf(parts.folder, sizeof(parts.folder), "%.4000s/prop-XXXXXX",
		folder ? folder : "/tmp");
	if (!mkdtemp(parts.folder))
		return 3;
	prop_start(&p, argc, argv, 400, 4000);
	while (held && prop_round(&p))
		held = round_holds(&p, &parts);
	rmdir(parts.folder);
	return held ? prop_passed(&p) : prop_failed(&p);
}
