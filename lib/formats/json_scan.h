/* SPDX-License-Identifier: MIT */
/*
 * json_scan.h: reads JSON one byte at a time and allocates nothing. For lines of any length from
 * which a few numbers are needed.
 *
 * Private to lib/formats. Depth is limited. Strings are skipped, except the keys of the outermost
 * object. A zero-initialised scan is ready for a value.
 */
#ifndef BEL_JSON_SCAN_H
#define BEL_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BEL_JSON_DEPTH 64
#define BEL_JSON_KEY 32

struct bel_json_scan {
	unsigned depth;  /* number of open objects and arrays */
	uint64_t arrays; /* bit i: the one at depth i + 1 is an array */
	uint8_t expect, token;
	bool done;              /* a value is complete */
	bool is_key;            /* the open string, or else the last one, is a key */
	char key[BEL_JSON_KEY]; /* the last key at depth 1, cut; escapes are kept */
	size_t key_length;      /* may be larger than the array */
	const char *word;       /* remaining letters of true, false or null */
	unsigned escape;        /* hexadecimal digits that are still expected */
	bool whole;             /* the number is a non-negative integer of 64 bits */
	uint64_t number;
	const char *failed; /* why no further byte is accepted; NULL: no error */
};

enum bel_json_event {
	BEL_JSON_NOTHING,
	BEL_JSON_BEGIN,  /* an object, array, string or word begins: its depth is `depth` or more */
	BEL_JSON_NUMBER, /* a number has ended; `number` is its value if `whole` */
};

/*
 * Takes one byte. Returns NULL, or what is wrong: then this byte and all later ones are refused.
 */
const char *bel_json_step(struct bel_json_scan *scan, uint8_t c, enum bel_json_event *event);

/* Whether no value is open: before the first value or between two values. */
static inline bool bel_json_idle(const struct bel_json_scan *scan)
{
	return !scan->depth && !scan->token;
}

#endif
