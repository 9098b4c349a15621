/* SPDX-License-Identifier: MIT */
/*
 * vm_map.h: numbers by (64-bit key, 32-bit key): what the machine looks up when it faults.
 *
 * Values are not 0; 0 means "not there". Zero-initialised is empty. Deleting leaves no
 * trace, so that long lives of mapping and unmapping do not slow it down.
 */
#ifndef BEL_VM_MAP_H
#define BEL_VM_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"

struct bel_vm_map {
	struct bel_vm_slot {
		uint64_t a;
		uint32_t b, value;
	} * slot;
	size_t room, used; /* room: 0 or a power of two */
};

/* The value, or 0. */
uint32_t bel_vm_map_get(const struct bel_vm_map *map, uint64_t a, uint32_t b);

/* Sets or replaces; value is not 0. */
int bel_vm_map_set(
	struct bel_vm_map *map, uint64_t a, uint32_t b, uint32_t value, struct bel_err *err);

void bel_vm_map_delete(struct bel_vm_map *map, uint64_t a, uint32_t b);
void bel_vm_map_release(struct bel_vm_map *map);

#endif
