/* SPDX-License-Identifier: MIT */
/*
 * vm_index.h: finds the entry of a virtual page in an address space.
 *
 *	struct bel_vm_index index = {0};
 *
 *	bel_vm_index_add(&index, entry, number, &err);      the key is in entry[number]
 *	number = bel_vm_index_get(&index, entry, vpn, space);
 *	bel_vm_index_remove(&index, entry, number);         before entry[number] changes
 *	bel_vm_index_release(&index);
 *
 * Like a bel_hash_table, but a slot has only the number of an entry, as the entry itself has the
 * key: 4 bytes instead of 16, of which a page needs two to four. A zero-initialised index is empty.
 * No choice of keys makes it slow: each index has its own secret hash seed.
 */
#ifndef BEL_VM_INDEX_H
#define BEL_VM_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"

struct bel_vm_entry;

struct bel_vm_index {
	uint32_t *slot;     /* the number of an entry; 0: free */
	size_t slots, used; /* slots: 0 or a power of two */
	uint64_t secret;
};

/* The number of the entry, or 0. */
uint32_t bel_vm_index_get(const struct bel_vm_index *index, const struct bel_vm_entry *entry,
	uint64_t vpn, uint32_t space);

/* The slot where the search for a page begins. */
static inline size_t bel_vm_index_home(
	const struct bel_vm_index *index, uint64_t vpn, uint32_t space)
{
	uint64_t h = (vpn ^ index->secret) * UINT64_C(0x9e3779b97f4a7c15);

	h ^= h >> 32;
	h = (h + space) * UINT64_C(0xbf58476d1ce4e5b9);
	return (h ^ h >> 32) & (index->slots - 1);
}

/* Adds an entry whose page and space are not in the index. */
int bel_vm_index_add(struct bel_vm_index *index, const struct bel_vm_entry *entry, uint32_t number,
	struct bel_err *err);

/* Removes an entry that is in the index. */
void bel_vm_index_remove(
	struct bel_vm_index *index, const struct bel_vm_entry *entry, uint32_t number);
void bel_vm_index_release(struct bel_vm_index *index);

#endif
