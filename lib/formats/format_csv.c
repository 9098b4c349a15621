/* SPDX-License-Identifier: MIT */
/*
 * format_csv.c: comma-separated values. --columns or the head line gives the
 * meaning of each column (csv_columns.h):
 *
 *	kind,address,size
 *	load,0x7ffd1000,8
 *
 * Numbers are decimal or 0x. Kinds are R W I L S M, whole words, in any case, or
 * words of --kinds. Without a column of kinds all references are loads; without
 * sizes all sizes are 1. Cells may be quoted (RFC 4180), but a cell that spans
 * lines is bad. Each process in a process column is a separate address space.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell_ends.h"
#include "csv_fast.h"
#include "csv_row.h"
#include "names.h"
#include "text.h"

#define PAGE_4K 12

struct csv {
	struct bel_text text; /* must be first, for bel_text_tally() */
	struct bel_csv_map map;
	struct bel_csv_fast fast;
	struct bel_names keys;      /* from keys to page numbers */
	struct bel_names processes; /* from processes to address spaces */
	bool has_process, has_thread, has_key;
	uint32_t space;   /* of the previous line */
	uint64_t process; /* of the previous line */
	bool threaded;    /* the last event was a switch to `thread` in that space */
	uint64_t thread;
};

static void close_csv(void *reader)
{
	struct csv *const csv = reader;

	if (!csv)
		return;
	bel_names_release(&csv->keys);
	bel_names_release(&csv->processes);
	bel_text_close(csv);
}

/* The row's line is bad: 0 if it is skipped. */
static int bad_row(struct csv *csv, const struct bel_csv_row *row, struct bel_err *err)
{
	struct bel_text *const text = &csv->text;
	char shown[64], hint[72] = "";

	if (text->tally.bad < text->options.max_bad) {
		text->tally.bad++;
		return 0;
	}
	bel_format_quote(shown, sizeof(shown), row->cell.text, row->cell.length);
	/* A map's words cannot have these characters. */
	if (!strcmp(row->fault, BEL_CSV_NO_KIND) && row->cell.length && !strpbrk(shown, ",\\"))
		snprintf(hint, sizeof(hint), " %s=read", shown);
	return bel_fail(err, "%s: line %" PRIu64 ", column %u \"%s\": %s%s", text->input->name,
		text->line, row->column, shown, row->fault, hint);
}

/* Skips the line at the cursor if it is blank, a comment or too long: 1; else 0. */
static int pass_line(struct csv *csv, struct bel_err *err)
{
	struct bel_text *const text = &csv->text;
	const uint8_t *const start = text->cursor, *const p = bel_text_blanks(start);
	const uint8_t *const end = bel_csv_row_end(p);
	int r;

	if (end - start > (ptrdiff_t)BEL_TEXT_LINE_MAX + 1) {
		r = bel_text_long(text, start, err);
		if (r < 0)
			return r;
	} else if (*p == '#') {
		text->tally.noise++;
	} else if (*p != '\n' && !(*p == '\r' && p[1] == '\n')) {
		return 0;
	}
	text->cursor = end;
	text->line++;
	return 1;
}

/* Moves to the first line that is neither blank nor a comment: 1, or 0 if there is none. */
static int find_first(struct csv *csv, struct bel_err *err)
{
	static const uint8_t mark[] = {0xef, 0xbb, 0xbf};
	struct bel_text *const text = &csv->text;
	int r;

	for (;;) {
		if (text->cursor == text->limit) {
			r = bel_text_more(text, err);
			if (r <= 0)
				return r;
		}
		if (text->line == 1 && !memcmp(text->cursor, mark, sizeof(mark)))
			text->cursor += sizeof(mark);
		r = pass_line(csv, err);
		if (r <= 0)
			return r < 0 ? r : 1;
	}
}

/* Finds the columns and skips the head line, if there is one. */
static int start(struct csv *csv, struct bel_err *err)
{
	struct bel_text *const text = &csv->text;
	const char *const map = text->options.columns;
	const bool wanted = bel_csv_need_head(map);
	uint8_t separator;
	int r = bel_csv_separator(text->options.separator, &separator, err);

	if (!r)
		r = bel_csv_kinds_init(&csv->map.kinds, text->options.kinds, err);
	if (!r && !wanted)
		r = bel_csv_resolve(
			&csv->map.columns, map, NULL, separator, text->input->name, err);
	if (!r)
		r = find_first(csv, err);
	if (r <= 0)
		return r;
	if (!wanted && !separator)
		csv->map.columns.separator = bel_csv_separator_of(&csv->map.columns, text->cursor);
	if (wanted)
		r = bel_csv_resolve(&csv->map.columns, map, bel_text_blanks(text->cursor),
			separator, text->input->name, err);
	else if (!bel_csv_row_is_head(&csv->map, text->cursor))
		return 0;
	if (r < 0)
		return r;
	text->tally.noise++;
	text->cursor = bel_csv_row_end(text->cursor);
	text->line++;
	return 0;
}

static void *open_csv(
	struct bel_input *input, const struct bel_format_options *options, struct bel_err *err)
{
	struct csv *const csv = calloc(1, sizeof(*csv));

	if (!csv) {
		bel_err_memory(err, "a reader of CSV");
		return NULL;
	}
	bel_text_init(&csv->text, input, options);
	csv->map.unit_bits = options->unit_bits ? options->unit_bits : PAGE_4K;
	if (start(csv, err) < 0) {
		close_csv(csv);
		return NULL;
	}
	bel_csv_fast_init(&csv->fast, &csv->map);
	csv->has_process = bel_csv_column_of(&csv->map.columns, BEL_CSV_PROCESS);
	csv->has_thread = bel_csv_column_of(&csv->map.columns, BEL_CSV_THREAD);
	csv->has_key = bel_csv_column_of(&csv->map.columns, BEL_CSV_KEY);
	return csv;
}

static bool page_numbers(const void *reader)
{
	const struct csv *const csv = reader;

	return !bel_csv_column_of(&csv->map.columns, BEL_CSV_ADDRESS);
}

/* Switches to the row's process: 1, or 0 if the batch must end before the row. */
static int enter_process(struct csv *csv, const struct bel_csv_row *row, struct bel_accesses *out,
	size_t count, struct bel_err *err)
{
	struct bel_event event = {
		.type = BEL_EVENT_START, .pid = (uint32_t)row->process, .at = count};
	uint32_t space;
	int r;

	if (csv->processes.count && row->process == csv->process)
		return 1;
	if (count || out->events.count)
		return 0;
	r = bel_names_number(&csv->processes, &row->process, sizeof(row->process), &space, err);
	if (r < 0)
		return r;
	csv->process = row->process;
	csv->threaded = csv->threaded && csv->space == space;
	csv->space = out->space = event.space = space;
	return r == 0 ? 1 : bel_events_add(&out->events, &event, err) < 0 ? BEL_FAIL : 1;
}

static int enter_thread(struct csv *csv, const struct bel_csv_row *row, struct bel_accesses *out,
	size_t count, struct bel_err *err)
{
	const struct bel_event event = {
		.type = BEL_EVENT_THREAD, .space = csv->space, .at = count, .value = row->thread};

	if (csv->threaded && row->thread == csv->thread)
		return 0;
	csv->threaded = true;
	csv->thread = row->thread;
	return bel_events_add(&out->events, &event, err);
}

/* Adds a row as reference `count`: 1, or 0 if the batch must end before the row. */
static int take_row(struct csv *csv, struct bel_csv_row *row, struct bel_accesses *out,
	size_t count, struct bel_err *err)
{
	uint32_t key;
	int r = 1;

	if (csv->has_process)
		r = enter_process(csv, row, out, count, err);
	if (r > 0 && csv->has_thread && enter_thread(csv, row, out, count, err) < 0)
		return BEL_FAIL;
	if (r > 0 && csv->has_key) {
		if (bel_names_number(&csv->keys, row->key.text, row->key.length, &key, err) < 0)
			return BEL_FAIL;
		row->access.address = key;
	}
	if (r > 0)
		out->access[count] = row->access;
	return r;
}

/* The line at the cursor: 1 if added, 2 if skipped, 0 if the batch must end before it. */
static int read_line(struct csv *csv, struct bel_accesses *out, size_t count, struct bel_err *err)
{
	struct bel_text *const text = &csv->text;
	const uint8_t *next;
	struct bel_csv_row row;
	int r = pass_line(csv, err);

	if (r)
		return r < 0 ? r : 2;
	next = bel_csv_row_parse(&csv->map, text->cursor, &row);
	if (!next) {
		r = bad_row(csv, &row, err);
		if (r < 0)
			return r;
		next = bel_csv_row_end(text->cursor);
		r = 2;
	} else if (row.access.kind == BEL_CSV_SKIP) {
		text->tally.noise++;
		r = 2;
	} else {
		r = take_row(csv, &row, out, count, err);
		if (r <= 0)
			return r;
	}
	text->cursor = next;
	text->line++;
	return r;
}

/* Adds usual rows as long as they come. Returns how many references there are then. */
static size_t read_usual(struct csv *csv, struct bel_accesses *out, size_t count)
{
	struct bel_text *const text = &csv->text;
	/* Changes of process and thread are read_line()'s. */
	const struct bel_csv_ids ids = {
		.process = csv->processes.count ? csv->process : UINT64_MAX,
		.thread = csv->threaded ? csv->thread : UINT64_MAX,
	};
	uint16_t ends[BEL_CELL_ENDS_MOST];

	while (text->cursor != text->limit) {
		const size_t left = (size_t)(text->limit - text->cursor);
		const size_t length = left < BEL_CELL_ENDS_BLOCK ? left : BEL_CELL_ENDS_BLOCK;
		const struct bel_csv_block block = {.text = text->cursor,
			.end = ends,
			.count = bel_cell_ends_list(
				text->cursor, length, csv->fast.separator, ends)};
		const size_t rows = bel_csv_fast_parse(&csv->fast, &ids, &block,
			out->access + count, out->capacity - count, &text->cursor);

		count += rows;
		text->line += rows;
		/* A line longer than a block is not usual. */
		if (!block.count || text->cursor <= block.text + ends[block.count - 1])
			break;
	}
	return count;
}

static int read_batch(void *reader, struct bel_accesses *out, struct bel_err *err)
{
	struct csv *const csv = reader;
	struct bel_text *const text = &csv->text;
	size_t count = 0;
	int r = 0;

	out->space = csv->space;
	while (count < out->capacity) {
		if (text->cursor == text->limit) {
			if (count || out->events.count)
				break;
			r = bel_text_more(text, err);
			if (r <= 0)
				break;
			continue;
		}
		count = read_usual(csv, out, count);
		if (count == out->capacity || text->cursor == text->limit)
			continue;
		/* Return what was found first; the next call fails again. */
		r = read_line(csv, out, count, count || out->events.count ? NULL : err);
		if (r <= 0)
			break;
		count += r == 1;
	}
	out->count = count;
	return count || out->events.count ? 1 : r;
}

static enum bel_probe_verdict probe(struct bel_probe *probe)
{
	const uint8_t *const data = probe->data;
	const size_t have = probe->have;
	uint8_t line[1024 + 16];
	size_t at = 0;

	while (at < have) {
		const uint8_t *const start = data + at;
		const uint8_t *const newline = memchr(start, '\n', have - at);
		const size_t length = newline ? (size_t)(newline - start) : have - at;

		if (length > 1024 || (!newline && !probe->whole))
			break;
		memcpy(line, start, length);
		line[length] = '\n';
		if (*line != '#' && !bel_text_eol(line))
			return bel_csv_head_probe(line)
				       ? bel_probe_say(probe, BEL_PROBE_CERTAIN,
						 "a head line names an address, a page or a key")
				       : bel_probe_say(probe, BEL_PROBE_NO,
						 "no head line names an address, a page or a key");
		at += length + 1;
	}
	return bel_probe_say(probe, BEL_PROBE_NO, "no line of cells");
}

static int write_head(FILE *file, const struct bel_trace_info *info, struct bel_err *err)
{
	(void)info;
	(void)err;
	fputs("kind,address,size\n", file);
	return 0;
}

static void put_line(struct bel_text_buffer *to, const struct bel_access *access)
{
	bel_text_put(to, bel_kind_name((enum bel_kind)access->kind));
	bel_text_put(to, ",0x");
	bel_text_put_hex(to, access->address, 1);
	bel_text_put(to, ",");
	bel_text_put_decimal(to, access->size);
	bel_text_put(to, "\n");
}

BEL_TEXT_WRITER(write_batch, put_line)

static const struct bel_format csv_format = {
	.name = "csv",
	.title = "comma-separated values, columns by --columns or the head line",
	.suffixes = ".csv",
	.caps = BEL_FORMAT_KINDS | BEL_FORMAT_WRITES | BEL_FORMAT_SIZES | BEL_FORMAT_GENERAL,
	.probe = probe,
	.open = open_csv,
	.read = read_batch,
	.tally = bel_text_tally,
	.close = close_csv,
	.page_numbers = page_numbers,
	.write_head = write_head,
	.write = write_batch,
};
BEL_FORMAT(csv_format);
