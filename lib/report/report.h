/* SPDX-License-Identifier: MIT */
/*
 * report.h: result records as one page of HTML that needs no other file and no network.
 *
 *	struct bel_report *report = bel_report_new(&err);
 *
 *	bel_report_read(report, "curves.jsonl", &err);          any number of times
 *	bel_report_write(report, file, &err);                   once
 *	bel_report_free(report);
 *
 * The page shows the records belady.info/1, curve/1, analysis/1 (working-set), map/1, mark/1,
 * blame/1 and vm/1 of each trace; the others are counted in `skipped`. It has the records that it
 * shows as JSON; of a long curve, the points that it draws. The same records give the same bytes.
 *
 * Memory: all records. Threads: one thread at a time uses a report.
 */
#ifndef BEL_REPORT_H
#define BEL_REPORT_H

#include <stdio.h>

#include "err.h"

struct bel_report;

struct bel_report *bel_report_new(struct bel_err *err);

/* Reads the records of a file; "-" is standard input. Negative: it has something else. */
int bel_report_read(struct bel_report *report, const char *path, struct bel_err *err);

/* The same for an open file; the caller keeps it, and `name` must outlive the report. */
int bel_report_read_file(
	struct bel_report *report, FILE *file, const char *name, struct bel_err *err);

/* Records that no figure shows: their number, and the schema of the last one. */
size_t bel_report_skipped(const struct bel_report *report, const char **schema);

/* BEL_FAIL: there is nothing to show. Write errors are found when the file is closed. */
int bel_report_write(struct bel_report *report, FILE *file, struct bel_err *err);

void bel_report_free(struct bel_report *report); /* NULL is allowed */

#endif
