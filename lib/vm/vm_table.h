/* SPDX-License-Identifier: MIT */
/*
 * vm_table.h: page tables: their shape, how many memory references a walk makes, and the
 * memory that they take.
 *
 * What translates is the machine's array of entries; here is counted what the tables of
 * a real machine would cost: which nodes of a radix tree exist, level by level (a node
 * exists while any entry below it is in use), or the chains of a hashed inverted table.
 *
 * Radix levels take nine bits of the page number each from the top, as on x86-64: pages
 * of 4 KiB in 48 bits have four levels, pages of 2 MiB three, of 1 GiB two. The
 * two-level table takes ten bits and the rest.
 */
#ifndef BEL_VM_TABLE_H
#define BEL_VM_TABLE_H

#include "hash_table.h"

enum bel_vm_table_kind {
	BEL_VM_TABLE_FLAT,
	BEL_VM_TABLE_TWO_LEVEL,
	BEL_VM_TABLE_RADIX4,
	BEL_VM_TABLE_RADIX5,
	BEL_VM_TABLE_INVERTED,
	BEL_VM_TABLE_KINDS,
};

#define BEL_VM_LEVELS_MAX 6

struct bel_vm_table_shape {
	uint8_t kind; /* enum bel_vm_table_kind */
	uint8_t address_bits, page_bits;
	uint8_t levels;                  /* 1 for flat and inverted */
	uint8_t bits[BEL_VM_LEVELS_MAX]; /* of the page number, root first */
	uint8_t entry_bytes;
};

/* "flat", "two-level", "radix4", "radix5", "inverted". */
const char *bel_vm_table_name(enum bel_vm_table_kind kind);

/* BEL_USAGE where page or address size makes no sense; address_bits 0: the kind's own. */
int bel_vm_table_shape(struct bel_vm_table_shape *shape, enum bel_vm_table_kind kind,
	unsigned address_bits, unsigned page_bits, struct bel_err *err);

/* Bytes of one table of a level, and of a flat table over the same addresses. */
uint64_t bel_vm_table_node_bytes(const struct bel_vm_table_shape *shape, unsigned level);
double bel_vm_table_flat_bytes(const struct bel_vm_table_shape *shape);

struct bel_vm_table {
	struct bel_vm_table_shape shape;
	struct bel_hash_table nodes;       /* (prefix, space and level) -> entries in use */
	uint64_t count[BEL_VM_LEVELS_MAX]; /* tables now, root first */
	uint64_t peak[BEL_VM_LEVELS_MAX];  /* of each level, when the bytes were most */
	uint64_t bytes, peak_bytes;
	uint64_t entries; /* in use, that is, of pages with contents */
	/* Inverted alone: anchors, and for each entry (by its number) the next of its chain. */
	uint32_t *anchor, *chain;
	uint32_t anchors, chain_capacity;
};

/* frames: of the machine, for the inverted table, which has an entry a frame. */
int bel_vm_table_init(struct bel_vm_table *table, const struct bel_vm_table_shape *shape,
	uint64_t frames, struct bel_err *err);
void bel_vm_table_release(struct bel_vm_table *table);

/* The page gets an entry, or loses it: tables above come and go. */
int bel_vm_table_add(struct bel_vm_table *table, uint32_t space, uint64_t vpn, struct bel_err *err);
void bel_vm_table_remove(struct bel_vm_table *table, uint32_t space, uint64_t vpn);

/* Inverted: the entry, numbered `number`, enters its chain when its page gets a frame. */
int bel_vm_table_chain(struct bel_vm_table *table, uint32_t number, uint32_t space, uint64_t vpn,
	struct bel_err *err);
void bel_vm_table_unchain(
	struct bel_vm_table *table, uint32_t number, uint32_t space, uint64_t vpn);

/* Memory references of a walk that ends at the entry (number 0: at none). */
uint64_t bel_vm_table_walk(
	const struct bel_vm_table *table, uint32_t number, uint32_t space, uint64_t vpn);

#endif
