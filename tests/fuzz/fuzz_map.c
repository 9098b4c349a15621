/* SPDX-License-Identifier: MIT */
/*
 * fuzz_map.c: bytes as the shape of a map, and then as events and references. Whatever they say,
 * the rows have all references of the pages that are shown, in order, and no page twice; an event
 * that contradicts those before it is refused with a reason.
 */
#include <stdio.h>
#include <stdlib.h>

#include "map.h"

enum { PAGES = 4096, SPACES = 16 };

struct input {
	const uint8_t *data;
	size_t left;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned byte(struct input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->data++;
}

static void stop(const char *why)
{
	fprintf(stderr, "fuzz_map: %s\n", why);
	abort();
}

/* Page numbers near the start and the end of all addresses, and between. */
static uint64_t draw_number(struct input *in)
{
	const uint64_t low = byte(in), high = byte(in);

	switch (byte(in) % 3) {
	case 0:
		return high << 4 | low % 16;
	case 1:
		return (UINT64_MAX >> 12) - low;
	default:
		return high << 40 | low;
	}
}

static struct bel_event draw_event(struct input *in, uint32_t space)
{
	static const char *const names[] = {NULL, "", "/lib/a.so", "b\033[1m"};

	return (struct bel_event){.type = (uint8_t)(byte(in) % BEL_EVENT_TYPES),
		.region = (uint8_t)(byte(in) % BEL_REGIONS),
		.space = space,
		.other = byte(in) % SPACES,
		.pid = byte(in) % 4,
		.start = draw_number(in) << 12,
		.length = (uint64_t)byte(in) << byte(in) % 56,
		.value = draw_number(in) << 12,
		.offset = byte(in),
		.name = names[byte(in) % 4]};
}

static void check_rows(const struct bel_map *map)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < map->rows; i++) {
		const struct bel_map_row *const row = &map->row[i];
		uint64_t of_row = 0;

		for (size_t c = 0; c < map->columns; c++)
			of_row += row->count[c];
		if (of_row != row->sum || !of_row || !row->pages || !row->mappings)
			stop("a row has other counts than it says");
		if (i && row[-1].space > row->space)
			stop("rows are not in order");
		sum += of_row;
	}
	if (sum != map->sum || sum > map->references)
		stop("the rows have other counts than the map");
	if (map->setup.what == BEL_MAP_OF_REFERENCES && map->setup.part.process == BEL_SLICE_ANY &&
		map->setup.part.regions == UINT32_MAX && sum != map->references)
		stop("references are missing");
	if (map->columns > map->setup.columns || map->references > map->columns * map->width)
		stop("columns are too few or too many");
}

/* A run of a new page or of a known one of the space. False: there is none. */
static bool draw_run(struct input *in, struct bel_granule *granule, uint32_t *pages, uint32_t space,
	struct bel_run *run)
{
	const unsigned pick = byte(in);
	uint32_t page = *pages;

	if (pick & 1 && *pages)
		page = (pick >> 1) * 31 % *pages;
	else if (*pages < PAGES)
		granule[(*pages)++] = (struct bel_granule){draw_number(in), space};
	if (page >= *pages || granule[page].space != space)
		return false;
	*run = bel_run_make(
		page, 1u << byte(in) % 28, BEL_RUN_DATA | (pick & 2 ? BEL_RUN_WRITE : 0));
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct bel_granule granule[PAGES];
	struct input in = {data, size};
	struct bel_map_setup setup = {.page_bits = 12, .part = BEL_SLICE_ALL};
	struct bel_err err = {.code = BEL_OK};
	const unsigned flags = byte(&in);
	struct bel_map *map;
	uint32_t pages = 0;
	int r = BEL_OK;

	setup.what = flags & 1 ? BEL_MAP_OF_WRITES : BEL_MAP_OF_REFERENCES;
	setup.rows = 1 + byte(&in) * 4;
	setup.columns = 1 + byte(&in) * 4;
	setup.hole_pages = byte(&in);
	setup.part.process = flags & 2 ? byte(&in) % 4 : BEL_SLICE_ANY;
	setup.part.regions = flags & 4 ? byte(&in) : UINT32_MAX;
	setup.part.skip = flags & 8 ? byte(&in) : 0;
	setup.part.limit = flags & 16 ? (uint64_t)1 << byte(&in) % 64 : BEL_SLICE_ANY;
	setup.part.to_mark = flags & 32 ? "/lib/a.so" : NULL;
	map = bel_map_new(&setup, &err);
	if (!map)
		stop(err.text);
	while (in.left && r == BEL_OK) {
		const uint32_t space = byte(&in) % SPACES;
		struct bel_event event = draw_event(&in, space);
		struct bel_run run[2];
		struct bel_chunk chunk = {.runs = run, .space = space};

		while (chunk.count < 2 && draw_run(&in, granule, &pages, space, &run[chunk.count]))
			chunk.count++;
		chunk.events = &event;
		chunk.event_count = flags & 64 ? 0 : 1;
		event.at = chunk.count / 2;
		r = bel_map_chunk(map, &chunk, (struct bel_granules){granule, pages}, &err);
	}
	if (r == BEL_OK)
		r = bel_map_end(map, &err);
	if (r < 0 && !err.text[0])
		stop("refused without a reason");
	if (r == BEL_OK)
		check_rows(map);
	bel_map_free(map);
	return 0;
}
