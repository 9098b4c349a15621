/* SPDX-License-Identifier: MIT */
/* hash_table.c: an open-addressing hash table with linear probing and backward-shift deletion. */
#include "hash_table.h"

#include <stdlib.h>

#include "rng.h"

static size_t home(const struct bel_hash_table *table, uint64_t a, uint32_t b)
{
	uint64_t h = (a ^ table->secret) * UINT64_C(0x9e3779b97f4a7c15);

	h ^= h >> 32;
	h = (h + b) * UINT64_C(0xbf58476d1ce4e5b9);
	return (h ^ h >> 32) & (table->slots - 1);
}

/* The slot that holds the key, or the free slot where it would be put. */
static size_t place(const struct bel_hash_table *table, uint64_t a, uint32_t b)
{
	size_t i = home(table, a, b);

	while (table->slot[i].value && (table->slot[i].a != a || table->slot[i].b != b))
		i = (i + 1) & (table->slots - 1);
	return i;
}

uint32_t bel_hash_table_get(const struct bel_hash_table *table, uint64_t a, uint32_t b)
{
	return table->slots ? table->slot[place(table, a, b)].value : 0;
}

static int grow(struct bel_hash_table *table, struct bel_err *err)
{
	struct bel_hash_table wide = {
		.slots = table->slots ? table->slots * 2 : 64,
		.used = table->used,
		.secret = table->slots ? table->secret : bel_rng_secret(),
	};

	wide.slot = calloc(wide.slots, sizeof(*wide.slot));
	if (!wide.slot)
		return bel_err_memory(err, "a hash table");
	for (size_t i = 0; i < table->slots; i++) {
		const struct bel_hash_slot *const slot = &table->slot[i];

		if (slot->value)
			wide.slot[place(&wide, slot->a, slot->b)] = *slot;
	}
	free(table->slot);
	*table = wide;
	return 0;
}

int bel_hash_table_set(
	struct bel_hash_table *table, uint64_t a, uint32_t b, uint32_t value, struct bel_err *err)
{
	size_t at;

	if (table->used >= table->slots / 2 && grow(table, err) < 0)
		return BEL_FAIL;
	at = place(table, a, b);
	table->used += !table->slot[at].value;
	table->slot[at] = (struct bel_hash_slot){a, b, value};
	return 0;
}

void bel_hash_table_delete(struct bel_hash_table *table, uint64_t a, uint32_t b)
{
	const size_t mask = table->slots - 1;
	size_t hole, i;

	if (!table->slots)
		return;
	hole = place(table, a, b);
	if (!table->slot[hole].value)
		return;
	table->used--;
	/* An entry whose probe sequence passed over the freed slot moves into it. */
	for (i = (hole + 1) & mask; table->slot[i].value; i = (i + 1) & mask) {
		const size_t at = home(table, table->slot[i].a, table->slot[i].b);

		if (((i - at) & mask) >= ((i - hole) & mask)) {
			table->slot[hole] = table->slot[i];
			hole = i;
		}
	}
	table->slot[hole].value = 0;
}

void bel_hash_table_release(struct bel_hash_table *table)
{
	free(table->slot);
	*table = (struct bel_hash_table){.slot = NULL};
}
