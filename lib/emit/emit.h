/* SPDX-License-Identifier: MIT */
/*
 * emit.h: result records out (DESIGN, section 6): JSON Lines, CSV or a table.
 *
 *	struct bel_record *r = bel_record_new("belady.run/1");
 *	bel_record_text(r, "policy", "lru");
 *	bel_record_open(r, "trace");                 nested object ...
 *	bel_record_count(r, "references", 782601);
 *	bel_record_close(r);                         ... and back
 *	if (bel_emit(emit, r, &err) < 0) ...         takes the record
 *
 * Members keep the order in which they were added; the same members give the
 * same bytes. Running out of memory while building is remembered and reported
 * by bel_emit(), so builders return nothing. Numbers: counts are exact
 * integers up to 2^63 - 1; a real has 15 significant digits, and in JSON no
 * point if it is whole; null stands for one that is not finite. Text that is no
 * UTF-8 gets U+FFFD where it is not.
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
 * Every allocation for records goes through `allocate` from here on, in the whole process. jansson
 * goes on after some failed ones and drops what did not fit; a tool therefore gives an
 * allocator that does not return without memory (tool_start() does).
 */
void bel_emit_allocator(void *(*allocate)(size_t size));

struct bel_record *bel_record_new(const char *schema); /* first member: "schema" */
void bel_record_text(struct bel_record *r, const char *key, const char *value); /* NULL: null */
void bel_record_count(struct bel_record *r, const char *key, uint64_t value);
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

/* "jsonl", "csv", "table"; NULL is AUTO (a terminal gets the table, all else JSON Lines). */
int bel_emit_format_parse(const char *text, enum bel_emit_format *format, struct bel_err *err);

struct bel_emit;

/*
 * columns: which members the table shows, a NULL-terminated list of dotted
 * paths ("trace.name") with optional heading ("fault_ratio=ratio"); "?" in front leaves a
 * column out when all its rows are the same ("?params"); "@" (after it) shows the label of the
 * trace (label.h) that the member is ("@trace"); NULL: all.
 * An object that is asked for as a whole is one cell ("bit=1 k=2"). A table is
 * printed at the end, a block for each schema; columns without any value, and
 * those that are the same in every row and not asked for, stay out. A single row
 * that nobody chose columns for is printed as a list.
 *
 * CSV is written in blocks of one schema (so that its columns are known), each
 * under a head line; nested members have dotted names. In tables and CSV, arrays
 * of plain values (curves) are unrolled: a row an element.
 */
int bel_emit_open(struct bel_emit **emit, FILE *file, enum bel_emit_format format,
	const char *const *columns, struct bel_err *err);
/*
 * Instead: each record goes to take(), as one line of JSON without a newline that is valid until it
 * returns. What take() answers other than 0 ends bel_emit() with BEL_NO.
 */
int bel_emit_open_taker(struct bel_emit **emit, int (*take)(void *host, const char *json),
	void *host, struct bel_err *err);
int bel_emit(struct bel_emit *emit, struct bel_record *record, struct bel_err *err);
/* Prints what is pending (the table) and frees; the file stays the caller's. NULL is allowed. */
int bel_emit_close(struct bel_emit *emit, struct bel_err *err);

#endif
