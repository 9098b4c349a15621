/* SPDX-License-Identifier: MIT */
/*
 * fuzz_blame.c: bytes as events and references whose faults are counted by key, or as records that
 * were stored. The counts of all keys add up to those of an engine, and every output is written.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "blame_chrome.h"
#include "blame_compare.h"
#include "blame_picture.h"

enum { PAGES = 64, RUNS = 32 };

struct bytes {
	const uint8_t *data;
	size_t left;
	struct bel_granule granule[PAGES];
	uint32_t dense[PAGES], pages; /* dense number of each page, plus 1 */
	struct bel_run run[RUNS];
	struct bel_events events;
	uint64_t references, nodes;
	char name[16];
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned byte(struct bytes *b)
{
	if (!b->left)
		return 0;
	b->left--;
	return *b->data++;
}

static void stop(const char *why)
{
	fprintf(stderr, "fuzz_blame: %s\n", why);
	abort();
}

static void draw_event(struct bytes *b, uint64_t at)
{
	struct bel_event event = {
		.type = (uint8_t)(byte(b) % BEL_EVENT_TYPES), .at = at, .space = byte(b) % 4};
	struct bel_err err;
	const size_t n = byte(b) % sizeof(b->name);

	for (size_t i = 0; i < n; i++)
		b->name[i] = (char)byte(b);
	b->name[n] = '\0';
	event.name = n ? b->name : NULL;
	event.other = byte(b) % 4;
	event.region = (uint8_t)(byte(b) % BEL_REGIONS);
	event.start = (uint64_t)byte(b) % 16 << 12;
	event.length = (uint64_t)byte(b) % 8 << 12;
	event.value = byte(b) % 8;
	event.offset = byte(b) % 8;
	/* The readers of traces have checked the order of nodes. Some remain wrong. */
	if (event.type == BEL_EVENT_FRAME) {
		if (event.offset > b->nodes && byte(b))
			event.offset = 0;
		event.value = ++b->nodes;
	}
	if (event.type == BEL_EVENT_STACK && event.value > b->nodes && byte(b))
		event.value = b->nodes;
	if (bel_events_add(&b->events, &event, &err) < 0)
		stop(err.text);
}

static int next_chunk(void *self, struct bel_chunk *chunk, struct bel_err *err)
{
	struct bytes *const b = self;
	const uint32_t space = byte(b) % 4;
	const size_t want = 1 + byte(b) % RUNS;

	(void)err;
	bel_events_clear(&b->events);
	*chunk = (struct bel_chunk){.runs = b->run, .space = space};
	if (!b->left)
		return 0;
	for (size_t i = 0; i < want; i++) {
		const unsigned op = byte(b), page = space * 16 + op % 16;

		if (op & 0x80)
			draw_event(b, i);
		if (!b->dense[page]) {
			b->granule[b->pages] = (struct bel_granule){page % 16, space};
			b->dense[page] = ++b->pages;
		}
		b->run[i] = bel_run_make(b->dense[page] - 1, 1 + (op >> 5 & 1),
			op & 0x40 ? BEL_RUN_DATA | BEL_RUN_WRITE : BEL_RUN_DATA);
		chunk->references += bel_run_count(b->run[i]);
	}
	chunk->count = want;
	chunk->events = b->events.event;
	chunk->event_count = b->events.count;
	b->references += chunk->references;
	return 1;
}

static struct bel_granules pages_so_far(const void *self)
{
	const struct bytes *const b = self;

	return (struct bel_granules){b->granule, b->pages};
}

static double unknown(const void *self)
{
	(void)self;
	return -1;
}

/* Orders a table and draws it in every way. */
static void draw(struct bel_blame_table *table, const struct bel_blame_timeline *line)
{
	FILE *const file = fopen("/dev/null", "w");
	struct bel_blame_below below;
	struct bel_err err;

	if (!file || bel_blame_table_order(table, BEL_BLAME_REGRET, 9, &err) < 0)
		stop("cannot draw");
	bel_blame_folded(file, table, BEL_BLAME_REGRET, &below);
	if (bel_blame_svg(file, table, BEL_BLAME_FAULTS, "a & b", &below, &err) < 0 ||
		bel_blame_callgrind(file, table, "a\nb", &err) < 0 ||
		bel_blame_chrome(file, table, line, "\"", &err) < 0)
		stop(err.text);
	fclose(file);
}

/* Joins small keys: no count is lost, and what is joined is not small. */
static void join(struct bel_blame_table *table)
{
	const struct bel_blame_row before = table->sum;
	const uint64_t least = 1 + before.faults / 8;
	struct bel_err err;

	if (bel_blame_table_join(table, least, &err) < 0)
		stop(err.text);
	for (uint32_t i = 0; i < table->rows; i++)
		if (table->row[i].keys > 1 && table->row[i].key && table->row[i].faults < least)
			stop("a sum of keys is too small");
	bel_blame_table_sum(table);
	if (table->sum.faults != before.faults || table->sum.references != before.references ||
		table->sum.writebacks != before.writebacks)
		stop("joining keys lost counts");
}

static void check(const struct bel_blame *blame, size_t index, const struct bytes *b)
{
	const struct bel_blame_run *const run = bel_blame_at(blame, index);
	struct bel_blame_table table = {.rows = 0};
	struct bel_blame_timeline line;
	uint64_t faults = 0;
	struct bel_err err;

	if (run->err.code)
		return;
	if (bel_blame_fill(blame, index, pages_so_far(b), &table, &err) < 0) {
		bel_blame_table_release(&table);
		return;
	}
	if (bel_blame_line(blame, index, pages_so_far(b), &table, &line, &err) < 0)
		stop(err.text);
	if (table.sum.references != b->references || table.sum.compulsory != b->pages ||
		table.sum.needed != table.sum.faults - table.sum.compulsory)
		stop("the sums over keys are wrong");
	for (size_t i = 0; i < line.samples; i++)
		faults += line.sample[i].faults;
	if (faults != table.sum.faults)
		stop("the sum over time is wrong");
	draw(&table, &line);
	bel_blame_timeline_release(&line);
	join(&table);
	bel_blame_table_release(&table);
}

static void count(const uint8_t *data, size_t size)
{
	static const char *const by[] = {"process,command,thread,mark", "region,mapping,library",
		"page,stack", "function,line,object,stack"};
	struct bytes b = {.data = data, .left = size};
	struct bel_blame_setup setup = {.frames = "1,3", .over_time = true, .pass = {.threads = 1}};
	struct bel_policy_spec *specs, *opt = NULL;
	const struct bel_pass_input input = {.next = next_chunk,
		.pages = pages_so_far,
		.fraction = unknown,
		.self = &b,
		.page_bits = 12};
	struct bel_trace_info info = {.granule_bits = 12, .near_bits = 12};
	struct bel_blame *blame;
	struct bel_err err;
	size_t one;
	unsigned near;

	setup.pass.keep = (struct bel_next_uses_setup){.memory = 1 << 20};
	if (bel_specs_parse("fifo,ws:tau=3", &specs, &setup.spec_count, &err) < 0 ||
		bel_specs_parse("opt", &opt, &one, &err) < 0 ||
		bel_blame_by_parse(by[byte(&b) % 4], &setup.by, &err) < 0)
		stop(err.text);
	near = byte(&b);
	info.near_pages = 1 + near % 5;
	info.near_renewed = near >= 128;
	setup.specs = specs;
	setup.opt = opt;
	blame = bel_blame_new(&setup, &err);
	if (!blame || bel_blame_input(blame, &input, &info, 0, &err) < 0)
		stop(err.text);
	for (size_t i = 0; bel_blame_at(blame, i); i++)
		check(blame, i, &b);
	bel_blame_free(blame);
	bel_events_release(&b.events);
	bel_specs_free(specs, setup.spec_count);
	bel_specs_free(opt, one);
}

static int take_record(void *host, const char *json)
{
	*(size_t *)host += strlen(json);
	return 0;
}

static void read_records(const uint8_t *data, size_t size)
{
	const int file = memfd_create("records", 0);
	struct bel_blame_results results = {.count = 0};
	const struct bel_blame_compare_setup how = {.tool = "bel-blame", .top = 2};
	struct bel_emit *emit;
	struct bel_err err;
	char path[40];
	size_t bytes = 0;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	if (file < 0 || write(file, data, size) != (ssize_t)size ||
		bel_emit_open_taker(&emit, take_record, &bytes, &err) < 0)
		stop("cannot store the records");
	if (bel_blame_results_read(&results, path, &err) == 0) {
		for (size_t i = 0; i < results.count; i++) {
			struct bel_blame_result *const one = &results.result[i];

			bel_blame_compare_emit(emit, &how, one, &results.result[0], &err);
			bel_blame_result_emit(emit, "bel-blame", one, &err);
			draw(&one->table, &one->line);
		}
	}
	bel_emit_close(emit, &err);
	bel_blame_results_release(&results);
	close(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size && *data == '{')
		read_records(data, size);
	else
		count(data, size);
	return 0;
}
