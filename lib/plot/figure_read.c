/* SPDX-License-Identifier: MIT */
/*
 * figure_read.c: whole inputs of records into a figure.
 */
#include <errno.h>
#include <string.h>

#include "figure.h"

static int read_record(struct bel_figure *figure, const struct bel_record *record,
	struct bel_figure_tally *tally, struct bel_err *err)
{
	const int taken = bel_figure_add(figure, record, err);

	tally->records++;
	if (taken == 0 && tally->other++ == 0)
		snprintf(tally->other_schema, sizeof(tally->other_schema), "%s",
			bel_record_schema(record));
	return taken;
}

int bel_figure_read(struct bel_figure *figure, const char *path, struct bel_figure_tally *tally,
	struct bel_err *err)
{
	const bool standard = !strcmp(path, "-");
	FILE *file = standard ? stdin : fopen(path, "r");
	struct bel_records *records;
	struct bel_record *record;
	int r;

	if (!file)
		return bel_fail(err, "%s: cannot open: %s", path, strerror(errno));
	r = bel_records_open(&records, file, standard ? "standard input" : path, err);
	while (r >= 0 && (r = bel_records_next(records, &record, err)) > 0) {
		r = read_record(figure, record, tally, err);
		bel_record_free(record);
	}
	bel_records_close(records);
	if (!standard)
		fclose(file);
	return r;
}
