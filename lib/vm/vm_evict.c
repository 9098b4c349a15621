/* SPDX-License-Identifier: MIT */
/* vm_evict.c: what becomes of a victim: entries lose it, swap or file gets it. */
#include "vm_machine.h"

/* The process with the most pages in frames and swap; of equals the oldest; NONE: none lives. */
static uint32_t largest(const struct bel_vm *vm)
{
	uint32_t found = UINT32_MAX;

	for (uint32_t p = 0; p < vm->processes; p++)
		if (vm->process[p].end == BEL_VM_LIVES &&
			(found == UINT32_MAX || vm->process[p].pages > vm->process[found].pages))
			found = p;
	return found;
}

/* A slot that is a copy of a page in a frame can be spared: the page is then written again. */
static bool steal(struct bel_vm *vm)
{
	struct bel_vm_swap *const swap = &vm->swap;

	for (uint32_t i = 0; i < swap->made; i++) {
		const uint32_t slot = swap->stealing % swap->made + 1;
		const uint32_t owner = swap->owner[slot];

		swap->stealing = slot;
		if (owner && owner <= vm->physical_pages && vm->physical_page[owner].slot == slot &&
			vm->physical_page[owner].bits & BEL_VM_OBJECT_LOADED) {
			vm->physical_page[owner].slot = 0;
			vm->physical_page[owner].bits |= BEL_VM_OBJECT_STALE;
			bel_vm_swap_free(swap, slot);
			return true;
		}
	}
	return false;
}

/*
 * Finds a slot for a physical page, killing for it if need be: 1, 0 if the physical page died, or
 * negative.
 */
static int need_slot(struct bel_vm *vm, uint32_t number)
{
	while (!vm->physical_page[number].slot) {
		const int64_t slot = bel_vm_swap_take(&vm->swap, number, vm->err);
		uint32_t process;

		if (slot < 0)
			return BEL_FAIL;
		vm->physical_page[number].slot = (uint32_t)slot;
		if (slot || steal(vm))
			continue;
		process = largest(vm);
		vm->tally.out_of_memory++;
		bel_vm_tell(vm, BEL_VM_STEP_OOM, NULL, 0, process);
		if (process == UINT32_MAX)
			return bel_fail(vm->err, "swap is full, and no process is left to kill");
		if (bel_vm_end(vm, process, BEL_VM_OOM) < 0)
			return BEL_FAIL;
		if (!vm->physical_page[number].mappings)
			return 0;
	}
	return 1;
}

static int write_back(struct bel_vm *vm, uint32_t number)
{
	struct bel_vm_physical_page *physical_page = &vm->physical_page[number];

	vm->tally.writebacks++;
	if (physical_page->bits & BEL_VM_OBJECT_FILE) {
		vm->tally.file_writes++;
		bel_vm_tell(vm, BEL_VM_STEP_FILE_WRITE, NULL, 0, 0);
		return 1;
	}
	const int r = need_slot(vm, number);

	if (r <= 0) {
		vm->tally.writebacks--;
		return r;
	}
	physical_page = &vm->physical_page[number];
	vm->swap.outs++;
	bel_vm_tell(vm, BEL_VM_STEP_SWAP_OUT, NULL, 0, physical_page->slot);
	return 1;
}

int bel_vm_evict(struct bel_vm *vm, uint32_t number, bool dirty)
{
	struct bel_vm_physical_page *const physical_page = &vm->physical_page[number];
	uint32_t at = physical_page->first, valid = 0;
	int r = 1;

	for (uint32_t i = 0; i < physical_page->mappings; i++, at = vm->entry[at].next)
		valid += (vm->entry[at].bits & BEL_VM_VALID) != 0;
	bel_vm_tell(vm, BEL_VM_STEP_VICTIM, &vm->entry[at], physical_page->frame, valid);
	vm->tally.evictions++;
	for (uint32_t i = 0; i < physical_page->mappings; i++, at = vm->entry[at].next) {
		if (vm->entry[at].bits & BEL_VM_VALID)
			bel_vm_process_of(vm, vm->entry[at].space)->evicted++;
		bel_vm_invalidate(vm, at);
	}
	physical_page->bits &= (uint8_t)~BEL_VM_OBJECT_LOADED;
	if (dirty || physical_page->bits & BEL_VM_OBJECT_STALE) {
		r = write_back(vm, number);
	} else {
		vm->tally.clean_drops++;
		bel_vm_tell(vm, BEL_VM_STEP_CLEAN_DROP, NULL, 0, 0);
	}
	physical_page->bits &= (uint8_t)~BEL_VM_OBJECT_STALE;
	bel_vm_frame_give(vm, number);
	if (r < 0 || !physical_page->mappings)
		return r < 0 ? r : 0;
	for (uint32_t i = 0; physical_page->slot && i < physical_page->mappings;
		i++, at = vm->entry[at].next)
		vm->entry[at].bits |= BEL_VM_SWAPPED;
	return 0;
}
