/* SPDX-License-Identifier: MIT */
/*
 * blame_result.h: counts by key of one trace, or of a file of records belady.blame/1; and as these
 * records.
 *
 *	struct bel_blame_results results = {0};
 *
 *	bel_blame_results_run(&results, blame, index, &trace, pages, &err);    or
 *	bel_blame_results_read(&results, "before.jsonl", &err);
 *	bel_blame_result_emit(emit, "bel-blame", &results.result[0], &err);
 *	bel_blame_results_release(&results);
 */
#ifndef BEL_BLAME_RESULT_H
#define BEL_BLAME_RESULT_H

#include "blame.h"
#include "emit.h"
#include "records.h"
#include "run_record.h"

/* One policy with one number of frames. */
struct bel_blame_result {
	/* Members trace, policy, params, spec, plugin, frames, seed; owned. */
	struct bel_record *head;
	struct bel_blame_table table;
	struct bel_blame_timeline line; /* empty if it was not asked for */
};

struct bel_blame_results {
	struct bel_blame_result *result;
	size_t count;
};

/* Adds the counts of a run without error. */
int bel_blame_results_run(struct bel_blame_results *results, const struct bel_blame *blame,
	size_t index, const struct bel_run_trace *trace, struct bel_granules pages,
	struct bel_err *err);

/* Adds the records belady.blame/1 of a file. Other records are skipped; none is an error. */
int bel_blame_results_read(
	struct bel_blame_results *results, const char *path, struct bel_err *err);

/* Adds one record belady.blame/1; bel_blame_table_sum() follows when all have been added. */
int bel_blame_results_add(
	struct bel_blame_results *results, const struct bel_record *record, struct bel_err *err);

/* Whether a regular file begins as a record of this project does. False: it cannot be read. */
bool bel_blame_is_records(const char *path);

/* Writes the rows of a result. */
int bel_blame_result_emit(struct bel_emit *emit, const char *tool,
	const struct bel_blame_result *result, struct bel_err *err);

/*
 * Adds the parts of a row's key as members, and `keys`; null for parts that it does not have. For
 * `people`, the first part of a sum says that it is one.
 */
void bel_blame_record_key(struct bel_record *record, const struct bel_blame_table *table,
	const struct bel_blame_row *row, bool people);

void bel_blame_results_release(struct bel_blame_results *results);

#endif
