/* SPDX-License-Identifier: MIT */
/* report_read.c: sorts records by trace and kind. */
#include <stdlib.h>
#include <string.h>

#include "report_parts.h"

struct bel_report *bel_report_new(struct bel_err *err)
{
	struct bel_report *const report = calloc(1, sizeof(*report));

	if (!report)
		bel_err_memory(err, "a report");
	return report;
}

static void release_list(struct bel_report_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		bel_record_free(list->record[i]);
	free(list->record);
}

static void release_trace(struct bel_report_trace *trace)
{
	struct bel_report_list *const list[] = {&trace->info, &trace->sets, &trace->marks,
		&trace->map, &trace->blame, &trace->machines};

	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		release_list(list[i]);
	for (size_t i = 0; i < trace->curves; i++)
		bel_report_curve_release(&trace->curve[i]);
	free(trace->curve);
	bel_blame_results_release(&trace->blames);
}

void bel_report_free(struct bel_report *report)
{
	if (!report)
		return;
	for (size_t i = 0; i < report->traces; i++)
		release_trace(&report->trace[i]);
	for (size_t i = 0; i < report->names; i++)
		free(report->name[i]);
	free(report->trace);
	free(report->name);
	free(report->skipped_schema);
	free(report);
}

size_t bel_report_skipped(const struct bel_report *report, const char **schema)
{
	*schema = report->skipped_schema;
	return report->skipped;
}

/* ---- sorting ---- */

/* The trace of a record; a new one if it is the first of it. NULL: err says why. */
static struct bel_report_trace *trace_of(
	struct bel_report *report, const struct bel_record *record, struct bel_err *err)
{
	struct bel_report_trace it = {.file = bel_report_text(record, "trace.file")};
	struct bel_report_trace *grown;

	if (bel_record_get_text(record, "trace.digest", &it.digest, err) < 0 ||
		bel_record_get_text(record, "trace.name", &it.name, err) < 0 ||
		bel_record_get_count(record, "trace.references", &it.references, err) < 0 ||
		bel_record_get_count(record, "trace.pages", &it.pages, err) < 0 ||
		bel_record_get_count(record, "trace.page_bytes", &it.page_bytes, err) < 0)
		return NULL;
	if (!it.page_bytes) {
		bel_fail(err, "%s: line %lu: trace.page_bytes: must be at least 1",
			bel_record_source(record), bel_record_line(record));
		return NULL;
	}
	for (size_t i = 0; i < report->traces; i++) {
		struct bel_report_trace *const known = &report->trace[i];

		if (!strcmp(known->digest, it.digest) && known->page_bytes == it.page_bytes &&
			known->references == it.references)
			return known;
	}
	grown = reallocarray(report->trace, report->traces + 1, sizeof(*grown));
	if (!grown) {
		bel_err_memory(err, "a report");
		return NULL;
	}
	report->trace = grown;
	grown[report->traces] = it;
	return &grown[report->traces++];
}

/* Takes the record, also on failure. */
static int keep(struct bel_report_list *list, struct bel_record *record, struct bel_err *err)
{
	struct bel_record **const grown =
		reallocarray(list->record, list->count + 1, sizeof(struct bel_record *));

	if (!grown) {
		bel_record_free(record);
		return bel_err_memory(err, "a report");
	}
	list->record = grown;
	grown[list->count++] = record;
	return BEL_OK;
}

/* The list for a record's kind; NULL: no figure shows it. */
static struct bel_report_list *list_of(
	struct bel_report_trace *trace, const struct bel_record *record)
{
	const char *const schema = bel_record_schema(record);
	const char *const analysis = bel_report_text(record, "analysis");

	if (!strcmp(schema, "belady.info/1"))
		return &trace->info;
	if (!strcmp(schema, "belady.analysis/1") && analysis && !strcmp(analysis, "working-set"))
		return &trace->sets;
	if (!strcmp(schema, "belady.mark/1"))
		return &trace->marks;
	if (!strcmp(schema, "belady.map/1"))
		return &trace->map;
	if (!strcmp(schema, "belady.blame/1"))
		return &trace->blame;
	return strcmp(schema, "belady.vm/1") ? NULL : &trace->machines;
}

static bool is_shown(const struct bel_record *record)
{
	struct bel_report_trace any;

	return !strcmp(bel_record_schema(record), "belady.curve/1") || list_of(&any, record);
}

static int skip(struct bel_report *report, struct bel_record *record, struct bel_err *err)
{
	char *const schema = strdup(bel_record_schema(record));

	bel_record_free(record);
	if (!schema)
		return bel_err_memory(err, "a report");
	free(report->skipped_schema);
	report->skipped_schema = schema;
	report->skipped++;
	return BEL_OK;
}

/* Takes the record. */
static int take(struct bel_report *report, struct bel_record *record, struct bel_err *err)
{
	struct bel_report_trace *trace;
	int r;

	if (!is_shown(record))
		return skip(report, record, err);
	trace = trace_of(report, record, err);
	if (trace && !strcmp(bel_record_schema(record), "belady.curve/1"))
		return bel_report_curve_add(trace, record, err);
	r = trace ? BEL_OK : BEL_FAIL;
	if (r == BEL_OK && !strcmp(bel_record_schema(record), "belady.blame/1"))
		r = bel_blame_results_add(&trace->blames, record, err);
	if (r == BEL_OK)
		return keep(list_of(trace, record), record, err);
	bel_record_free(record);
	return r;
}

static int read_all(struct bel_report *report, struct bel_records *records, struct bel_err *err)
{
	struct bel_record *record;
	int r;

	while ((r = bel_records_next(records, &record, err)) > 0) {
		r = take(report, record, err);
		if (r < 0)
			break;
	}
	bel_records_close(records);
	return r;
}

int bel_report_read_file(
	struct bel_report *report, FILE *file, const char *name, struct bel_err *err)
{
	struct bel_records *records;
	const int r = bel_records_open_file(&records, file, name, err);

	return r < 0 ? r : read_all(report, records, err);
}

int bel_report_read(struct bel_report *report, const char *path, struct bel_err *err)
{
	struct bel_records *records;
	char **const grown = reallocarray(report->name, report->names + 1, sizeof(char *));
	char *const name = strdup(path);

	if (grown)
		report->name = grown;
	if (!grown || !name) {
		free(name);
		return bel_err_memory(err, "a report");
	}
	report->name[report->names++] = name;
	if (bel_records_open(&records, name, err) < 0)
		return BEL_FAIL;
	return read_all(report, records, err);
}
