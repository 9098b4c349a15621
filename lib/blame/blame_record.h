/* SPDX-License-Identifier: MIT */
/* blame_record.h: tables of counts by key as records belady.blame/1, one for each row. */
#ifndef BEL_BLAME_RECORD_H
#define BEL_BLAME_RECORD_H

#include "blame_table.h"
#include "emit.h"
#include "records.h"
#include "run_record.h"

/* What the rows of a table have in common. */
struct bel_blame_head {
	const struct bel_run_trace *trace;
	const struct bel_policy_spec *spec;
	uint64_t frames; /* 0: variable space */
};

/* Writes the rows of an ordered table. */
int bel_blame_record_emit(struct bel_emit *emit, const struct bel_blame_head *head,
	const struct bel_blame_table *table, struct bel_err *err);

/* Adds the parts of a row's key as members; null for those that it does not have. */
void bel_blame_record_key(struct bel_record *record, const struct bel_blame_by *by,
	const struct bel_blame_row *row);

/* The list of parts, as --by takes it, in `text`. */
#define BEL_BLAME_BY_TEXT 96
void bel_blame_by_text(const struct bel_blame_by *by, char text[static BEL_BLAME_BY_TEXT]);

#endif
