/* SPDX-License-Identifier: MIT */
/*
 * records_feed.h: the reader of records, and the bytes that it gives to jansson; private to
 * lib/emit.
 *
 * A long array of counts that is a member of the record itself (a curve has two or more) is parsed
 * here, and jansson gets `[]`: it needs 100 ns for a number. Every other byte goes to jansson as
 * it is. So an array that is not exactly digits and commas, or has a number that does not fit,
 * is jansson's, with its messages.
 */
#ifndef BEL_RECORDS_FEED_H
#define BEL_RECORDS_FEED_H

#include "emit_record.h"
#include "records.h"

/* What is expected next. */
enum expected {
	RECORD,        /* or an array of them */
	RECORD_OR_END, /* after a [ */
	COMMA_OR_END,  /* after a record in an array */
};

struct bel_records {
	FILE *file;
	bool owns_file;
	const char *name;
	enum expected expected;
	uint64_t depth;                /* number of open arrays */
	unsigned long line, column;    /* of the next character, from 1 */
	bool begun;                    /* a byte was read */
	uint64_t bytes, commas, parts; /* of the current record */

	/* Of the current record, for its long arrays: */
	struct bel_record *record;
	unsigned open;                 /* objects and arrays in which the next character is */
	bool quoted, escaped;          /* it is in a text; after a backslash */
	bool began;                    /* the last character began an array of the record itself */
	unsigned arrays;               /* number of these arrays */
	char *text;                    /* what was read ahead, owned */
	size_t capacity, ahead, given; /* its size; characters in it; of these, given to jansson */
	unsigned long skipped_line, skipped; /* characters of this line that jansson did not get */
	bool no_memory;
};

/* The next byte of the file, or EOF. */
int bel_records_byte(struct bel_records *records);

/* The limit that the current record exceeds; NULL: none. */
const char *bel_records_excess(const struct bel_records *records);

/* Before the first byte of a record. */
void bel_records_feed_start(struct bel_records *records);

/* For json_load_callback(): gives one byte at a time, so it takes nothing after the record. */
size_t bel_records_feed(void *buffer, size_t size, void *data);

/* After the record was read: finds the places of its long arrays. */
void bel_series_place(struct bel_record *record);

#endif
