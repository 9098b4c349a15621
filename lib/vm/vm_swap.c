/* SPDX-License-Identifier: MIT */
/* vm_swap.c: swap slots and device presets. */
#include "vm_swap.h"

#include <stdlib.h>
#include <string.h>

/*
 * Orders of magnitude for one random page. A disk of 7200 rpm seeks for 8.5 ms and waits for half
 * a turn. Flash answers in about 100 us over SATA and 80 us over NVMe; writes go to its cache.
 * zram compresses pages in memory.
 */
static const struct bel_vm_device devices[] = {
	{"hdd", 12.7e6, 12.7e6, 160e6},
	{"sata-ssd", 120e3, 60e3, 500e6},
	{"nvme", 80e3, 20e3, 3e9},
	{"zram", 3e3, 8e3, 1.5e9},
};

const struct bel_vm_device *bel_vm_device_find(const char *name, struct bel_err *err)
{
	for (size_t i = 0; i < sizeof(devices) / sizeof(*devices); i++)
		if (!strcmp(devices[i].name, name))
			return &devices[i];
	bel_usage(err, "unknown device '%s'; use hdd, sata-ssd, nvme or zram", name);
	return NULL;
}

double bel_vm_device_ns(const struct bel_vm_device *device, uint64_t page_bytes, int writes)
{
	const double beyond = page_bytes > 4096 ? (double)(page_bytes - 4096) : 0;

	return (writes ? device->write_ns : device->read_ns) +
	       beyond / device->bytes_per_second * 1e9;
}

int64_t bel_vm_swap_take(struct bel_vm_swap *swap, uint32_t physical_page, struct bel_err *err)
{
	uint32_t slot = swap->freed;

	if (swap->used >= swap->limit)
		return 0;
	if (slot) {
		swap->freed = swap->owner[slot];
	} else {
		if (swap->made + 1 >= swap->capacity) {
			const uint32_t capacity = swap->capacity ? swap->capacity * 2 : 256;
			uint32_t *owner = reallocarray(swap->owner, capacity, sizeof(*owner));

			if (!owner)
				return bel_err_memory(err, "swap slots");
			swap->owner = owner;
			swap->capacity = capacity;
		}
		slot = ++swap->made;
	}
	swap->owner[slot] = physical_page;
	if (++swap->used > swap->peak)
		swap->peak = swap->used;
	return slot;
}

void bel_vm_swap_free(struct bel_vm_swap *swap, uint32_t slot)
{
	swap->owner[slot] = swap->freed;
	swap->freed = slot;
	swap->used--;
}

void bel_vm_swap_release(struct bel_vm_swap *swap)
{
	free(swap->owner);
	swap->owner = NULL;
}
