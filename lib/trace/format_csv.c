/* SPDX-License-Identifier: MIT */
/*
 * format_csv.c: comma-separated values; which column means what comes from
 * --columns or from the head line (csv_columns.h):
 *
 *	kind,address,size
 *	load,0x7ffd1000,8
 *
 * Numbers are decimal or 0x; kinds R W I L S M or whole words, in any case;
 * without a column of kinds all are loads, without sizes all are 1. Cells may
 * be quoted (RFC 4180), but a cell that spans lines is garbage.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "csv_columns.h"
#include "text.h"

struct csv {
	struct bel_text text; /* first: bel_text_close() and bel_text_tally() take it */
	struct bel_csv_columns columns;
	bool resolved; /* columns are known */
	bool first;    /* no line was read: a head line may come */
};

static void *open_csv(
	struct bel_input *input, const struct bel_format_options *options, struct bel_err *err)
{
	struct csv *const csv = calloc(1, sizeof(*csv));

	if (!csv) {
		bel_err_memory(err, "a reader of CSV");
		return NULL;
	}
	bel_text_init(&csv->text, input, options);
	csv->first = true;
	if (!bel_csv_need_head(options->columns)) {
		csv->resolved = true;
		if (bel_csv_resolve(&csv->columns, options->columns, NULL, input->name, err) < 0) {
			bel_text_close(csv);
			return NULL;
		}
	}
	return csv;
}

static bool cell_number(const struct bel_csv_cell *cell, bool hex, uint64_t *value)
{
	const uint8_t *end;

	/* A cell ends in front of a quote, comma, blank or newline: no number runs on. */
	if (!cell->length)
		return false;
	end = hex ? bel_text_hex(cell->text, value) : bel_text_number(cell->text, value);
	return end == cell->text + cell->length;
}

static bool cell_kind(const struct bel_csv_cell *cell, uint8_t *kind)
{
	static const struct {
		const char *word;
		uint8_t kind;
	} words[] = {
		{"r", BEL_LOAD},
		{"w", BEL_STORE},
		{"i", BEL_FETCH},
		{"l", BEL_LOAD},
		{"s", BEL_STORE},
		{"m", BEL_MODIFY},
		{"read", BEL_LOAD},
		{"write", BEL_STORE},
		{"fetch", BEL_FETCH},
		{"load", BEL_LOAD},
		{"store", BEL_STORE},
		{"modify", BEL_MODIFY},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (cell->length == strlen(words[i].word) &&
			!strncasecmp((const char *)cell->text, words[i].word, cell->length)) {
			*kind = words[i].kind;
			return true;
		}
	}
	return false;
}

static bool take_cell(const struct csv *csv, enum bel_csv_field field,
	const struct bel_csv_cell *cell, struct bel_access *access)
{
	const unsigned given = csv->text.options.unit_bits;
	const unsigned bits = given ? given : 12;
	uint64_t value;

	if (field == BEL_CSV_KIND)
		return cell_kind(cell, &access->kind);
	if (!cell_number(cell, csv->columns.hex[field], &value))
		return false;
	if (field == BEL_CSV_SIZE) {
		access->size = (uint32_t)value;
		return value && value <= UINT32_MAX;
	}
	if (field == BEL_CSV_PAGE) {
		access->address = value << bits;
		return value << bits >> bits == value;
	}
	access->address = value;
	return true;
}

static const uint8_t *next_line(const uint8_t *p)
{
	while (*p != '\n')
		p++;
	return p + 1;
}

/* As a bel_text_parser, but that it needs the map. */
static const uint8_t *parse(const struct csv *csv, const uint8_t *line, struct bel_access *access)
{
	const struct bel_csv_columns *const columns = &csv->columns;
	const uint8_t *p = line;

	access->kind = BEL_LOAD;
	access->size = 1;
	if (*bel_text_blanks(line) == '#')
		return NULL;
	for (unsigned at = 1;; at++) {
		struct bel_csv_cell cell;

		p = bel_csv_cell_next(p, &cell);
		for (int field = 0; field < BEL_CSV_FIELDS; field++)
			if (columns->at[field] == at &&
				!take_cell(csv, (enum bel_csv_field)field, &cell, access))
				return NULL;
		if (at == columns->last)
			break;
		if (!p)
			return NULL;
	}
	return next_line(p ? p : line);
}

/* The first line that is neither blank nor a comment: 1 if it was a head line and is passed. */
static int take_head(struct csv *csv, struct bel_err *err)
{
	struct bel_text *const text = &csv->text;
	const uint8_t *const p = bel_text_blanks(text->cursor);
	struct bel_access access;
	int r;

	if (*p == '\n' || *p == '\r' || *p == '#')
		return 0;
	csv->first = false;
	if (csv->resolved) {
		/* The map has numbers alone; what does not read by it may still be a head. */
		if (parse(csv, text->cursor, &access) || (uint8_t)(*p - '0') <= 9)
			return 0;
	} else {
		r = bel_csv_resolve(
			&csv->columns, text->options.columns, p, text->input->name, err);
		if (r < 0)
			return r;
		csv->resolved = true;
	}
	text->tally.noise++;
	text->cursor = next_line(p);
	text->line++;
	return 1;
}

static int read_batch(void *reader, struct bel_accesses *out, struct bel_err *err)
{
	struct csv *const csv = reader;
	struct bel_text *const text = &csv->text;
	size_t count = 0;
	int r = 0;

	out->space = 0;
	while (count < out->capacity) {
		const uint8_t *next = NULL;

		if (text->cursor == text->limit) {
			if (count)
				break;
			r = bel_text_more(text, err);
			if (r <= 0)
				break;
			continue;
		}
		if (csv->first && (r = take_head(csv, err)) != 0) {
			if (r < 0)
				break;
			continue;
		}
		if (csv->resolved)
			next = parse(csv, text->cursor, &out->access[count]);
		if (next && next - text->cursor <= (ptrdiff_t)BEL_TEXT_LINE_MAX + 1) {
			text->cursor = next;
			text->line++;
			count++;
			continue;
		}
		/* What was found is given first; whatever fails now fails again. */
		r = bel_text_odd(
			text, NULL, "not a line of the columns wanted", count ? NULL : err);
		if (r < 0)
			break;
	}
	out->count = count;
	return count ? 1 : r;
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
						 "a head line names an address or a page")
				       : bel_probe_say(probe, BEL_PROBE_NO,
						 "no head line names an address or a page");
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

static int write_batch(FILE *file, const struct bel_accesses *batch, struct bel_err *err)
{
	struct bel_text_buffer buffer = {.file = file};

	(void)err;
	for (size_t i = 0; i < batch->count; i++) {
		const struct bel_access *const access = &batch->access[i];

		bel_text_put(&buffer, bel_kind_name((enum bel_kind)access->kind));
		bel_text_put(&buffer, ",0x");
		bel_text_put_hex(&buffer, access->address, 1);
		bel_text_put(&buffer, ",");
		bel_text_put_decimal(&buffer, access->size);
		bel_text_put(&buffer, "\n");
		bel_text_flush(&buffer, false);
	}
	bel_text_flush(&buffer, true);
	return 0;
}

static const struct bel_format csv_format = {
	.name = "csv",
	.title = "comma-separated values, columns by --columns or the head line",
	.suffixes = ".csv",
	.caps = BEL_FORMAT_KINDS | BEL_FORMAT_WRITES | BEL_FORMAT_SIZES,
	.probe = probe,
	.open = open_csv,
	.read = read_batch,
	.tally = bel_text_tally,
	.close = bel_text_close,
	.write_head = write_head,
	.write = write_batch,
};
BEL_FORMAT(csv_format);
