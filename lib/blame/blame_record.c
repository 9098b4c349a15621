/* SPDX-License-Identifier: MIT */
/* blame_record.c: rows of counts by key as records. */
#include "blame_record.h"

#include <math.h>
#include <string.h>

#include "policy_record.h"
#include "version.h"

void bel_blame_by_text(const struct bel_blame_by *by, char text[static BEL_BLAME_BY_TEXT])
{
	*text = '\0';
	for (unsigned i = 0; i < by->count; i++) {
		strcat(text, i ? "," : "");
		strcat(text, bel_blame_part_name((enum bel_blame_part)by->part[i]));
	}
}

void bel_blame_record_key(struct bel_record *record, const struct bel_blame_by *by,
	const struct bel_blame_row *row)
{
	const char *text[BEL_BLAME_PARTS] = {NULL};

	for (unsigned i = 0; row->key && i < by->count; i++)
		text[by->part[i]] = bel_blame_row_part(row, i);
	for (int part = 0; part < BEL_BLAME_PARTS; part++)
		bel_record_text(
			record, bel_blame_part_name((enum bel_blame_part)part), text[part]);
	bel_record_count(record, "keys", row->keys);
}

/* NaN (null in JSON) if `whole` is 0. */
static double share(uint64_t part, uint64_t whole)
{
	return whole ? (double)part / (double)whole : NAN;
}

static int emit_row(struct bel_emit *emit, const struct bel_blame_head *head,
	const struct bel_blame_table *table, const struct bel_blame_row *row, struct bel_err *err)
{
	struct bel_record *const r = bel_record_new("belady.blame/1");
	char by[BEL_BLAME_BY_TEXT];

	bel_record_text(r, "tool", head->trace->tool);
	bel_record_text(r, "version", BEL_VERSION);
	bel_trace_record(r, &head->trace->identity);
	bel_policy_record(r, head->spec, NULL);
	if (head->frames)
		bel_record_count(r, "frames", head->frames);
	else
		bel_record_null(r, "frames");
	bel_record_count(r, "seed", head->trace->seed);
	bel_blame_by_text(&table->by, by);
	bel_record_text(r, "by", by);
	bel_blame_record_key(r, &table->by, row);
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

int bel_blame_record_emit(struct bel_emit *emit, const struct bel_blame_head *head,
	const struct bel_blame_table *table, struct bel_err *err)
{
	for (uint32_t i = 0; i < table->rows; i++) {
		const int r = emit_row(emit, head, table, &table->row[i], err);

		if (r < 0)
			return r;
	}
	return BEL_OK;
}
