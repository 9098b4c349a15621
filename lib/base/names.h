/* SPDX-License-Identifier: MIT */
/*
 * names.h: numbers texts 0, 1, 2 ... in order of first appearance.
 *
 *	struct bel_names names = {0};
 *	uint32_t number;
 *
 *	r = bel_names_number(&names, text, length, &number, &err);    1: it is new, 0: known
 *	puts(names.name[number].text);
 *	bel_names_release(&names);
 *
 * Owns copies of the texts. The copies do not move and end in a zero byte. Memory: about 60 bytes
 * plus the text, for each distinct text. A zero-initialised structure is empty. No choice of texts
 * makes it slow: the hash has a secret seed.
 */
#ifndef BEL_NAMES_H
#define BEL_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "hash_table.h"

struct bel_name {
	const char *text;
	size_t length; /* without the final zero byte */
};

struct bel_names {
	struct bel_name *name; /* indexed by number */
	uint32_t count, capacity;

	/* Private members. */
	struct bel_hash_table number; /* (hash, earlier texts with that hash) -> number + 1 */
	uint64_t seed;
	char *block; /* new texts go into this block; it points to the previous block */
	size_t used, size;
};

/* 1: the text is new; 0: it had a number; BEL_FAIL: out of memory, or 2^32 texts. */
int bel_names_number(struct bel_names *names, const void *text, size_t length, uint32_t *number,
	struct bel_err *err);

/* After the last text: frees what finds numbers, about 40 of the 60 bytes. name[] stays. */
void bel_names_close(struct bel_names *names);

void bel_names_release(struct bel_names *names);

#endif
