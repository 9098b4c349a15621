/* SPDX-License-Identifier: MIT */
/*
 * emit_record.h: the inside of a record, private to lib/emit, which may use jansson.
 */
#ifndef BEL_EMIT_RECORD_H
#define BEL_EMIT_RECORD_H

#include <jansson.h>

#include "emit.h"

#define BEL_RECORD_DEPTH 8

/*
 * A long array of counts. The record's JSON has an empty array in its place, because jansson needs
 * 100 ns and 40 bytes for each number, and a curve has millions.
 */
struct bel_series {
	json_t *place;  /* borrowed */
	unsigned array; /* for one that was read: its number among the arrays of the record */
	uint64_t *value;
	size_t count;
};

/* Shorter arrays are jansson's. */
#define BEL_SERIES_LEAST 256

struct bel_record {
	json_t *root;
	struct bel_series *series; /* owned, and so are its values */
	size_t series_count;
	json_t *open[BEL_RECORD_DEPTH]; /* root and the open containers in it, borrowed */
	int depth;                      /* index of the innermost one */
	const char *broken;             /* why it cannot be emitted; NULL: it can */
	const char *source;             /* for a record that was read: the input's name, borrowed */
	unsigned long line, column;     /* for a record that was read: its position, from 1 */
};

/* What `broken` points at where memory ran out. */
extern const char bel_record_no_memory[];

/* Makes `value` (owned from now on) the elements of an empty array. False: out of memory. */
bool bel_series_add(struct bel_record *r, json_t *place, uint64_t *value, size_t count);

/* The long array whose place that is; NULL: it is another value, which may be NULL. */
const struct bel_series *bel_series_at(const struct bel_record *r, const json_t *place);

/* Gives all long arrays to jansson, for CSV and tables. False: out of memory. */
bool bel_series_settle(struct bel_record *r);
void bel_series_release(struct bel_record *r);

/*
 * The value at a dotted path ("trace.name", "processes.0.pid"), borrowed, or NULL if
 * there is none. A member that is null gives a JSON null.
 */
json_t *bel_json_at(json_t *value, const char *path);

#endif
