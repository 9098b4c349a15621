/* SPDX-License-Identifier: MIT */
/* test_native.c: the native format against traces/FORMAT.md, byte by byte, and random access. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "native.h"
#include "native_layout.h"
#include "rng.h"
#include "source.h"

static struct bel_err err;

/* A trace in memory, and the writer on it. */
struct made {
	char *data;
	size_t size;
	FILE *file;
	struct bel_native_writer *writer;
};

static void make(struct made *m, const struct bel_trace_info *info)
{
	m->file = open_memstream(&m->data, &m->size);
	assert_non_null(m->file);
	assert_int_equal(bel_native_writer_open(&m->writer, m->file, info, 0, &err), 0);
}

static void finish(struct made *m, const char *reason)
{
	assert_int_equal(bel_native_writer_end(m->writer, reason, &err), 0);
	bel_native_writer_free(m->writer);
	assert_int_equal(fclose(m->file), 0);
}

static const struct bel_granule granule[3] = {{0x400, 0}, {0x7ff00, 0}, {0x401, 0}};
static const struct bel_run runs[4] = {
	{0, 3 << BEL_RUN_COUNT_SHIFT | BEL_RUN_FETCH},
	{1, 1 << BEL_RUN_COUNT_SHIFT | BEL_RUN_DATA | BEL_RUN_WRITE},
	{0, 40 << BEL_RUN_COUNT_SHIFT | BEL_RUN_FETCH | BEL_RUN_DATA},
	{2, 1 << BEL_RUN_COUNT_SHIFT | BEL_RUN_FETCH | BEL_RUN_SPLIT},
};

static void make_small(struct made *m, const struct bel_event *events, size_t event_count)
{
	const struct bel_trace_info info = {.granule_bits = 12, .command = "ls", .tool = "t"};
	const struct bel_chunk chunk = {.runs = runs,
		.count = 4,
		.events = events,
		.event_count = event_count,
		.references = 45,
		.kinds = {40, 3, 1, 0},
		.crossings = 1};

	make(m, &info);
	assert_int_equal(
		bel_native_write_chunk(m->writer, &chunk, (struct bel_granules){granule, 3}, &err),
		0);
}

/* FORMAT.md read aloud: what stands where in the smallest trace that has one of each. */
static void layout_is_as_written(void **state)
{
	static const uint8_t head[] = {0x89, 'B', 'E', 'L', 13, 10, 26, 10, 1, 0, 12, 0, 64, 1, 0,
		0, 19, 0, 0, 0, 0, 0, 0, 0};
	static const uint8_t fields[] = {
		1, 0, 0, 0, 2, 0, 0, 0, 'l', 's', 2, 0, 0, 0, 1, 0, 0, 0, 't'};
	static const uint8_t block[] = {'B', 'L', 'K', 10, 1, 2, 0, 0};
	static const uint8_t payload[] = {
		0, 0, 3 << 3 | 0, 1, 0, 1 << 3 | 2, 0, 0, 0 << 3 | 3, 2, 0,
		1 << 3 | 5,                                     /* records */
		40,                                             /* long counts */
		0x80, 0x10, 0x80, 0xec, 0x3f, 0xfd, 0xeb, 0x3f, /* granules */
	};
	struct made m;
	const uint8_t *p;

	(void)state;
	make_small(&m, NULL, 0);
	finish(&m, NULL);
	p = (const uint8_t *)m.data;
	assert_memory_equal(p, head, sizeof(head));
	assert_memory_equal(p + 32, fields, sizeof(fields));
	p += 32 + sizeof(fields);
	assert_memory_equal(p, block, sizeof(block));
	assert_int_equal(get_le(p + 8, 4), sizeof(payload)); /* too small to be compressed */
	assert_int_equal(get_le(p + 12, 4), sizeof(payload));
	assert_int_equal(get_le(p + 16, 4), 4);
	assert_int_equal(get_le(p + 20, 4), 0);
	assert_int_equal(get_le(p + 28, 4), 0);
	assert_int_equal(get_le(p + 32, 4), 3);
	assert_int_equal(get_le(p + 40, 8), 0);
	assert_int_equal(get_le(p + 48, 8), 45);
	assert_int_equal(get_le(p + 56, 8), 40);
	assert_int_equal(get_le(p + 64, 8), 3);
	assert_int_equal(get_le(p + 72, 8), 1);
	assert_int_equal(get_le(p + 88, 8), 1);
	assert_memory_equal(p + BEL_NATIVE_BLOCK, payload, sizeof(payload));
	p = (const uint8_t *)m.data + m.size - BEL_NATIVE_TAIL;
	assert_memory_equal(p + 8, "BELEND\r\n", 8);
	p = (const uint8_t *)m.data + get_le(p, 8);
	assert_memory_equal(p, "BLK\n\x04", 5);
	assert_int_equal(get_le(p + 48, 8), 45);
	free(m.data);
}

static void events_come_back(void **state)
{
	const struct bel_event events[] = {
		{.type = BEL_EVENT_START, .pid = 77, .name = "ls"},
		{.type = BEL_EVENT_MAP,
			.region = BEL_REGION_TEXT,
			.flags = BEL_MAP_READ | BEL_MAP_EXEC | BEL_MAP_FILE,
			.start = 0x400000,
			.length = 0x2000,
			.offset = 4096,
			.name = "/bin/ls"},
		{.type = BEL_EVENT_FORK, .at = 2, .space = 1, .pid = 78},
		{.type = BEL_EVENT_EXIT, .at = 4, .value = 256 + 11},
	};
	struct made m;
	struct bel_input *input;
	struct bel_native_reader *reader;
	struct bel_chunk chunk;
	const struct bel_native_totals *totals;

	(void)state;
	make_small(&m, events, 4);
	finish(&m, "interrupted");
	assert_int_equal(bel_input_open_memory(&input, "memory", m.data, m.size, &err), 0);
	assert_int_equal(bel_native_reader_open(&reader, input, &err), 0);
	assert_string_equal(bel_native_info(reader)->command, "ls");
	assert_int_equal(bel_native_read_chunk(reader, &chunk, &err), 1);
	assert_int_equal(chunk.count, 4);
	assert_memory_equal(chunk.runs, runs, sizeof(runs));
	assert_int_equal(chunk.event_count, 4);
	assert_int_equal(chunk.events[0].pid, 77);
	assert_int_equal(chunk.events[1].region, BEL_REGION_TEXT);
	assert_int_equal(chunk.events[1].start, 0x400000);
	assert_int_equal(chunk.events[1].length, 0x2000);
	assert_int_equal(chunk.events[1].offset, 4096);
	assert_int_equal(chunk.events[1].flags, BEL_MAP_READ | BEL_MAP_EXEC | BEL_MAP_FILE);
	assert_string_equal(chunk.events[1].name, "/bin/ls");
	assert_int_equal(chunk.events[2].at, 2);
	assert_int_equal(chunk.events[2].space, 1);
	assert_null(chunk.events[2].name);
	assert_int_equal(chunk.events[3].at, 4);
	assert_int_equal(chunk.events[3].value, 256 + 11);
	assert_null(bel_native_totals(reader));
	assert_int_equal(bel_native_read_chunk(reader, &chunk, &err), 0);
	totals = bel_native_totals(reader);
	assert_non_null(totals);
	assert_int_equal(totals->references, 45);
	assert_int_equal(totals->spaces, 2);
	assert_string_equal(totals->reason, "interrupted");
	bel_native_reader_free(reader);
	bel_input_close(input);
	free(m.data);
}

/* Writes and reads back a trace of runs with events of call stacks. Negative: it is refused. */
static int read_stacks(unsigned near_pages, bool renewed, const struct bel_event *events,
	size_t count, struct bel_trace_info *info, struct bel_chunk *chunk,
	struct bel_native_reader **reader, struct bel_input **input)
{
	const struct bel_trace_info with = {.granule_bits = 12,
		.near_pages = near_pages,
		.near_bits = 12,
		.near_renewed = renewed};
	const struct bel_chunk given = {
		.runs = runs, .count = 4, .events = events, .event_count = count, .references = 45};
	static struct made m;

	free(m.data);
	make(&m, &with);
	assert_int_equal(
		bel_native_write_chunk(m.writer, &given, (struct bel_granules){granule, 3}, &err),
		0);
	finish(&m, NULL);
	assert_int_equal(m.data[9], near_pages ? 3 + renewed : 0);
	assert_int_equal(bel_input_open_memory(input, "memory", m.data, m.size, &err), 0);
	assert_int_equal(bel_native_reader_open(reader, *input, &err), 0);
	*info = *bel_native_info(*reader);
	return bel_native_read_chunk(*reader, chunk, &err);
}

static void call_stacks_come_back(void **state)
{
	static const struct bel_event events[] = {
		{.type = BEL_EVENT_FRAME, .value = 1, .start = 0x401000, .name = "main\tm.c:9\tm"},
		{.type = BEL_EVENT_FRAME, .value = 2, .offset = 1, .name = "\t\tlib.so+0x10"},
		{.type = BEL_EVENT_STACK, .value = 2},
		{.type = BEL_EVENT_STACK, .at = 3},
	};
	static const struct bel_event wrong[][2] = {
		/* not dense; its own parent; a stack before its node */
		{{.type = BEL_EVENT_FRAME, .value = 2}, {.type = BEL_EVENT_EXIT}},
		{{.type = BEL_EVENT_FRAME, .value = 1, .offset = 1}, {.type = BEL_EVENT_EXIT}},
		{{.type = BEL_EVENT_FRAME, .value = 1}, {.type = BEL_EVENT_STACK, .value = 2}},
	};
	struct bel_native_reader *reader;
	struct bel_input *input;
	struct bel_trace_info info;
	struct bel_chunk chunk;

	(void)state;
	assert_int_equal(read_stacks(16, false, events, 4, &info, &chunk, &reader, &input), 1);
	assert_int_equal(info.near_pages, 16);
	assert_int_equal(info.near_bits, 12);
	assert_int_equal(info.near_renewed, 0);
	assert_int_equal(chunk.event_count, 4);
	assert_int_equal(chunk.events[0].value, 1);
	assert_int_equal(chunk.events[0].start, 0x401000);
	assert_string_equal(chunk.events[0].name, "main\tm.c:9\tm");
	assert_int_equal(chunk.events[1].offset, 1);
	assert_int_equal(chunk.events[2].type, BEL_EVENT_STACK);
	assert_int_equal(chunk.events[2].value, 2);
	assert_int_equal(chunk.events[3].at, 3);
	assert_int_equal(chunk.events[3].value, 0);
	bel_native_reader_free(reader);
	bel_input_close(input);
	assert_int_equal(read_stacks(5, true, events, 4, &info, &chunk, &reader, &input), 1);
	assert_int_equal(info.near_pages, 5);
	assert_int_equal(info.near_renewed, 1);
	bel_native_reader_free(reader);
	bel_input_close(input);
	/* A trace without call stacks takes none. */
	assert_int_equal(read_stacks(0, true, events, 4, &info, &chunk, &reader, &input), 1);
	assert_int_equal(info.near_pages, 0);
	assert_int_equal(chunk.event_count, 0);
	assert_memory_equal(chunk.runs, runs, sizeof(runs));
	bel_native_reader_free(reader);
	bel_input_close(input);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(
			read_stacks(16, false, wrong[i], 2, &info, &chunk, &reader, &input),
			BEL_FAIL);
		assert_non_null(strstr(err.text, "malformed event"));
		bel_native_reader_free(reader);
		bel_input_close(input);
	}
}

/* The counts of the kernel's references stand in the payload, and a field of the head says so. */
static void kernel_references_have_their_place(void **state)
{
	static const uint8_t field[] = {0x04, 0x80, 0, 0, 0, 0, 0, 0};
	static const uint8_t counts[] = {2, 0x84, 0x01}; /* 2 and 132 */
	const struct bel_trace_info info = {.granule_bits = 12, .kernel = 1};
	const struct bel_run run = {
		0, 135 << BEL_RUN_COUNT_SHIFT | BEL_RUN_DATA | BEL_RUN_WRITE | BEL_RUN_FETCH};
	const struct bel_chunk chunk = {
		.runs = &run, .count = 1, .references = 135, .kinds = {1, 0, 0, 0, 2, 132}};
	const struct bel_native_totals *totals;
	struct bel_native_reader *reader;
	struct bel_input *input;
	struct bel_chunk back;
	struct made m;
	const uint8_t *p;

	(void)state;
	make(&m, &info);
	assert_int_equal(
		bel_native_write_chunk(m.writer, &chunk, (struct bel_granules){granule, 3}, &err),
		0);
	finish(&m, NULL);
	p = (const uint8_t *)m.data;
	assert_int_equal(p[9], 1);
	assert_memory_equal(p + 32, field, sizeof(field));
	assert_memory_equal(p + 32 + sizeof(field) + BEL_NATIVE_BLOCK, counts, sizeof(counts));
	assert_int_equal(bel_input_open_memory(&input, "memory", m.data, m.size, &err), 0);
	assert_int_equal(bel_native_reader_open(&reader, input, &err), 0);
	assert_true(bel_native_info(reader)->kernel);
	assert_int_equal(bel_native_read_chunk(reader, &back, &err), 1);
	assert_memory_equal(back.kinds, chunk.kinds, sizeof(back.kinds));
	assert_int_equal(back.runs[0].info, run.info);
	assert_int_equal(bel_native_read_chunk(reader, &back, &err), 0);
	totals = bel_native_totals(reader);
	assert_int_equal(totals->kinds[BEL_KERNEL_LOAD], 2);
	assert_int_equal(totals->kinds[BEL_KERNEL_STORE], 132);
	bel_native_reader_free(reader);
	bel_input_close(input);
	free(m.data);
}

static void kernel_references_must_be_announced(void **state)
{
	const struct bel_trace_info folded = {.granule_bits = 12}, exact = {.granule_bits = 0};
	const struct bel_run run = {0, 1 << BEL_RUN_COUNT_SHIFT | BEL_RUN_DATA};
	const struct bel_chunk chunk = {
		.runs = &run, .count = 1, .references = 1, .kinds = {[BEL_KERNEL_LOAD] = 1}};
	struct bel_access access = {0x1000, 4, BEL_KERNEL_STORE};
	const struct bel_accesses batch = {.access = &access, .count = 1, .capacity = 1};
	struct made m;

	(void)state;
	make(&m, &folded);
	assert_int_equal(
		bel_native_write_chunk(m.writer, &chunk, (struct bel_granules){granule, 3}, &err),
		BEL_FAIL);
	assert_string_equal(err.text, "the trace's head does not announce kernel references");
	bel_native_writer_free(m.writer);
	fclose(m.file);
	free(m.data);
	make(&m, &exact);
	assert_int_equal(bel_native_write_accesses(m.writer, &batch, &err), BEL_FAIL);
	bel_native_writer_free(m.writer);
	fclose(m.file);
	free(m.data);
}

/* Writes n exact references as a file; returns its name in path. */
static void make_file(char path[], const struct bel_access *access, size_t n)
{
	const struct bel_trace_info info = {.granule_bits = 0};
	struct bel_native_writer *writer;
	int fd = mkstemp(path);
	FILE *file = fdopen(fd, "wb");

	assert_non_null(file);
	assert_int_equal(bel_native_writer_open(&writer, file, &info, 1, &err), 0);
	for (size_t done = 0; done < n; done += 1000) {
		struct bel_accesses batch = {
			.access = (struct bel_access *)access + done, .count = 1000};

		assert_int_equal(bel_native_write_accesses(writer, &batch, &err), 0);
	}
	assert_int_equal(bel_native_writer_end(writer, NULL, &err), 0);
	bel_native_writer_free(writer);
	assert_int_equal(fclose(file), 0);
}

static void seeks_to_any_reference(void **state)
{
	enum { N = 300000 };
	char path[] = "/tmp/belady-test-XXXXXX";
	struct bel_access *access = calloc(N, sizeof(*access)), got[512];
	struct bel_rng rng;

	(void)state;
	bel_rng_seed(&rng, 7);
	for (size_t i = 0; i < N; i++)
		access[i] = (struct bel_access){bel_rng_below(&rng, 5000) * 8,
			1 + (uint32_t)bel_rng_below(&rng, 64), (uint8_t)bel_rng_below(&rng, 4)};
	make_file(path, access, N);
	for (int round = 0; round < 40; round++) {
		uint64_t want = bel_rng_below(&rng, N), at = 0, from;
		struct bel_accesses batch = {.access = got, .capacity = 512};
		struct bel_native_reader *reader;
		struct bel_native_totals totals;
		struct bel_input *input;

		assert_int_equal(bel_input_open(&input, path, &err), 0);
		assert_int_equal(bel_native_reader_open(&reader, input, &err), 0);
		assert_int_equal(bel_native_peek_totals(reader, &totals, &err), 1);
		assert_int_equal(totals.references, N);
		assert_int_equal(bel_native_seek(reader, want, &err), 1);
		from = bel_native_now(reader);
		assert_true(from <= want && want - from < BEL_NATIVE_RECORDS);
		for (at = from; bel_native_read_accesses(reader, &batch, &err) > 0;
			at += batch.count)
			for (size_t i = 0; i < batch.count; i++) {
				assert_int_equal(got[i].address, access[at + i].address);
				assert_int_equal(got[i].size, access[at + i].size);
				assert_int_equal(got[i].kind, access[at + i].kind);
			}
		assert_int_equal(at, N);
		assert_non_null(bel_native_totals(reader));
		bel_native_reader_free(reader);
		bel_input_close(input);
	}
	unlink(path);
	free(access);
}

static void malformed_runs_are_refused(void **state)
{
	static const struct bel_run bad[] = {
		{1, 1 << BEL_RUN_COUNT_SHIFT | BEL_RUN_DATA}, /* not the next new granule */
		{0, BEL_RUN_DATA},                            /* no reference */
		{0, 1 << BEL_RUN_COUNT_SHIFT},                /* neither fetch nor data */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		const struct bel_trace_info info = {.granule_bits = 12};
		const struct bel_chunk chunk = {.runs = &bad[i], .count = 1, .references = 1};
		struct made m;

		make(&m, &info);
		assert_int_equal(bel_native_write_chunk(
					 m.writer, &chunk, (struct bel_granules){granule, 3}, &err),
			BEL_FAIL);
		bel_native_writer_free(m.writer);
		fclose(m.file);
		free(m.data);
	}
}

/* Two phrases; the first occurs again at the end, and runs grow where they meet. */
static const struct bel_run phrase_run[] = {
	{0, 3 << BEL_RUN_COUNT_SHIFT | BEL_RUN_FETCH},
	{1, 1 << BEL_RUN_COUNT_SHIFT | BEL_RUN_DATA | BEL_RUN_WRITE},
	{1, 2 << BEL_RUN_COUNT_SHIFT | BEL_RUN_DATA},
	{0, 1 << BEL_RUN_COUNT_SHIFT | BEL_RUN_FETCH},
	{0, 0},
};
static const uint32_t phrase_head[] = {2 << 1, 2 << 1};
static const uint8_t phrase_code[] = {0, 0, 0, 0, 1, 0};
static const struct bel_phrase_block phrase_block = {
	.run = phrase_run,
	.runs = 4,
	.head = phrase_head,
	.phrases = 2,
	.code = phrase_code,
	.codes = 3,
	.all = {.count = 4, .references = 11, .kinds = {7, 2, 2, 0}},
};

static int write_phrases(struct made *m, const struct bel_phrase_block *block, bool announced)
{
	const struct bel_trace_info info = {.granule_bits = 12, .phrases = announced};

	make(m, &info);
	return bel_native_write_phrases(m->writer, block, (struct bel_granules){granule, 3}, &err);
}

static int read_phrases(const struct made *m, struct bel_chunk *chunk, struct bel_run *run)
{
	struct bel_native_reader *reader;
	struct bel_input *input;
	int r;

	assert_int_equal(bel_input_open_memory(&input, "memory", m->data, m->size, &err), 0);
	assert_int_equal(bel_native_reader_open(&reader, input, &err), 0);
	r = bel_native_read_chunk(reader, chunk, &err);
	if (r > 0) {
		memcpy(run, chunk->runs, chunk->count * sizeof(*run));
		assert_int_equal(bel_native_read_chunk(reader, chunk, &err), 0);
	}
	bel_native_reader_free(reader);
	bel_input_close(input);
	return r;
}

static void phrases_are_as_written(void **state)
{
	static const uint8_t field[] = {5, 0x80, 0, 0, 0, 0, 0, 0};
	static const uint8_t payload[] = {
		2, 4, 3, 4, 4, /* numbers, lengths */
		0, 0, 3 << 3, 1, 0, 1 << 3 | 2, 1, 0, 2 << 3 | 1, 0, 0, 1 << 3, /* records */
		0, 0, 0, 0, 1, 0,                                               /* codes */
		0x80, 0x10, 0x80, 0xec, 0x3f,                                   /* granules */
	};
	static const struct bel_run expanded[] = {
		{0, 3 << BEL_RUN_COUNT_SHIFT | BEL_RUN_FETCH},
		{1, 3 << BEL_RUN_COUNT_SHIFT | BEL_RUN_DATA | BEL_RUN_WRITE},
		{0, 4 << BEL_RUN_COUNT_SHIFT | BEL_RUN_FETCH},
		{1, 1 << BEL_RUN_COUNT_SHIFT | BEL_RUN_DATA | BEL_RUN_WRITE},
	};
	struct bel_chunk chunk;
	struct bel_run run[4];
	struct made m;
	const uint8_t *p;

	(void)state;
	assert_int_equal(write_phrases(&m, &phrase_block, true), 0);
	finish(&m, NULL);
	p = (const uint8_t *)m.data;
	assert_int_equal(p[9], 2);
	assert_memory_equal(p + 32, field, sizeof(field));
	p += 32 + sizeof(field);
	assert_int_equal(p[4], 5);
	assert_int_equal(get_le(p + 16, 4), 4);
	assert_int_equal(get_le(p + 32, 4), 2);
	assert_int_equal(get_le(p + 48, 8), 11);
	assert_int_equal(get_le(p + 12, 4), sizeof(payload));
	assert_memory_equal(p + BEL_NATIVE_BLOCK, payload, sizeof(payload));
	assert_int_equal(read_phrases(&m, &chunk, run), 1);
	assert_memory_equal(run, expanded, sizeof(run));
	free(m.data);
}

static void wrong_phrases_are_refused(void **state)
{
	static const struct bel_run longest[] = {
		{0, BEL_RUN_COUNT_MAX << BEL_RUN_COUNT_SHIFT | BEL_RUN_FETCH}, {0, 0}};
	static const uint8_t early[] = {0, 0, 2, 0, 0, 0}, again[] = {0, 0, 1, 0, 1, 0};
	static const uint32_t one[] = {1 << 1}, empty[] = {0, 4 << 1}, apart[] = {1 << 1 | 1};
	struct bel_phrase_block wrong[8];
	struct bel_chunk chunk;
	struct bel_run run[4];
	struct made m;

	(void)state;
	for (size_t i = 0; i < 8; i++)
		wrong[i] = phrase_block;
	wrong[0].code = early;        /* a phrase before its first occurrence */
	wrong[1].code = again;        /* a phrase that does not occur */
	wrong[2].all.references = 12; /* sums that are not those of the phrases */
	wrong[3].all.count = 5;
	wrong[4].all.count = 3;
	wrong[5].head = empty; /* a phrase of nothing */
	wrong[6].codes = 2;
	wrong[7] = (struct bel_phrase_block){.run = longest, /* a run that is too long */
		.runs = 1,
		.head = one,
		.phrases = 1,
		.code = again,
		.codes = 2,
		.all = {.count = 1, .references = 2 * (uint64_t)BEL_RUN_COUNT_MAX}};
	for (size_t i = 0; i < 8; i++) {
		assert_int_equal(write_phrases(&m, &wrong[i], true), 0);
		finish(&m, NULL);
		assert_int_equal(read_phrases(&m, &chunk, run), BEL_FAIL);
		free(m.data);
	}
	wrong[7].head = apart;
	wrong[7].all.count = 2;
	assert_int_equal(write_phrases(&m, &wrong[7], true), 0);
	finish(&m, NULL);
	assert_int_equal(read_phrases(&m, &chunk, run), 1);
	free(m.data);
	assert_true(write_phrases(&m, &phrase_block, false) < 0); /* not announced */
	bel_native_writer_free(m.writer);
	fclose(m.file);
	free(m.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layout_is_as_written),
		cmocka_unit_test(events_come_back),
		cmocka_unit_test(call_stacks_come_back),
		cmocka_unit_test(kernel_references_have_their_place),
		cmocka_unit_test(kernel_references_must_be_announced),
		cmocka_unit_test(phrases_are_as_written),
		cmocka_unit_test(wrong_phrases_are_refused),
		cmocka_unit_test(seeks_to_any_reference),
		cmocka_unit_test(malformed_runs_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
