/* SPDX-License-Identifier: MIT */
/* analysis_record.c: the rows of an analysis as records. */
#include "analysis_record.h"

#include "version.h"

/* Where an analysis puts its rows. Each row is one record. */
struct rows {
	const struct bel_analysis *analysis;
	const struct bel_analysis_about *about;
	struct bel_emit *emit;
	struct bel_record *record; /* NULL: no row has begun */
	uint64_t count;
	struct bel_err *err;
	int failed;
};

static void put_row(struct rows *rows)
{
	if (rows->record && bel_emit(rows->emit, rows->record, rows->err) < 0)
		rows->failed = rows->err->code;
	rows->record = NULL;
}

static void begin_row(void *host)
{
	struct rows *const rows = host;

	put_row(rows);
	rows->record = bel_record_new("belady.analysis/1");
	bel_record_text(rows->record, "tool", rows->about->tool);
	bel_record_text(rows->record, "version", BEL_VERSION);
	bel_trace_record(rows->record, rows->about->trace);
	bel_record_text(rows->record, "analysis", rows->analysis->name);
	bel_record_count(rows->record, "row", rows->count++);
}

static void put_count(void *host, const char *name, uint64_t value)
{
	bel_record_count(((struct rows *)host)->record, name, value);
}

int bel_analysis_emit(struct bel_emit *emit, const struct bel_analysis *analysis, void *self,
	const struct bel_analysis_about *about, struct bel_err *own, struct bel_err *err)
{
	struct rows rows = {.analysis = analysis, .about = about, .emit = emit, .err = err};
	const struct bel_analysis_sink sink = {begin_row, put_count, &rows};

	if (!own->code)
		analysis->report(self, &sink, own);
	put_row(&rows);
	return rows.failed;
}
