/* SPDX-License-Identifier: MIT */
/*
 * hash_table.h: a hash table from (64-bit key, 32-bit key) to a 32-bit value.
 *
 *	struct bel_hash_table table = {0};
 *
 *	bel_hash_table_set(&table, page, space, entry, &err);
 *	entry = bel_hash_table_get(&table, page, space);
 *	bel_hash_table_release(&table);
 *
 * Values are not 0; 0 means "not there". A zero-initialised table is empty. Deletion leaves no
 * tombstones, so many additions and deletions do not slow the table down. No choice of keys makes
 * it slow: each table has its own secret hash seed. Memory: 16 bytes per slot; at most half of
 * the slots are in use.
 */
#ifndef BEL_HASH_TABLE_H
#define BEL_HASH_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"

struct bel_hash_slot {
	uint64_t a;
	uint32_t b, value;
};

struct bel_hash_table {
	struct bel_hash_slot *slot;
	size_t slots, used; /* slots: 0 or a power of two */
	uint64_t secret;
};

/* The value, or 0. */
uint32_t bel_hash_table_get(const struct bel_hash_table *table, uint64_t a, uint32_t b);

/* Sets or replaces; value is not 0. */
int bel_hash_table_set(
	struct bel_hash_table *table, uint64_t a, uint32_t b, uint32_t value, struct bel_err *err);

void bel_hash_table_delete(struct bel_hash_table *table, uint64_t a, uint32_t b);
void bel_hash_table_release(struct bel_hash_table *table);

#endif
