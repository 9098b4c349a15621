/* SPDX-License-Identifier: MIT */
/*
 * emit_csv.c: rows as CSV (RFC 4180 quoting, lines ending in a line feed).
 */
#include <string.h>

#include "emit_rows.h"

static void put_field(FILE *file, const char *text)
{
	if (!strpbrk(text, ",\"\r\n")) {
		fputs(text, file);
		return;
	}
	putc('"', file);
	for (; *text; text++) {
		if (*text == '"')
			putc('"', file);
		putc(*text, file);
	}
	putc('"', file);
}

/* Null and absent members both become an empty field. */
static void put_value(FILE *file, const json_t *value)
{
	char number[40];

	if (json_is_string(value)) {
		put_field(file, json_string_value(value));
	} else if (json_is_boolean(value)) {
		fputs(json_is_true(value) ? "true" : "false", file);
	} else if (json_is_number(value)) {
		bel_number_text(number, sizeof(number), value);
		fputs(number, file);
	}
}

void bel_rows_csv(const struct bel_rows *rows, FILE *file, bool head)
{
	for (size_t c = 0; head && c < rows->columns; c++) {
		if (c)
			putc(',', file);
		put_field(file, rows->column[c]);
	}
	if (head)
		putc('\n', file);
	for (size_t i = 0; i < rows->records; i++) {
		for (size_t k = 0; k < rows->record[i].length; k++) {
			for (size_t c = 0; c < rows->columns; c++) {
				if (c)
					putc(',', file);
				put_value(file,
					bel_rows_cell(rows->record[i].root, rows->column[c], k));
			}
			putc('\n', file);
		}
	}
}
