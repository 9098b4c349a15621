/* SPDX-License-Identifier: MIT */
/*
 * reference.h: one reference of a program to memory, and its kind.
 */
#ifndef BEL_REFERENCE_H
#define BEL_REFERENCE_H

#include <stdbool.h>
#include <stdint.h>

enum bel_kind {
	BEL_FETCH,
	BEL_LOAD,
	BEL_STORE,
	BEL_MODIFY, /* load and store of one address: one reference that writes */
	/*
	 * The kernel's reads and writes for the program, in the buffers of a system call. Only in
	 * traces whose info has `kernel` set. In runs they count as data, like loads and stores.
	 */
	BEL_KERNEL_LOAD,
	BEL_KERNEL_STORE,
	BEL_KINDS,
};

#define BEL_KERNEL_KINDS (1u << BEL_KERNEL_LOAD | 1u << BEL_KERNEL_STORE)

/* "fetch", "load", "store", "modify", "kernel-load", "kernel-store". */
const char *bel_kind_name(enum bel_kind kind);

static inline bool bel_kind_writes(enum bel_kind kind)
{
	return kind == BEL_STORE || kind == BEL_MODIFY || kind == BEL_KERNEL_STORE;
}

/*
 * A reference. `address` counts units of 1 << unit_bits bytes; each stream has
 * its unit_bits (in formats with page numbers, the unit is the page). `size` is
 * in the same units, at least 1.
 */
struct bel_access {
	uint64_t address;
	uint32_t size;
	uint8_t kind; /* enum bel_kind */
};

#endif
