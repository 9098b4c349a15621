/* SPDX-License-Identifier: MIT */
/*
 * emit.h: writes result records as JSON Lines, CSV or a table.
 *
 *	struct bel_record *r = bel_record_new("belady.run/1");
 *	bel_record_text(r, "policy", "lru");
 *	bel_record_open(r, "trace");                 nested object ...
 *	bel_record_count(r, "references", 782601);
 *	bel_record_close(r);                         ... and back
 *	if (bel_emit(emit, r, &err) < 0) ...         takes ownership of the record
 *
 * Members keep the order in which they were added; the same members give the
 * same bytes. The functions that build a record return nothing: bel_emit()
 * reports if they ran out of memory. Numbers: counts are exact integers up to
 * 2^63 - 1. A real has 15 significant digits, and in JSON no decimal point if it
 * is whole; a real that is not finite becomes null. Bytes that are not UTF-8
 * become U+FFFD.
 */
#ifndef BEL_EMIT_H
#define BEL_EMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "err.h"

struct bel_record;

/*
 * From now on, every allocation for records in the whole process uses `allocate`. jansson ignores
 * some failed allocations and loses data. So a tool must give an allocator that exits if there is
 * no memory (tool_start() does).
 */
void bel_emit_allocator(void *(*allocate)(size_t size));

struct bel_record *bel_record_new(const char *schema); /* first member: "schema" */
void bel_record_text(struct bel_record *r, const char *key, const char *value); /* NULL: null */
void bel_record_count(struct bel_record *r, const char *key, uint64_t value);
/* The count if `there` is set, else null. */
void bel_record_count_or_null(struct bel_record *r, const char *key, uint64_t value, bool there);
void bel_record_integer(struct bel_record *r, const char *key, int64_t value);
void bel_record_real(struct bel_record *r, const char *key, double value);
void bel_record_flag(struct bel_record *r, const char *key, bool value);
void bel_record_null(struct bel_record *r, const char *key);
void bel_record_address(struct bel_record *r, const char *key, uint64_t value); /* "0x..." */
void bel_record_counts(struct bel_record *r, const char *key, const uint64_t *value, size_t n);
void bel_record_reals(struct bel_record *r, const char *key, const double *value, size_t n);
/* Opens a nested object, or an array of objects whose elements are opened with key NULL. */
void bel_record_open(struct bel_record *r, const char *key);
void bel_record_open_array(struct bel_record *r, const char *key);
void bel_record_close(struct bel_record *r);
void bel_record_free(struct bel_record *r); /* instead of bel_emit() */

enum bel_emit_format { BEL_EMIT_AUTO, BEL_EMIT_JSONL, BEL_EMIT_CSV, BEL_EMIT_TABLE };

/* "jsonl", "csv", "table"; NULL is AUTO: a table for a terminal, otherwise JSON Lines. */
int bel_emit_format_parse(const char *text, enum bel_emit_format *format, struct bel_err *err);

struct bel_emit;

/*
 * columns: the members that a table shows, a NULL-terminated list of dotted paths:
 *	"trace.name"            a member
 *	"fault_ratio=ratio"     with another heading
 *	"?params"               left out if all rows are the same
 *	"@trace", "?@trace"     the label (label.h) of the trace that the member describes
 *	"#belady.info/1"        (first) the list is for several rows of this schema; others: NULL
 * NULL: all members, but for several rows the label of the trace instead of its name and file. An object is one cell ("bit=1 k=2"). A table is printed at the
 * end, with a block for each schema. Left out are columns without any value and,
 * unless they are in `columns`, columns with one value in all rows. A single row is
 * printed as a list if `columns` is NULL. On a terminal, texts are elided in the middle until a row
 * fits (elide.h). If that is not enough, columns are left out: those with one value first, then the
 * last ones. Elsewhere rows have any width.
 *
 * CSV has the columns of its schema (emit_csv_columns.c), whatever the records have; nested members have
 * dotted names, and parameters are one text. Records of other schemas come in blocks, each after
 * its own head line; bel_emit_csv_of() leaves them out. In tables and CSV, arrays of numbers
 * (curves) are unrolled: one row per element.
 */
int bel_emit_open(struct bel_emit **emit, FILE *file, enum bel_emit_format format,
	const char *const *columns, struct bel_err *err);
/*
 * Instead: each record goes to take(), as one line of JSON without a newline that is valid until it
 * returns. What take() answers other than 0 ends bel_emit() with BEL_NO.
 */
int bel_emit_open_taker(struct bel_emit **emit, int (*take)(void *host, const char *json),
	void *host, struct bel_err *err);

/* The format that it writes; never AUTO. */
enum bel_emit_format bel_emit_format(const struct bel_emit *emit);

/* CSV has only the records of this schema, and a head line even if there are none. */
void bel_emit_csv_of(struct bel_emit *emit, const char *schema);

/* Whether there are records of this schema: "belady.run/1". */
bool bel_emit_has_schema(const char *schema);

/* What was not shown, for words on stderr. Complete after bel_emit_close(). */
struct bel_emit_notes {
	size_t columns;       /* left out of tables: the terminal is too narrow */
	char names[200];      /* "policy lru, faults": these, with the value that all rows have */
	size_t points, shown; /* of the curves that were shortened, and those that were left */
};

/*
 * From now on, tables have about a dozen points of each long curve over frames, or over tau, and of
 * these the knee, with a member "at_knee". JSON Lines and CSV have all points.
 */
struct bel_emit_summary {
	bool frames, tau;
};

void bel_emit_summarise(struct bel_emit *emit, struct bel_emit_summary of);

void bel_emit_tell(struct bel_emit *emit, struct bel_emit_notes *notes);
int bel_emit(struct bel_emit *emit, struct bel_record *record, struct bel_err *err);
/* Prints pending output (the table) and frees; the caller keeps the file. NULL is allowed. */
int bel_emit_close(struct bel_emit *emit, struct bel_err *err);

#endif
