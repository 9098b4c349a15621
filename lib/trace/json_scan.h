/* SPDX-License-Identifier: MIT */
/*
 * json_scan.h: JSON read a byte at a time, without memory: for lines of any length, of which
 * a few numbers are wanted.
 *
 * Private to lib/trace. Depth is bounded; strings are passed over, but for the keys of the
 * outermost object. Zero-initialised is ready for a value.
 */
#ifndef BEL_JSON_SCAN_H
#define BEL_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BEL_JSON_DEPTH 64
#define BEL_JSON_KEY 32

struct bel_json_scan {
	unsigned depth;  /* objects and arrays that are open */
	uint64_t arrays; /* bit i: the one at depth i + 1 is an array */
	uint8_t expect, token;
	bool done;              /* a value is complete */
	bool is_key;            /* the string that is open, or the last one, is a key */
	char key[BEL_JSON_KEY]; /* the last key at depth 1, cut; not unescaped */
	size_t key_length;      /* may be more than the array holds */
	const char *word;       /* what is left of true, false, null */
	unsigned escape;        /* hexadecimal digits that are to come */
	bool whole;             /* of a number: it is a whole one that fits */
	uint64_t number;
	const char *failed; /* why no further byte is taken */
};

enum bel_json_event {
	BEL_JSON_NOTHING,
	BEL_JSON_BEGIN,  /* an object, array, string or word begins: its depth is `depth` or more */
	BEL_JSON_NUMBER, /* `number`, if `whole`, has ended */
};

/*
 * Takes one byte. Returns NULL, or why it cannot be: then the byte is not taken, and no other
 * will be.
 */
const char *bel_json_step(struct bel_json_scan *scan, uint8_t c, enum bel_json_event *event);

/* Whether nothing is open: between values, or before the first. */
static inline bool bel_json_idle(const struct bel_json_scan *scan)
{
	return !scan->depth && !scan->token;
}

#endif
