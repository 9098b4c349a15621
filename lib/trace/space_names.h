/* SPDX-License-Identifier: MIT */
/*
 * space_names.h: address spaces by name, numbered from 0 as they appear.
 *
 * Private to lib/trace. Memory grows with the distinct names that a trace
 * holds; zero-initialised is empty.
 */
#ifndef BEL_SPACE_NAMES_H
#define BEL_SPACE_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"

/* A longer name is no disk's or process's; the caller sees to it. */
#define BEL_SPACE_NAME_MAX 255

struct bel_space_names {
	char **name; /* owned, by number */
	uint32_t count, capacity;
	uint32_t *slot; /* a number + 1, or 0: a hash table of a power of two of slots */
	uint32_t slots;
};

/* The number of a name without zero bytes, a new one if it has not been seen; negative on errors.
 */
int64_t bel_space_names_number(
	struct bel_space_names *names, const void *text, size_t length, struct bel_err *err);

void bel_space_names_release(struct bel_space_names *names);

#endif
