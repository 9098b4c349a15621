/* SPDX-License-Identifier: MIT */
/*
 * records.h: reads result records from JSON, one by one.
 *
 *	bel_records_open(&records, "runs.jsonl", &err);
 *	while ((r = bel_records_next(records, &record, &err)) > 0) {
 *		bel_record_get_count(record, "faults", &faults, &err);
 *		...
 *		bel_record_free(record);
 *	}
 *	bel_records_close(records);
 *
 * Records follow one another, one per line (JSON Lines), or on several lines (printed by jq), or
 * in arrays (jq -s), or mixed. A byte order mark of UTF-8 before a record is skipped. A record of
 * more than 128 MiB, 16 Mi values or 2 Mi objects, arrays and members is refused; an array of
 * records may have any length. Members are given by dotted paths ("trace.name"). Messages have the
 * input and the line in which the record begins: "runs.jsonl: line 3: ...". The text that a getter
 * returns is valid as long as its record. Records may outlive the reader, but not the path.
 */
#ifndef BEL_RECORDS_H
#define BEL_RECORDS_H

#include "emit.h"

struct bel_records;

/* "-" is standard input. *records is NULL if the file cannot be opened. */
int bel_records_open(struct bel_records **records, const char *path, struct bel_err *err);
/* The same for an open file; the caller keeps it. */
int bel_records_open_file(
	struct bel_records **records, FILE *file, const char *name, struct bel_err *err);

/* 1 and a record, owned by the caller; 0 at the end; BEL_FAIL if the input is not a record. */
int bel_records_next(struct bel_records *records, struct bel_record **record, struct bel_err *err);
void bel_records_close(struct bel_records *records); /* NULL is allowed */

const char *bel_record_schema(const struct bel_record *record);

/* Input and line of a record, for the caller's messages. */
const char *bel_record_source(const struct bel_record *record);
unsigned long bel_record_line(const struct bel_record *record);

/* Whether the record has the member and it is not null. */
bool bel_record_has(const struct bel_record *record, const char *path);

/* Whether the member is true. */
bool bel_record_is_true(const struct bel_record *record, const char *path);

/* Number of elements if the member is an array, else 0. */
size_t bel_record_length(const struct bel_record *record, const char *path);

/* These fail if the member is absent, null or of another type; err names record and member. */
int bel_record_get_text(
	const struct bel_record *record, const char *path, const char **value, struct bel_err *err);
int bel_record_get_count(
	const struct bel_record *record, const char *path, uint64_t *value, struct bel_err *err);
/* Element i of an array. A plain number is returned for every i. */
int bel_record_get_element(const struct bel_record *record, const char *path, size_t i,
	double *value, struct bel_err *err);

/* A member that was looked up once, for all its elements; valid as long as its record. */
struct bel_record_column {
	const void *value;     /* the member; NULL: see `count`, or there is none */
	const uint64_t *count; /* a long array of counts; NULL: it is none */
	size_t length;         /* number of elements; 0: it is no array */
};

struct bel_record_column bel_record_column(const struct bel_record *record, const char *path);
/* As bel_record_get_element(). False: it is absent, null or no number. */
bool bel_record_column_get(const struct bel_record_column *column, size_t i, double *value);
/* The same, exactly; false also for what is no whole number from 0 to 2^63 - 1. */
bool bel_record_column_count(const struct bel_record_column *column, size_t i, uint64_t *value);
/* Whether the member is an array whose element i is null. */
bool bel_record_column_is_null(const struct bel_record_column *column, size_t i);

/* Copies a member of a record to member `key` of a record under construction; absent: null. */
void bel_record_copy(
	struct bel_record *to, const char *key, const struct bel_record *from, const char *path);

/*
 * Calls each() for the members of an object, in their order, until it returns a negative value, which
 * is returned. BEL_FAIL: it is no object, or a member is not a count.
 */
int bel_record_each_count(const struct bel_record *record, const char *path,
	int (*each)(void *host, const char *key, uint64_t value), void *host, struct bel_err *err);

/* An object's members as "bit=1 k=2"; "" if it is empty or absent; free(). NULL: out of memory. */
char *bel_record_object_text(const struct bel_record *record, const char *path);

#endif
