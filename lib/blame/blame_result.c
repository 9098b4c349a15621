/* SPDX-License-Identifier: MIT */
/* blame_result.c: results of runs and of records, and records of results. */
#include "blame_result.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "policy_record.h"
#include "version.h"

#define SCHEMA "belady.blame/1"
#define MOST (UINT64_C(1) << 60) /* sums of two files fit into 63 bits */

static const char *const heads[] = {
	"trace", "policy", "params", "spec", "plugin", "frames", "seed", NULL};

void bel_blame_results_release(struct bel_blame_results *results)
{
	for (size_t i = 0; i < results->count; i++) {
		bel_record_free(results->result[i].head);
		bel_blame_table_release(&results->result[i].table);
		bel_blame_timeline_release(&results->result[i].line);
	}
	free(results->result);
	*results = (struct bel_blame_results){.count = 0};
}

static struct bel_blame_result *add(struct bel_blame_results *results, struct bel_err *err)
{
	struct bel_blame_result *const grown =
		reallocarray(results->result, results->count + 1, sizeof(*grown));

	if (!grown) {
		bel_err_memory(err, "counts by key");
		return NULL;
	}
	results->result = grown;
	grown[results->count] = (struct bel_blame_result){.head = bel_record_new("head")};
	return &grown[results->count++];
}

int bel_blame_results_run(struct bel_blame_results *results, const struct bel_blame *blame,
	size_t index, const struct bel_run_trace *trace, struct bel_granules pages,
	struct bel_err *err)
{
	const struct bel_blame_run *const run = bel_blame_at(blame, index);
	struct bel_blame_result *const to = add(results, err);

	if (!to)
		return BEL_FAIL;
	bel_trace_record(to->head, &trace->identity);
	bel_policy_record(to->head, run->spec, NULL);
	if (run->frames)
		bel_record_count(to->head, "frames", run->frames);
	else
		bel_record_null(to->head, "frames");
	bel_record_count(to->head, "seed", trace->seed);
	if (bel_blame_fill(blame, index, pages, &to->table, err) < 0)
		return BEL_FAIL;
	return bel_blame_line(blame, index, pages, &to->table, &to->line, err);
}

/* ---- reading ---- */

bool bel_blame_is_records(const char *path)
{
	static const char start[] = "{\"schema\":\"belady.";
	/* What is read of a pipe is lost for those who read the trace. */
	FILE *const file = bel_input_is_file(path, NULL) ? fopen(path, "re") : NULL;
	char head[sizeof(start) - 1];
	const size_t n = file ? fread(head, 1, sizeof(head), file) : 0;

	if (file)
		fclose(file);
	return n == sizeof(head) && !memcmp(head, start, n);
}

/* Whether two records have the same text and the same number of frames. */
static int same_run(
	const struct bel_record *a, const struct bel_record *b, bool *same, struct bel_err *err)
{
	static const char *const texts[] = {"trace.digest", "spec"};
	uint64_t left = 0, right = 0;
	const char *of_a, *of_b;

	*same = true;
	for (int i = 0; i < 2; i++) {
		if (bel_record_get_text(a, texts[i], &of_a, err) < 0 ||
			bel_record_get_text(b, texts[i], &of_b, err) < 0)
			return BEL_FAIL;
		*same &= !strcmp(of_a, of_b);
	}
	if (bel_record_has(a, "frames") && bel_record_get_count(a, "frames", &left, err) < 0)
		return BEL_FAIL;
	if (bel_record_has(b, "frames") && bel_record_get_count(b, "frames", &right, err) < 0)
		return BEL_FAIL;
	*same &= left == right;
	return BEL_OK;
}

/* The result that a record belongs to. */
static struct bel_blame_result *result_of(
	struct bel_blame_results *results, const struct bel_record *record, struct bel_err *err)
{
	struct bel_blame_result *to;
	const char *by;
	bool same;

	for (size_t i = 0; i < results->count; i++) {
		if (same_run(record, results->result[i].head, &same, err) < 0)
			return NULL;
		if (same)
			return &results->result[i];
	}
	if (bel_record_get_text(record, "by", &by, err) < 0)
		return NULL;
	to = add(results, err);
	if (!to)
		return NULL;
	for (const char *const *key = heads; *key; key++)
		if (bel_record_has(record, *key) || strcmp(*key, "plugin") != 0)
			bel_record_copy(to->head, *key, record, *key);
	to->table.has_opt = true;
	if (bel_blame_by_parse(by, &to->table.by, err) == 0)
		return to;
	bel_fail(err, "%s: line %lu: by: '%.60s' is not a list of parts of keys",
		bel_record_source(record), bel_record_line(record), by);
	return NULL;
}

/* The number of the key of a record. */
static int read_key(struct bel_blame_table *table, const struct bel_record *record, bool sum,
	uint32_t *number, struct bel_err *err)
{
	uint32_t part[BEL_BLAME_PARTS];

	if (sum)
		return bel_blame_table_key(table, NULL, number, err);
	for (unsigned i = 0; i < table->by.count; i++) {
		const enum bel_blame_part kind = (enum bel_blame_part)table->by.part[i];
		const char *text;
		int r;

		if (bel_record_get_text(record, bel_blame_part_name(kind), &text, err) < 0)
			return BEL_FAIL;
		if (kind == BEL_BLAME_STACK)
			r = bel_blame_texts_stack(&table->texts, text, &part[i], err);
		else
			r = bel_names_number(&table->texts.text, text, strlen(text), &part[i], err);
		if (r < 0)
			return r;
	}
	return bel_blame_table_key(table, part, number, err);
}

/* The counts of a record, of which all sums must fit. `sum`: of the records before it. */
static int read_counts(const struct bel_record *record, struct bel_blame_row *row,
	struct bel_blame_row *sum, struct bel_err *err)
{
	const struct {
		const char *member;
		uint64_t *to, *sum;
	} counts[] = {
		{"references", &row->references, &sum->references},
		{"faults", &row->faults, &sum->faults},
		{"compulsory_faults", &row->compulsory, &sum->compulsory},
		{"evictions", &row->evictions, &sum->evictions},
		{"needed_evictions", &row->needed, &sum->needed},
		{"writebacks", &row->writebacks, &sum->writebacks},
		{"opt_faults", &row->opt_faults, &sum->opt_faults},
	};

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		/* Variable-space policies have no OPT beside them. */
		if (counts[i].to == &row->opt_faults && !bel_record_has(record, "opt_faults"))
			continue;
		if (bel_record_get_count(record, counts[i].member, counts[i].to, err) < 0)
			return BEL_FAIL;
		if (*counts[i].to > MOST - *counts[i].sum)
			return bel_fail(err, "%s: line %lu: %s: the sum of all keys is too large",
				bel_record_source(record), bel_record_line(record),
				counts[i].member);
		*counts[i].sum += *counts[i].to;
	}
	return BEL_OK;
}

static const char *first_part(const struct bel_blame_result *result)
{
	return bel_blame_part_name((enum bel_blame_part)result->table.by.part[0]);
}

int bel_blame_results_add(
	struct bel_blame_results *results, const struct bel_record *record, struct bel_err *err)
{
	struct bel_blame_result *const to = result_of(results, record, err);
	struct bel_blame_row *row;
	uint64_t keys;
	uint32_t number;
	bool sum;

	if (!to || bel_record_get_count(record, "keys", &keys, err) < 0)
		return BEL_FAIL;
	/* A sum of keys may keep what they have in common (blame_join.c). */
	sum = keys != 1 && !bel_record_has(record, first_part(to));
	if (read_key(&to->table, record, sum, &number, err) < 0)
		return BEL_FAIL;
	row = bel_blame_table_row(&to->table, number, err);
	if (!row)
		return BEL_FAIL;
	row->keys = keys;
	if (sum)
		row->key = 0;
	to->table.has_opt &= bel_record_has(record, "opt_faults");
	return read_counts(record, row, &to->table.sum, err);
}

int bel_blame_results_read(struct bel_blame_results *results, const char *path, struct bel_err *err)
{
	struct bel_records *records;
	struct bel_record *record;
	int r = bel_records_open(&records, path, err);

	while (r >= 0 && (r = bel_records_next(records, &record, err)) > 0) {
		if (!strcmp(bel_record_schema(record), SCHEMA))
			r = bel_blame_results_add(results, record, err);
		bel_record_free(record);
	}
	bel_records_close(records);
	if (r == 0 && !results->count)
		return bel_fail(err, "%s: no record " SCHEMA, path);
	for (size_t i = 0; r == 0 && i < results->count; i++)
		bel_blame_table_sum(&results->result[i].table);
	return r;
}

/* ---- writing ---- */

void bel_blame_record_key(struct bel_record *record, const struct bel_blame_table *table,
	const struct bel_blame_row *row, bool people)
{
	const struct bel_blame_by *const by = &table->by;
	const char *text[BEL_BLAME_PARTS] = {NULL};
	enum bel_blame_part first = by->part[0]; /* in a table */

	bel_record_text(record, "by", by->text);
	for (unsigned i = 0; row->key && i < by->count; i++)
		text[by->part[i]] = bel_blame_row_part(table, row, i);
	for (unsigned i = 0; i < by->count; i++)
		first = by->part[i] < first ? by->part[i] : first;
	if (!row->key && people)
		text[first] = "(other keys)";
	for (int part = 0; part < BEL_BLAME_PARTS; part++)
		bel_record_text(record, bel_blame_part_name((enum bel_blame_part)part), text[part]);
	bel_record_count(record, "keys", row->keys);
}

/* NaN (null in JSON) if `whole` is 0. */
static double share(uint64_t part, uint64_t whole)
{
	return whole ? (double)part / (double)whole : NAN;
}

static int emit_row(struct bel_emit *emit, const char *tool, const struct bel_blame_result *result,
	const struct bel_blame_row *row, struct bel_err *err)
{
	const struct bel_blame_table *const table = &result->table;
	struct bel_record *const r = bel_record_new(SCHEMA);

	bel_record_text(r, "tool", tool);
	bel_record_text(r, "version", BEL_VERSION);
	for (const char *const *key = heads; *key; key++)
		if (bel_record_has(result->head, *key) || strcmp(*key, "plugin") != 0)
			bel_record_copy(r, *key, result->head, *key);
	bel_blame_record_key(r, table, row, bel_emit_format(emit) == BEL_EMIT_TABLE);
	bel_record_count(r, "references", row->references);
	bel_record_count(r, "faults", row->faults);
	bel_record_real(r, "fault_share", share(row->faults, table->sum.faults));
	bel_record_count(r, "compulsory_faults", row->compulsory);
	if (table->has_opt) {
		bel_record_count(r, "opt_faults", row->opt_faults);
		bel_record_integer(r, "regret", bel_blame_row_value(row, BEL_BLAME_REGRET));
	} else {
		bel_record_null(r, "opt_faults");
		bel_record_null(r, "regret");
	}
	bel_record_count(r, "evictions", row->evictions);
	bel_record_count(r, "needed_evictions", row->needed);
	bel_record_count(r, "writebacks", row->writebacks);
	return bel_emit(emit, r, err);
}

int bel_blame_result_emit(struct bel_emit *emit, const char *tool,
	const struct bel_blame_result *result, struct bel_err *err)
{
	for (uint32_t i = 0; i < result->table.rows; i++) {
		const int r = emit_row(emit, tool, result, &result->table.row[i], err);

		if (r < 0)
			return r;
	}
	return BEL_OK;
}
