/* SPDX-License-Identifier: MIT */
/*
 * vm_swap.h: slots on the swap device, and the times of devices.
 *
 * A slot holds a copy of one physical page. Slots are numbered from 1; 0 means no slot. The slot
 * freed last is taken first.
 */
#ifndef BEL_VM_SWAP_H
#define BEL_VM_SWAP_H

#include <stdint.h>

#include "err.h"

#define BEL_VM_UNBOUNDED UINT64_MAX

struct bel_vm_device {
	const char *name;
	double read_ns, write_ns; /* a page of 4 KiB, without queueing */
	double bytes_per_second;  /* for the bytes beyond 4 KiB */
};

/* "hdd", "sata-ssd", "nvme", "zram"; NULL with err listing them. */
const struct bel_vm_device *bel_vm_device_find(const char *name, struct bel_err *err);

/* Time of reading or writing a page. */
double bel_vm_device_ns(const struct bel_vm_device *device, uint64_t page_bytes, int writes);

struct bel_vm_swap {
	uint32_t *owner; /* its physical page; of a free slot: the slot freed before it */
	uint32_t capacity, made, freed;
	uint64_t limit; /* slots; BEL_VM_UNBOUNDED */
	uint64_t used, peak;
	uint64_t ins, outs; /* pages read and written */
	uint32_t stealing;  /* where the next search for a slot of a page in a frame starts */
};

/* Returns a slot for the physical page, 0 if all are in use, or negative: out of memory. */
int64_t bel_vm_swap_take(struct bel_vm_swap *swap, uint32_t physical_page, struct bel_err *err);
void bel_vm_swap_free(struct bel_vm_swap *swap, uint32_t slot);
void bel_vm_swap_release(struct bel_vm_swap *swap);

#endif
