/* SPDX-License-Identifier: MIT */
/* blame_chrome.c: faults over time as counters of Chrome's trace format, for Perfetto. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "blame_chrome.h"
#include "visible.h"

static void put_json(FILE *file, const char *text)
{
	char shown[BEL_VISIBLE_CHAR];

	while (*text) {
		text += bel_visible_char(text, shown);
		for (const char *c = shown; *c; c++) {
			if (*c == '"' || *c == '\\')
				putc('\\', file);
			putc(*c, file);
		}
	}
}

static void put_key(
	FILE *file, const struct bel_blame_table *table, const struct bel_blame_row *row)
{
	if (!row->key)
		fputs("(other keys)", file);
	for (unsigned i = 0; row->key && i < table->by.count; i++) {
		fputs(i ? " / " : "", file);
		put_json(file, bel_blame_row_part(table, row, i));
	}
}

/* The counters of one part of the trace; all keys are in it, so that a counter returns to 0. */
static void put_bin(
	FILE *file, const struct bel_blame_table *table, uint64_t time, const uint64_t *faults)
{
	fprintf(file,
		",\n{\"name\":\"faults\",\"ph\":\"C\",\"pid\":1,\"ts\":%" PRIu64 ",\"args\":{",
		time);
	for (uint32_t i = 0; i < table->rows; i++) {
		fputs(i ? ",\"" : "\"", file);
		put_key(file, table, &table->row[i]);
		fprintf(file, "\":%" PRIu64, faults ? faults[i] : 0);
	}
	fputs("}}", file);
}

/* For each number of a key, its row; the row of a key without its own is the last one. */
static void find_rows(const struct bel_blame_table *table, uint32_t *row_of)
{
	for (uint32_t i = 0; i < table->keys.count; i++)
		row_of[i] = table->rows - 1;
	for (uint32_t i = 0; i < table->rows; i++)
		if (table->row[i].key)
			row_of[table->row[i].key - 1] = i;
}

int bel_blame_chrome(FILE *file, const struct bel_blame_table *table,
	const struct bel_blame_timeline *line, const char *title, struct bel_err *err)
{
	uint32_t *const row_of = calloc((size_t)table->keys.count + 1, sizeof(*row_of));
	uint64_t *const faults = calloc((size_t)table->rows + 1, sizeof(*faults));
	int r = row_of && faults ? BEL_OK : bel_err_memory(err, "faults over time");
	size_t i = 0;

	if (r == 0) {
		find_rows(table, row_of);
		fputs("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n"
		      "{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":1,\"args\":{\"name\":\"",
			file);
		put_json(file, title);
		fputs("\"}}", file);
	}
	for (uint32_t bin = 0; r == 0 && table->rows && i < line->samples; bin++) {
		memset(faults, 0, table->rows * sizeof(*faults));
		for (; i < line->samples && line->sample[i].bin == bin; i++)
			faults[row_of[line->sample[i].key]] += line->sample[i].faults;
		put_bin(file, table, bin * line->width, faults);
		if (i == line->samples)
			put_bin(file, table, (bin + 1) * line->width, NULL);
	}
	if (r == 0)
		fputs("\n]}\n", file);
	free(row_of);
	free(faults);
	return r;
}
