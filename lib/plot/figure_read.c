/* SPDX-License-Identifier: MIT */
/*
 * figure_read.c: reads all records of an input into a figure.
 */
#include <string.h>

#include "figure.h"

static struct bel_figure_writer *writer_of(
	struct bel_figure_tally *tally, const struct bel_record *record)
{
	const char *tool = "";
	struct bel_err none;
	size_t i = 0;

	if (bel_record_has(record, "tool") && bel_record_get_text(record, "tool", &tool, &none) < 0)
		tool = "";
	while (i < tally->writers &&
		strncmp(tally->by[i].tool, tool, sizeof(tally->by[i].tool) - 1))
		i++;
	if (i == sizeof(tally->by) / sizeof(*tally->by))
		return &tally->by[i - 1];
	if (i == tally->writers)
		snprintf(tally->by[tally->writers++].tool, sizeof(tally->by[i].tool), "%s", tool);
	return &tally->by[i];
}

static int read_record(struct bel_figure *figure, const struct bel_record *record,
	struct bel_figure_tally *tally, struct bel_err *err)
{
	const int taken = bel_figure_add(figure, record, err);
	struct bel_figure_writer *const by = writer_of(tally, record);

	tally->records++;
	if (taken > 0)
		by->drawn++;
	if (taken != 0)
		return taken;
	if (by->other++ == 0)
		snprintf(by->other_schema, sizeof(by->other_schema), "%s",
			bel_record_schema(record));
	if (tally->other++ == 0)
		memcpy(tally->other_schema, by->other_schema, sizeof(by->other_schema));
	return 0;
}

static void count_unmatched(struct bel_figure_tally *tally)
{
	tally->unmatched = 0;
	for (size_t i = tally->writers; i--;) {
		if ((tally->by[i].drawn && *tally->by[i].tool) || !tally->by[i].other)
			continue;
		tally->unmatched += tally->by[i].other;
		tally->unmatched_schema = tally->by[i].other_schema;
	}
}

int bel_figure_read(struct bel_figure *figure, const char *path, struct bel_figure_tally *tally,
	struct bel_err *err)
{
	struct bel_records *records;
	struct bel_record *record;
	int r;

	r = bel_records_open(&records, path, err);
	while (r >= 0 && (r = bel_records_next(records, &record, err)) > 0) {
		r = read_record(figure, record, tally, err);
		bel_record_free(record);
	}
	count_unmatched(tally);
	bel_records_close(records);
	return r;
}
