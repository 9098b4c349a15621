/* SPDX-License-Identifier: MIT */
/*
 * names.h: texts to numbers, 0, 1, 2 ... in order of first appearance.
 *
 *	struct bel_names names = {0};
 *	uint32_t number;
 *
 *	r = bel_names_number(&names, text, length, &number, &err);    1: it is new, 0: known
 *	puts(names.name[number].text);
 *	bel_names_release(&names);
 *
 * Owns copies of the texts, which stay where they are and end in a zero byte: about 60 bytes
 * and the text for each that is distinct. Zero-initialised is empty. No choice of texts makes it
 * slow: the hash has a secret seed.
 */
#ifndef BEL_NAMES_H
#define BEL_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "hash_table.h"

struct bel_name {
	const char *text;
	size_t length; /* without the zero byte behind it */
};

struct bel_names {
	struct bel_name *name; /* by number */
	uint32_t count, capacity;

	/* Below, the table's own. */
	struct bel_hash_table number; /* (hash, how many have that hash and came before) -> + 1 */
	uint64_t seed;
	char *block; /* the block that texts are put in; it points to the block before */
	size_t used, size;
};

/* 1 if the text is new, 0 if it has its number, or BEL_FAIL: memory, or 2^32 texts. */
int bel_names_number(struct bel_names *names, const void *text, size_t length, uint32_t *number,
	struct bel_err *err);

void bel_names_release(struct bel_names *names);

#endif
