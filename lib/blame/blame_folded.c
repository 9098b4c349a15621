/* SPDX-License-Identifier: MIT */
/* blame_folded.c: folded stacks. */
#include <inttypes.h>

#include "blame_picture.h"
#include "blame_tree.h"
#include "visible.h"

/* A name on one line; ':' replaces a ';', which separates frames. */
static void put_frame(FILE *file, const char *text, size_t length)
{
	char shown[BEL_VISIBLE_CHAR];
	size_t n;

	for (const char *const end = text + length; text < end; text += n) {
		n = bel_visible_char(text, shown);
		fputs(*shown == ';' ? ":" : shown, file);
	}
}

void bel_blame_folded(FILE *file, const struct bel_blame_table *table,
	enum bel_blame_measure measure, struct bel_blame_below *below)
{
	struct bel_blame_path path;
	const char *text;
	size_t length;

	*below = (struct bel_blame_below){.rows = 0};
	for (uint32_t i = 0; i < table->rows; i++) {
		const struct bel_blame_row *const row = &table->row[i];
		const int64_t value = bel_blame_row_value(row, measure);

		below->rows += value < 0;
		below->sum += value < 0 ? value : 0;
		if (value <= 0)
			continue;
		path = (struct bel_blame_path){.table = table, .row = row};
		for (const char *before = ""; bel_blame_path_next(&path, &text, &length);
			before = ";") {
			fputs(before, file);
			put_frame(file, text, length);
		}
		fprintf(file, " %" PRId64 "\n", value);
	}
}
