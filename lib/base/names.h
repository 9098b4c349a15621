/* SPDX-License-Identifier: MIT */
/*
 * csv_keys.h: texts to numbers, 0, 1, 2 ... in order of first appearance.
 *
 *	struct bel_csv_keys keys = {0};
 *	uint32_t number;
 *
 *	r = bel_csv_keys_number(&keys, text, length, &number, &err);    1: it is new, 0: known
 *	bel_csv_keys_release(&keys);
 *
 * Private to format_csv.c. Owns copies of the texts: about 40 bytes and the text
 * for each that is distinct. Zero-initialised is empty. The order in which texts
 * come cannot make it slow: the hash is seeded from where the table lies.
 */
#ifndef BEL_CSV_KEYS_H
#define BEL_CSV_KEYS_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"

struct bel_csv_key;

struct bel_csv_keys {
	struct bel_csv_key *slot; /* a power of two of them, at most three in four in use */
	size_t slots;
	uint32_t count;
	uint64_t seed;
	char *block; /* the block that texts are put in; it points to the block before */
	size_t used, size;
};

/* 1 if the text is new, 0 if it has its number, or BEL_FAIL: memory, or 2^32 texts. */
int bel_csv_keys_number(struct bel_csv_keys *keys, const void *text, size_t length,
	uint32_t *number, struct bel_err *err);

void bel_csv_keys_release(struct bel_csv_keys *keys);

#endif
