/* SPDX-License-Identifier: MIT */
/*
 * vm_table.h: page tables: their shape, the memory that they take, and how many memory references
 * a walk makes.
 *
 * The machine translates with its array of entries. This file only counts what the tables of a
 * real machine would cost. In a radix tree it counts the tables of each level: a table exists while
 * any entry below it is in use. In a hashed inverted table it keeps the chains.
 *
 * Each radix level takes nine bits of the page number, from the top, as on x86-64: with addresses
 * of 48 bits, pages of 4 KiB have four levels, of 2 MiB three, of 1 GiB two. The levels of the
 * two-level table take ten bits and the rest.
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

/* BEL_USAGE: the sizes of page and address do not fit. address_bits 0: what the kind translates. */
int bel_vm_table_shape(struct bel_vm_table_shape *shape, enum bel_vm_table_kind kind,
	unsigned address_bits, unsigned page_bits, struct bel_err *err);

/* Bytes of one table of a level; of a flat table over the same addresses. */
uint64_t bel_vm_table_node_bytes(const struct bel_vm_table_shape *shape, unsigned level);
double bel_vm_table_flat_bytes(const struct bel_vm_table_shape *shape);

struct bel_vm_table {
	struct bel_vm_table_shape shape;
	struct bel_hash_table nodes;       /* (prefix, space and level) -> entries in use */
	uint64_t count[BEL_VM_LEVELS_MAX]; /* tables now, root first */
	uint64_t peak[BEL_VM_LEVELS_MAX];  /* tables of each level when peak_bytes was reached */
	uint64_t bytes, peak_bytes;
	uint64_t entries; /* in use: of pages that have a physical page */
	/* Only of an inverted table: anchors, and by entry number the next entry of its chain. */
	uint32_t *anchor, *chain;
	uint32_t anchors, chain_capacity;
};

/* frames: of the machine; an inverted table has one entry for each. */
int bel_vm_table_init(struct bel_vm_table *table, const struct bel_vm_table_shape *shape,
	uint64_t frames, struct bel_err *err);
void bel_vm_table_release(struct bel_vm_table *table);

/* A page gets an entry or loses it; the tables above it may come or go. */
int bel_vm_table_add(struct bel_vm_table *table, uint32_t space, uint64_t vpn, struct bel_err *err);
void bel_vm_table_remove(struct bel_vm_table *table, uint32_t space, uint64_t vpn);

/* Only of an inverted table: entry `number` enters its chain when its page gets a frame. */
int bel_vm_table_chain(struct bel_vm_table *table, uint32_t number, uint32_t space, uint64_t vpn,
	struct bel_err *err);
void bel_vm_table_unchain(
	struct bel_vm_table *table, uint32_t number, uint32_t space, uint64_t vpn);

/* Memory references of a walk to entry `number`; 0: a walk that finds none. */
uint64_t bel_vm_table_walk(
	const struct bel_vm_table *table, uint32_t number, uint32_t space, uint64_t vpn);

#endif
