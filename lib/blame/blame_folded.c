/* SPDX-License-Identifier: MIT */
/* blame_folded.c: folded stacks, and the format of callgrind. */
#include <inttypes.h>

#include "blame_picture.h"
#include "version.h"
#include "visible.h"

const char *bel_blame_frame(const struct bel_blame_row *row, unsigned i)
{
	const char *const text = row->key ? bel_blame_row_part(row, i) : BEL_BLAME_OTHERS;

	return *text ? text : "(empty name)";
}

unsigned bel_blame_frames(const struct bel_blame_table *table, const struct bel_blame_row *row)
{
	return row->key ? table->by.count : 1;
}

/* A name on one line; ':' replaces the separator of frames. */
static void put_name(FILE *file, const char *text, char separator)
{
	char shown[BEL_VISIBLE_CHAR];

	while (*text) {
		const size_t n = bel_visible_char(text, shown);

		if (separator && *text == separator)
			putc(':', file);
		else
			fputs(shown, file);
		text += n;
	}
}

void bel_blame_folded(FILE *file, const struct bel_blame_table *table,
	enum bel_blame_measure measure, struct bel_blame_below *below)
{
	*below = (struct bel_blame_below){.rows = 0};
	for (uint32_t i = 0; i < table->rows; i++) {
		const struct bel_blame_row *const row = &table->row[i];
		const int64_t value = bel_blame_row_value(row, measure);

		below->rows += value < 0;
		below->sum += value < 0 ? value : 0;
		if (value <= 0)
			continue;
		for (unsigned k = 0; k < bel_blame_frames(table, row); k++) {
			if (k)
				putc(';', file);
			put_name(file, bel_blame_frame(row, k), ';');
		}
		fprintf(file, " %" PRId64 "\n", value);
	}
}

/* A function is a whole key. Each has a number, so nothing in a name is read as one. */
void bel_blame_callgrind(FILE *file, const struct bel_blame_table *table, const char *trace)
{
	fprintf(file, "# callgrind format\nversion: 1\ncreator: bel-blame %s\ncmd: ", BEL_VERSION);
	put_name(file, trace, '\0');
	fputs("\npositions: line\n"
	      "events: Faults OptFaults Evictions NeededEvictions Writebacks References\n\n",
		file);
	for (uint32_t i = 0; i < table->rows; i++) {
		const struct bel_blame_row *const row = &table->row[i];
		const unsigned frames = bel_blame_frames(table, row);

		fprintf(file, "fl=(1)%s\nfn=(%u) ", i ? "" : " ???", i + 1);
		for (unsigned k = 0; k < frames; k++) {
			if (k)
				fputs(" / ", file);
			put_name(file, bel_blame_frame(row, k), '\0');
		}
		fprintf(file,
			"\n0 %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64
			"\n\n",
			row->faults, row->opt_faults, row->evictions, row->needed, row->writebacks,
			row->references);
	}
	fprintf(file,
		"totals: %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
		table->sum.faults, table->sum.opt_faults, table->sum.evictions, table->sum.needed,
		table->sum.writebacks, table->sum.references);
}
