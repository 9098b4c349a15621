/* SPDX-License-Identifier: MIT */
/*
 * event_trace.c: makes a trace of 4-KiB pages with events from lines that people can read, for the
 * command-line tests.
 *
 *	event_trace OUTPUT.bel <<END
 *	near 2                       call stacks, with K = 2; only as the first line
 *	near 2 renewed               the same, also of references that renew near pages
 *	space 1                      what follows is of this space; at first 0
 *	start 4711 sort -u           also: fork PID OTHER, exec PID OTHER COMMAND
 *	thread 2
 *	mark merge
 *	map heap 10 4 NAME           pages 10 to 13; without a name: anonymous
 *	unmap 10 4
 *	frame 0 main|m.c:3|prog      the next node, below node 0; | is a tab
 *	stack 1
 *	r 10 11 12                   references; w: writes
 *	END
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event_name.h"
#include "granule_map.h"
#include "writer.h"

static struct {
	struct bel_writer *writer;
	struct bel_outfile out;
	struct bel_granule_map map;
	struct bel_events events;
	uint32_t space;
	uint64_t now, nodes;
	struct bel_err err;
} t;

static void check(int r)
{
	if (r < 0) {
		fprintf(stderr, "event_trace: %s\n", t.err.text);
		exit(2);
	}
}

static uint64_t number(char **rest)
{
	return strtoull(*rest, rest, 0);
}

static char *name(char *rest)
{
	rest += strspn(rest, " ");
	for (char *c = rest; *c; c++)
		*c = *c == '|' ? '\t' : *c;
	return *rest ? rest : NULL;
}

static void refer(char *rest, bool write)
{
	struct bel_run run[64];
	struct bel_chunk chunk = {
		.runs = run,
		.events = t.events.event,
		.event_count = t.events.count,
		.now = t.now,
		.space = t.space,
	};
	uint32_t page;

	for (rest += strspn(rest, " "); *rest; rest += strspn(rest, " ")) {
		page = bel_granule_number(&t.map, t.space, number(&rest), &t.err);
		if (chunk.count && run[chunk.count - 1].page == page)
			run[chunk.count - 1] =
				bel_run_make(page, bel_run_count(run[chunk.count - 1]) + 1,
					run[chunk.count - 1].info & BEL_RUN_FLAGS);
		else
			run[chunk.count++] = bel_run_make(
				page, 1, write ? BEL_RUN_DATA | BEL_RUN_WRITE : BEL_RUN_DATA);
		chunk.references++;
	}
	chunk.kinds[write ? BEL_STORE : BEL_LOAD] = chunk.references;
	check(bel_writer_chunk(
		t.writer, &chunk, (struct bel_granules){t.map.granule, t.map.count}, &t.err));
	bel_events_clear(&t.events);
	t.now += chunk.references;
}

static void map(struct bel_event *event, char *rest)
{
	char *const kind = rest + strspn(rest, " ");
	const size_t length = strcspn(kind, " ");

	while (strlen(bel_region_name((enum bel_region_kind)event->region)) != length ||
		strncmp(bel_region_name((enum bel_region_kind)event->region), kind, length) != 0)
		event->region++;
	rest = kind + length;
	event->start = number(&rest) << 12;
	event->length = number(&rest) << 12;
	event->name = name(rest);
	event->flags = BEL_MAP_READ | BEL_MAP_WRITE | (event->name ? BEL_MAP_FILE : 0);
}

static void take(char *line)
{
	static const enum bel_event_type types[] = {BEL_EVENT_START, BEL_EVENT_FORK, BEL_EVENT_EXEC,
		BEL_EVENT_THREAD, BEL_EVENT_MARK, BEL_EVENT_MAP, BEL_EVENT_UNMAP, BEL_EVENT_FRAME,
		BEL_EVENT_STACK};
	char *const word = strsep(&line, " ");
	char *rest = line ? line : word + strlen(word);
	struct bel_event event = {.space = t.space};
	size_t i = 0;

	if (!strcmp(word, "r") || !strcmp(word, "w")) {
		refer(rest, *word == 'w');
		return;
	}
	if (!strcmp(word, "space")) {
		t.space = (uint32_t)number(&rest);
		return;
	}
	while (i < sizeof(types) / sizeof(*types) && strcmp(event_name(types[i]), word) != 0)
		i++;
	if (i == sizeof(types) / sizeof(*types)) {
		fprintf(stderr, "event_trace: what is '%s'?\n", word);
		exit(2);
	}
	event.type = (uint8_t)types[i];
	if (event.type == BEL_EVENT_MAP) {
		map(&event, rest);
	} else if (event.type == BEL_EVENT_UNMAP) {
		event.start = number(&rest) << 12;
		event.length = number(&rest) << 12;
	} else if (event.type == BEL_EVENT_FRAME) {
		event.value = ++t.nodes;
		event.offset = number(&rest);
		event.name = name(rest);
	} else if (event.type == BEL_EVENT_THREAD || event.type == BEL_EVENT_STACK) {
		event.value = number(&rest);
	} else {
		if (event.type != BEL_EVENT_MARK)
			event.pid = (uint32_t)number(&rest);
		if (event.type == BEL_EVENT_FORK || event.type == BEL_EVENT_EXEC)
			event.other = (uint32_t)number(&rest);
		event.name = name(rest);
	}
	check(bel_events_add(&t.events, &event, &t.err));
}

int main(int argc, char **argv)
{
	struct bel_trace_info info = {.granule_bits = 12, .near_bits = 12};
	struct bel_writer_options options = {.out = &t.out, .granule_bits = 12};
	char line[4096];

	if (argc != 2)
		return 2;
	check(bel_granule_map_init(&t.map, &t.err));
	check(bel_outfile_open(&t.out, argv[1], &t.err));
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		if (!t.writer && sscanf(line, "near %u", &info.near_pages) == 1) {
			info.near_renewed = strstr(line, " renewed") != NULL;
			continue;
		}
		if (!t.writer)
			check(bel_writer_open(&t.writer, &options, &info, &t.err));
		take(line);
	}
	if (t.events.count)
		refer(line + strlen(line), false);
	check(bel_writer_end(t.writer, NULL, &t.err));
	bel_writer_free(t.writer);
	check(bel_outfile_commit(&t.out, &t.err));
	bel_granule_map_release(&t.map);
	bel_events_release(&t.events);
	return 0;
}
