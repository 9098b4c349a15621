/* SPDX-License-Identifier: MIT */
/*
 * records.h: result records in: JSON values, read one by one.
 *
 *	bel_records_open(&records, "runs.jsonl", &err);
 *	while ((r = bel_records_next(records, &record, &err)) > 0) {
 *		bel_record_get_count(record, "faults", &faults, &err);
 *		...
 *		bel_record_free(record);
 *	}
 *	bel_records_close(records);
 *
 * Records stand one after the other, on a line each (JSON Lines) or over several (as jq prints
 * them), or in arrays (jq -s), or both; a byte order mark of UTF-8 before any is passed over. A
 * record of more than 128 MiB, 16 Mi values or 2 Mi objects, arrays and members is refused as it is
 * read; an array of records may be of any length. Members are named by dotted paths ("trace.name").
 * Messages name the input and the line in which the record begins: "runs.jsonl: line 3: ...". The
 * text that a getter returns lives as long as its record; records may outlive the reader, but not
 * the path.
 */
#ifndef BEL_RECORDS_H
#define BEL_RECORDS_H

#include "emit.h"

struct bel_records;

/* "-" is standard input. *records is NULL if the file cannot be opened. */
int bel_records_open(struct bel_records **records, const char *path, struct bel_err *err);
/* The same for an open file, which stays the caller's. */
int bel_records_open_file(
	struct bel_records **records, FILE *file, const char *name, struct bel_err *err);

/* 1 and a record that is the caller's, 0 at the end, BEL_FAIL on what is no record. */
int bel_records_next(struct bel_records *records, struct bel_record **record, struct bel_err *err);
void bel_records_close(struct bel_records *records); /* NULL is allowed */

const char *bel_record_schema(const struct bel_record *record);

/* Where it stands, for messages of the caller's own. */
const char *bel_record_source(const struct bel_record *record);
unsigned long bel_record_line(const struct bel_record *record);

/* Whether the member is there and no null. */
bool bel_record_has(const struct bel_record *record, const char *path);

/* Number of elements if the member is an array, else 0. */
size_t bel_record_length(const struct bel_record *record, const char *path);

/* These fail, naming record and member, when it is absent, null or of another type. */
int bel_record_get_text(
	const struct bel_record *record, const char *path, const char **value, struct bel_err *err);
int bel_record_get_count(
	const struct bel_record *record, const char *path, uint64_t *value, struct bel_err *err);
int bel_record_get_real(
	const struct bel_record *record, const char *path, double *value, struct bel_err *err);
/* Element i of an array, or, for i = 0 and up, a plain number as it is. */
int bel_record_get_element(const struct bel_record *record, const char *path, size_t i,
	double *value, struct bel_err *err);
/* Whether it is an array whose element i is null. */
bool bel_record_element_is_null(const struct bel_record *record, const char *path, size_t i);

/* Adds a member of a record that was read as `key` to one that is being built; absent: null. */
void bel_record_copy(
	struct bel_record *to, const char *key, const struct bel_record *from, const char *path);

/* The members of an object as "bit=1 k=2", "" if it is empty or absent; free(). NULL: no memory. */
char *bel_record_object_text(const struct bel_record *record, const char *path);

#endif
