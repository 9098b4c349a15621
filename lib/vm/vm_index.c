/* SPDX-License-Identifier: MIT */
/* vm_index.c: open addressing with linear probing and backward-shift deletion. */
#include "vm_index.h"

#include <stdlib.h>

#include "rng.h"
#include "vm_machine.h"

static size_t home_of(const struct bel_vm_index *index, const struct bel_vm_entry *entry)
{
	return bel_vm_index_home(index, bel_vm_vpn(entry), entry->space);
}

uint32_t bel_vm_index_get(const struct bel_vm_index *index, const struct bel_vm_entry *entry,
	uint64_t vpn, uint32_t space)
{
	size_t i;

	if (!index->slots)
		return 0;
	for (i = bel_vm_index_home(index, vpn, space); index->slot[i];
		i = (i + 1) & (index->slots - 1)) {
		const struct bel_vm_entry *const found = &entry[index->slot[i]];

		if (bel_vm_vpn(found) == vpn && found->space == space)
			return index->slot[i];
	}
	return 0;
}

/* Puts an entry into the first free slot from its home on. */
static void put(struct bel_vm_index *index, const struct bel_vm_entry *entry, uint32_t number)
{
	size_t i = home_of(index, &entry[number]);

	while (index->slot[i])
		i = (i + 1) & (index->slots - 1);
	index->slot[i] = number;
}

static int grow(struct bel_vm_index *index, const struct bel_vm_entry *entry, struct bel_err *err)
{
	struct bel_vm_index wide = {
		.slots = index->slots ? index->slots * 2 : 64,
		.used = index->used,
		.secret = index->slots ? index->secret : bel_rng_secret(),
	};

	wide.slot = calloc(wide.slots, sizeof(*wide.slot));
	if (!wide.slot)
		return bel_err_memory(err, "the machine");
	for (size_t i = 0; i < index->slots; i++)
		if (index->slot[i])
			put(&wide, entry, index->slot[i]);
	free(index->slot);
	*index = wide;
	return 0;
}

int bel_vm_index_add(struct bel_vm_index *index, const struct bel_vm_entry *entry, uint32_t number,
	struct bel_err *err)
{
	if (index->used >= index->slots / 2 && grow(index, entry, err) < 0)
		return BEL_FAIL;
	put(index, entry, number);
	index->used++;
	return 0;
}

void bel_vm_index_remove(
	struct bel_vm_index *index, const struct bel_vm_entry *entry, uint32_t number)
{
	const size_t mask = index->slots - 1;
	size_t hole = home_of(index, &entry[number]), i;

	while (index->slot[hole] != number)
		hole = (hole + 1) & mask;
	index->used--;
	/* An entry whose probe sequence passed over the freed slot moves into it. */
	for (i = (hole + 1) & mask; index->slot[i]; i = (i + 1) & mask) {
		const size_t at = home_of(index, &entry[index->slot[i]]);

		if (((i - at) & mask) >= ((i - hole) & mask)) {
			index->slot[hole] = index->slot[i];
			hole = i;
		}
	}
	index->slot[hole] = 0;
}

void bel_vm_index_release(struct bel_vm_index *index)
{
	free(index->slot);
	*index = (struct bel_vm_index){.slot = NULL};
}
