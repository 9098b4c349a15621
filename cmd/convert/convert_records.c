/* SPDX-License-Identifier: MIT */
/* convert_records.c: stored records as CSV, for bel-convert --records. */
#include "convert_records.h"

#include <stdio.h>
#include <string.h>

#include "records.h"
#include "tool_output.h"
#include "trace_options.h"

struct conversion {
	struct bel_emit *emit;
	char schema[64];
	char other[64]; /* the first kind that was not asked for; "": none */
	size_t count;
};

static void note_other(struct conversion *conversion, const char *schema)
{
	const size_t prefix = strlen("belady.");

	if (!*conversion->other && strlen(schema) > prefix)
		snprintf(conversion->other, sizeof(conversion->other), "%.*s",
			(int)strcspn(schema + prefix, "/"), schema + prefix);
}

/* Copies the records of one input; see trace_each(). */
static int convert_one(struct tool *tool, const char *path, void *host)
{
	struct conversion *const conversion = host;
	struct bel_records *records;
	struct bel_record *record;
	int r = bel_records_open(&records, path, &tool->err);

	while (r == 0 && (r = bel_records_next(records, &record, &tool->err)) > 0) {
		const char *const schema = bel_record_schema(record);

		r = 0;
		if (!strcmp(schema, conversion->schema)) {
			conversion->count++;
			r = bel_emit(conversion->emit, record, &tool->err);
		} else {
			note_other(conversion, schema);
			bel_record_free(record);
		}
	}
	bel_records_close(records);
	return r;
}

int convert_records(struct tool *tool, const char *kind, const char *output)
{
	struct conversion conversion = {.count = 0};
	int status;

	snprintf(conversion.schema, sizeof(conversion.schema), "belady.%s/1", kind);
	if (!bel_emit_has_schema(conversion.schema))
		tool_usage(tool,
			"--records: '%s' is not a kind of record (run, interval, curve, vm, ...: "
			"bel-records(5) has all): bel-convert --records KIND FILE",
			kind);
	conversion.emit = output_records(tool, output, "csv", NULL);
	bel_emit_csv_of(conversion.emit, conversion.schema);
	status = trace_each(tool, convert_one, &conversion);
	if (status == 0 && !conversion.count)
		tool_fail(tool, "--records: no record of kind '%s'%s%s%s", kind,
			*conversion.other ? "; there are records of kind '" : " and no other",
			conversion.other, *conversion.other ? "'" : "");
	output_commit(tool);
	return status;
}
