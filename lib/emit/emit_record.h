/* SPDX-License-Identifier: MIT */
/*
 * emit_record.h: the inside of a record, private to lib/emit, which may use jansson.
 */
#ifndef BEL_EMIT_RECORD_H
#define BEL_EMIT_RECORD_H

#include <jansson.h>

#include "emit.h"

#define BEL_RECORD_DEPTH 8

struct bel_record {
	json_t *root;
	json_t *open[BEL_RECORD_DEPTH]; /* root and the open containers in it, borrowed */
	int depth;                      /* index of the innermost one */
	const char *broken;             /* why it cannot be emitted; NULL: it can */
	const char *source;             /* for a record that was read: the input's name, borrowed */
	unsigned long line, column;     /* for a record that was read: its position, from 1 */
};

/* What `broken` points at where memory ran out. */
extern const char bel_record_no_memory[];

/*
 * The value at a dotted path ("trace.name", "processes.0.pid"), borrowed, or NULL if
 * there is none. A member that is null gives a JSON null.
 */
json_t *bel_json_at(json_t *value, const char *path);

#endif
