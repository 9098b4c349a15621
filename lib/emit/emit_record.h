/* SPDX-License-Identifier: MIT */
/*
 * emit_record.h: what a record is inside lib/emit, where jansson may be seen.
 */
#ifndef BEL_EMIT_RECORD_H
#define BEL_EMIT_RECORD_H

#include <jansson.h>

#include "emit.h"

#define BEL_RECORD_DEPTH 8

struct bel_record {
	json_t *root;
	json_t *open[BEL_RECORD_DEPTH]; /* root and the containers opened in it, borrowed */
	int depth;                      /* index of the innermost one */
	const char *broken;             /* why it cannot be emitted; NULL: sound */
	const char *source;             /* of a record that was read: the input's name, borrowed */
	unsigned long line, column;     /* and where it begins in it, from 1 */
};

/* What `broken` points at where memory ran out. */
extern const char bel_record_no_memory[];

/*
 * The value at a dotted path ("trace.name", "processes.0.pid"), borrowed, or NULL.
 * A null member is found as a null.
 */
json_t *bel_json_at(json_t *value, const char *path);

#endif
