/* SPDX-License-Identifier: MIT */
/*
 * lines.c: references with their address spaces and threads, one line at a time.
 *
 * A batch has references of one space. A record that does not fit into the batch
 * (it is of another space, or the batch is full) is held for the next one.
 */
#include "lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"

#define MAX_SPACES (1 << 24)
#define MAX_NAME 255 /* longer than any name of a disk or process */
#define PROBE_LINES 1000
#define PROBE_LINE_MAX 2048

struct bel_lines {
	struct bel_text text;
	bel_line_parser *parse;
	struct bel_names names;
	uint32_t begun; /* number of spaces that have begun */

	struct bel_record held; /* its cells are no longer valid */
	uint32_t held_space;
	unsigned given; /* references of `held` that were given already */
	bool in_thread; /* the last thread is known: */
	uint64_t thread;
	uint32_t thread_space;

	_Alignas(8) uint8_t state[];
};

bool bel_record_request(struct bel_record *record, uint8_t kind, uint64_t start, uint64_t length,
	struct bel_cell cell, struct bel_fault *fault)
{
	if (!length)
		return true;
	if (length > UINT32_MAX)
		return bel_fault_say(fault, cell, "a request of 4 GiB or more is not possible");
	if (start > UINT64_MAX - (length - 1))
		return bel_fault_say(fault, cell, "the request ends past the last address");
	record->access[record->count++] =
		(struct bel_access){.address = start, .size = (uint32_t)length, .kind = kind};
	return true;
}

bool bel_record_sector(
	uint64_t sector, uint64_t *start, struct bel_cell cell, struct bel_fault *fault)
{
	*start = sector << BEL_SECTOR_BITS;
	return *start >> BEL_SECTOR_BITS == sector ||
	       bel_fault_say(fault, cell, "the sector is past the last address");
}

void *bel_lines_open(struct bel_input *input, const struct bel_format_options *options,
	bel_line_parser *parse, size_t state_size, struct bel_err *err)
{
	struct bel_lines *const lines = calloc(1, sizeof(*lines) + state_size);

	if (!lines) {
		bel_err_memory(err, "a reader of text");
		return NULL;
	}
	bel_text_init(&lines->text, input, options);
	lines->parse = parse;
	return lines;
}

void *bel_lines_state(void *reader)
{
	return ((struct bel_lines *)reader)->state;
}

void bel_lines_tally(const void *reader, struct bel_format_tally *tally)
{
	*tally = ((const struct bel_lines *)reader)->text.tally;
}

void bel_lines_close(void *reader)
{
	struct bel_lines *const lines = reader;

	if (!lines)
		return;
	bel_names_release(&lines->names);
	bel_text_release(&lines->text);
	free(lines);
}

static bool is_comment_or_blank(const uint8_t *p)
{
	while (*p == ' ' || *p == '\t' || *p == '\r')
		p++;
	return *p == '#' || *p == '\n' || (*p == '/' && p[1] == '/');
}

static bool name_is_sound(struct bel_cell name, struct bel_fault *fault)
{
	if (name.length > MAX_NAME)
		return bel_fault_say(fault, name, "a name of more than %d bytes", MAX_NAME);
	if (name.length && memchr(name.text, 0, name.length))
		return bel_fault_say(fault, name, "a name with a zero byte");
	return true;
}

/* Finds the space of the record; usually that of the previous record. */
static int find_space(struct bel_lines *lines, struct bel_err *err)
{
	const struct bel_cell name = lines->held.space;
	const char *const text = name.length ? (const char *)name.text : "";
	const struct bel_name *const last =
		lines->names.count ? &lines->names.name[lines->held_space] : NULL;
	uint32_t space;

	if (last && last->length == name.length && !memcmp(last->text, text, name.length))
		return BEL_OK;
	if (bel_names_number(&lines->names, text, name.length, &space, err) < 0)
		return BEL_FAIL;
	if (space == MAX_SPACES)
		return bel_fail(err, "more than %d address spaces", MAX_SPACES);
	lines->held_space = space;
	return BEL_OK;
}

/* The line at the cursor: 1 if lines->held is its record, 0 if it has none, negative on errors. */
static int next_record(struct bel_lines *lines, struct bel_err *err)
{
	struct bel_text *const text = &lines->text;
	const uint8_t *const line = text->cursor, *const end = rawmemchr(line, '\n');
	struct bel_fault fault = {.cell = {line, 0}};
	struct bel_record *const record = &lines->held;

	if ((size_t)(end - line) > BEL_TEXT_LINE_MAX || is_comment_or_blank(line))
		return bel_text_odd(text, NULL, "", err);
	*record = (struct bel_record){.count = 0};
	if (!lines->parse(lines->state, (struct bel_line){line, end}, record, &fault) ||
		!name_is_sound(record->space, &fault)) {
		const int r = bel_format_bad(&text->tally, &text->options, text->input, text->line,
			fault.why, fault.cell.text, fault.cell.length, err);

		record->count = 0;
		if (r < 0)
			return r;
	} else if (!record->count) {
		text->tally.noise++;
	} else if (find_space(lines, err) < 0) {
		record->count = 0;
		return BEL_FAIL;
	}
	lines->given = 0;
	text->cursor = end + 1;
	text->line++;
	return record->count > 0;
}

/* A name that is a number becomes the pid; otherwise the pid is the number of the space. A space
 * without a name begins without an event. */
static int begin_space(struct bel_lines *lines, struct bel_accesses *out, struct bel_err *err)
{
	const char *const name = lines->names.name[lines->held_space].text;
	struct bel_event event = {.type = BEL_EVENT_START,
		.space = lines->held_space,
		.at = out->count,
		.pid = lines->held_space,
		.name = name};
	const struct bel_cell cell = {(const uint8_t *)name, strlen(name)};
	uint64_t number;

	if (bel_cell_to_decimal(cell, &number) && number <= UINT32_MAX)
		event.pid = (uint32_t)number;
	lines->begun++;
	if (!*name)
		return BEL_OK;
	return bel_events_add(&out->events, &event, err);
}

static int switch_thread(struct bel_lines *lines, struct bel_accesses *out, struct bel_err *err)
{
	const struct bel_event event = {.type = BEL_EVENT_THREAD,
		.space = lines->held_space,
		.at = out->count,
		.value = lines->held.thread};

	lines->in_thread = true;
	lines->thread = lines->held.thread;
	lines->thread_space = lines->held_space;
	return bel_events_add(&out->events, &event, err);
}

/* Adds the held record to a batch of its space, as far as it fits. */
static int give(struct bel_lines *lines, struct bel_accesses *out, struct bel_err *err)
{
	const struct bel_record *const record = &lines->held;

	if (lines->held_space == lines->begun && begin_space(lines, out, err) < 0)
		return BEL_FAIL;
	if (record->has_thread &&
		(!lines->in_thread || lines->thread != record->thread ||
			lines->thread_space != lines->held_space) &&
		switch_thread(lines, out, err) < 0)
		return BEL_FAIL;
	while (lines->given < record->count && out->count < out->capacity)
		out->access[out->count++] = record->access[lines->given++];
	return BEL_OK;
}

int bel_lines_read(void *reader, struct bel_accesses *out, struct bel_err *err)
{
	struct bel_lines *const lines = reader;
	struct bel_text *const text = &lines->text;
	int r = 0;

	out->count = 0;
	out->space = lines->held_space;
	while (out->count < out->capacity) {
		if (lines->given < lines->held.count) {
			if (!out->count)
				out->space = lines->held_space;
			if (out->space != lines->held_space)
				break;
			r = give(lines, out, err);
			if (r < 0)
				return r;
			continue;
		}
		if (text->cursor == text->limit) {
			if (out->count || (r = bel_text_more(text, err)) <= 0)
				break;
			continue;
		}
		/* Return what was found first; the next call fails again. */
		r = next_record(lines, out->count ? NULL : err);
		if (r < 0)
			break;
	}
	return out->count ? 1 : r;
}

void bel_lines_look(struct bel_lines_look *look, const uint8_t *data, size_t have, bool whole,
	bel_line_parser *parse, void *state)
{
	uint8_t line[PROBE_LINE_MAX + 16] = {0};
	size_t at = 0;

	*look = (struct bel_lines_look){.records = 0};
	while (at < have && look->records + look->noise + look->bad < PROBE_LINES) {
		struct bel_record record = {.count = 0};
		const uint8_t *const start = data + at;
		const uint8_t *const newline = memchr(start, '\n', have - at);
		const size_t length = newline ? (size_t)(newline - start) : have - at;

		if (!newline && !whole)
			return;
		at += length + 1;
		if (length > PROBE_LINE_MAX) {
			look->bad++;
			continue;
		}
		memcpy(line, start, length);
		line[length] = '\n';
		if (is_comment_or_blank(line))
			continue;
		if (!parse(state, (struct bel_line){line, line + length}, &record, NULL))
			look->bad++;
		else if (record.count)
			look->records++;
		else
			look->noise++;
	}
}

enum bel_probe_verdict bel_lines_probe(
	struct bel_probe *probe, bel_line_parser *parse, void *state, const char *what)
{
	struct bel_lines_look look;
	unsigned lines;

	bel_lines_look(&look, probe->data, probe->have, probe->whole, parse, state);
	lines = look.records + look.bad;
	if (!look.records || look.records < 3 * look.bad)
		return bel_probe_say(probe, BEL_PROBE_NO, "%u of the first %u lines are %s",
			look.records, lines, what);
	if (look.bad)
		return bel_probe_say(probe, BEL_PROBE_LIKELY, "%u of the first %u lines are %s",
			look.records, lines, what);
	return bel_probe_say(probe, BEL_PROBE_CERTAIN, "every line is %s", what);
}
