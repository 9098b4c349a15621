/* SPDX-License-Identifier: MIT */
/*
 * vm_layout.h: the regions of one address space, however many and wherever they lie.
 *
 * Regions are ranges of bytes that do not overlap; mapping over what is there replaces it,
 * unmapping and protecting cut regions where they must. A hole costs nothing. Each operation
 * takes logarithmic time (a treap). Zero-initialised is empty.
 */
#ifndef BEL_VM_LAYOUT_H
#define BEL_VM_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"

enum bel_vm_kind { /* as enum bel_region */
	BEL_VM_UNKNOWN,
	BEL_VM_TEXT,
	BEL_VM_DATA,
	BEL_VM_HEAP,
	BEL_VM_STACK,
	BEL_VM_MMAP,
	BEL_VM_VDSO,
	BEL_VM_KINDS,
};

enum bel_vm_flag { /* as enum bel_map_flag */
	BEL_VM_READ = 0x1,
	BEL_VM_WRITE = 0x2,
	BEL_VM_EXEC = 0x4,
	BEL_VM_SHARED = 0x8,
	BEL_VM_FILE = 0x10,
};

struct bel_vm_region {
	uint64_t start, end; /* bytes; end is the first one behind it */
	uint64_t offset;     /* of start in the file */
	uint32_t file;       /* number of the file; 0: none */
	uint8_t kind;        /* enum bel_vm_kind */
	uint8_t flags;       /* enum bel_vm_flag */
};

struct bel_vm_node;

struct bel_vm_layout {
	struct bel_vm_node *root;
	uint64_t count;
	uint64_t dice; /* state of the treap's priorities */
};

/* An empty range is none; 0 or out of memory. */
int bel_vm_layout_map(
	struct bel_vm_layout *layout, const struct bel_vm_region *region, struct bel_err *err);
int bel_vm_layout_unmap(
	struct bel_vm_layout *layout, uint64_t start, uint64_t end, struct bel_err *err);
/* Changes READ, WRITE and EXEC alone. */
int bel_vm_layout_protect(struct bel_vm_layout *layout, uint64_t start, uint64_t end,
	unsigned flags, struct bel_err *err);

/* The first region that ends behind the address (it may start behind it as well); NULL: none. */
const struct bel_vm_region *bel_vm_layout_find(
	const struct bel_vm_layout *layout, uint64_t address);

/* The first region of a kind that touches or adjoins the range, for growth; NULL: none. */
const struct bel_vm_region *bel_vm_layout_near(
	const struct bel_vm_layout *layout, uint64_t start, uint64_t end, enum bel_vm_kind kind);

int bel_vm_layout_copy(
	struct bel_vm_layout *to, const struct bel_vm_layout *from, struct bel_err *err);
void bel_vm_layout_release(struct bel_vm_layout *layout);

#endif
