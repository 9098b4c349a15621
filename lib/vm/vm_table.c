/* SPDX-License-Identifier: MIT */
/* vm_table.c: the shape of page tables, and which tables exist. */
#include "vm_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RADIX_BITS 9
#define INVERTED_ENTRY 16 /* page number, space, bits, next of the chain */
#define ANCHOR_BYTES 4

const char *bel_vm_table_name(enum bel_vm_table_kind kind)
{
	static const char *const name[] = {"flat", "two-level", "radix4", "radix5", "inverted"};

	return (unsigned)kind < BEL_VM_TABLE_KINDS ? name[kind] : "unknown";
}

/* Divides the bits of the page number among the levels, root first. */
static void cut(struct bel_vm_table_shape *shape, unsigned vpn_bits)
{
	unsigned left = vpn_bits;

	while (left) {
		unsigned bits = left < RADIX_BITS ? left : RADIX_BITS;

		if (shape->kind == BEL_VM_TABLE_FLAT || shape->kind == BEL_VM_TABLE_INVERTED)
			bits = left;
		else if (shape->kind == BEL_VM_TABLE_TWO_LEVEL)
			bits = shape->levels || left <= 10 ? left : 10;
		shape->bits[shape->levels++] = (uint8_t)bits;
		left -= bits;
	}
}

int bel_vm_table_shape(struct bel_vm_table_shape *shape, enum bel_vm_table_kind kind,
	unsigned address_bits, unsigned page_bits, struct bel_err *err)
{
	static const uint8_t own[BEL_VM_TABLE_KINDS] = {48, 32, 48, 57, 48};

	if (!address_bits)
		address_bits = own[kind];
	if (address_bits < 16 || address_bits > 57)
		return bel_usage(err, "addresses have 16 to 57 bits, not %u", address_bits);
	if (page_bits < 10 || page_bits > 30)
		return bel_usage(
			err, "pages of a machine have 1 KiB to 1 GiB, not 2^%u bytes", page_bits);
	if (page_bits >= address_bits)
		return bel_usage(err, "addresses of %u bits are too short for pages of 2^%u bytes",
			address_bits, page_bits);
	if (kind == BEL_VM_TABLE_TWO_LEVEL && address_bits > 32)
		return bel_usage(
			err, "a two-level table translates at most 32 bits, not %u", address_bits);
	if (kind == BEL_VM_TABLE_RADIX4 && address_bits > 48)
		return bel_usage(
			err, "a four-level table translates at most 48 bits, not %u", address_bits);
	*shape = (struct bel_vm_table_shape){
		.kind = (uint8_t)kind,
		.address_bits = (uint8_t)address_bits,
		.page_bits = (uint8_t)page_bits,
		.entry_bytes = kind == BEL_VM_TABLE_INVERTED ? INVERTED_ENTRY
			       : address_bits <= 32          ? 4
							     : 8,
	};
	cut(shape, address_bits - page_bits);
	return 0;
}

uint64_t bel_vm_table_node_bytes(const struct bel_vm_table_shape *shape, unsigned level)
{
	return (uint64_t)shape->entry_bytes << shape->bits[level];
}

double bel_vm_table_flat_bytes(const struct bel_vm_table_shape *shape)
{
	return ldexp(shape->address_bits <= 32 ? 4 : 8, shape->address_bits - shape->page_bits);
}

int bel_vm_table_init(struct bel_vm_table *table, const struct bel_vm_table_shape *shape,
	uint64_t frames, struct bel_err *err)
{
	uint32_t anchors = 1;

	memset(table, 0, sizeof(*table));
	table->shape = *shape;
	if (shape->kind != BEL_VM_TABLE_INVERTED)
		return 0;
	if (!frames || frames > UINT32_MAX / 2)
		return bel_usage(err, "an inverted table needs a number of frames (-f or -m)");
	while (anchors < frames)
		anchors *= 2;
	table->anchor = calloc(anchors, sizeof(*table->anchor));
	if (!table->anchor)
		return bel_err_memory(err, "the inverted page table");
	table->anchors = anchors;
	table->bytes = frames * INVERTED_ENTRY + (uint64_t)anchors * ANCHOR_BYTES;
	table->peak_bytes = table->bytes;
	table->count[0] = 1;
	table->peak[0] = 1;
	return 0;
}

void bel_vm_table_release(struct bel_vm_table *table)
{
	bel_hash_table_release(&table->nodes);
	free(table->anchor);
	free(table->chain);
	table->anchor = NULL;
	table->chain = NULL;
}

static uint32_t node_key(uint32_t space, unsigned level)
{
	return space * 8 + level;
}

/* Drops the sign extension of a page number. */
static uint64_t mask_of(const struct bel_vm_table_shape *shape)
{
	return ((uint64_t)1 << (shape->address_bits - shape->page_bits)) - 1;
}

int bel_vm_table_add(struct bel_vm_table *table, uint32_t space, uint64_t vpn, struct bel_err *err)
{
	const struct bel_vm_table_shape *const shape = &table->shape;
	uint64_t prefix = vpn & mask_of(shape);

	table->entries++;
	if (shape->kind == BEL_VM_TABLE_INVERTED)
		return 0;
	for (unsigned level = shape->levels; level-- > 0;) {
		uint32_t used;

		prefix >>= shape->bits[level];
		used = bel_hash_table_get(&table->nodes, prefix, node_key(space, level));
		if (bel_hash_table_set(
			    &table->nodes, prefix, node_key(space, level), used + 1, err) < 0)
			return BEL_FAIL;
		if (used)
			break;
		table->count[level]++;
		table->bytes += bel_vm_table_node_bytes(shape, level);
	}
	if (table->bytes > table->peak_bytes) {
		table->peak_bytes = table->bytes;
		memcpy(table->peak, table->count, sizeof(table->peak));
	}
	return 0;
}

void bel_vm_table_remove(struct bel_vm_table *table, uint32_t space, uint64_t vpn)
{
	const struct bel_vm_table_shape *const shape = &table->shape;
	uint64_t prefix = vpn & mask_of(shape);

	table->entries--;
	if (shape->kind == BEL_VM_TABLE_INVERTED)
		return;
	for (unsigned level = shape->levels; level-- > 0;) {
		uint32_t used;

		prefix >>= shape->bits[level];
		used = bel_hash_table_get(&table->nodes, prefix, node_key(space, level));
		if (used > 1) {
			/* Replacing an element needs no memory and cannot fail. */
			(void)bel_hash_table_set(
				&table->nodes, prefix, node_key(space, level), used - 1, NULL);
			break;
		}
		bel_hash_table_delete(&table->nodes, prefix, node_key(space, level));
		table->count[level]--;
		table->bytes -= bel_vm_table_node_bytes(shape, level);
	}
}

static uint32_t *anchor_of(const struct bel_vm_table *table, uint32_t space, uint64_t vpn)
{
	const uint64_t h = (vpn ^ (uint64_t)space << 40) * UINT64_C(0x9e3779b97f4a7c15);

	return &table->anchor[(h >> 32) & (table->anchors - 1)];
}

int bel_vm_table_chain(struct bel_vm_table *table, uint32_t number, uint32_t space, uint64_t vpn,
	struct bel_err *err)
{
	uint32_t *anchor;

	if (table->shape.kind != BEL_VM_TABLE_INVERTED)
		return 0;
	if (number >= table->chain_capacity) {
		const uint32_t capacity = number < 512 ? 1024 : number * 2;
		uint32_t *chain = reallocarray(table->chain, capacity, sizeof(*chain));

		if (!chain)
			return bel_err_memory(err, "the inverted page table");
		table->chain = chain;
		table->chain_capacity = capacity;
	}
	anchor = anchor_of(table, space, vpn);
	table->chain[number] = *anchor;
	*anchor = number;
	return 0;
}

void bel_vm_table_unchain(struct bel_vm_table *table, uint32_t number, uint32_t space, uint64_t vpn)
{
	uint32_t *link;

	if (table->shape.kind != BEL_VM_TABLE_INVERTED)
		return;
	for (link = anchor_of(table, space, vpn); *link; link = &table->chain[*link])
		if (*link == number) {
			*link = table->chain[number];
			return;
		}
}

uint64_t bel_vm_table_walk(
	const struct bel_vm_table *table, uint32_t number, uint32_t space, uint64_t vpn)
{
	uint64_t steps = 1; /* the anchor */

	if (table->shape.kind != BEL_VM_TABLE_INVERTED)
		return table->shape.levels;
	for (uint32_t at = *anchor_of(table, space, vpn); at; at = table->chain[at]) {
		steps++;
		if (at == number)
			break;
	}
	return steps;
}
