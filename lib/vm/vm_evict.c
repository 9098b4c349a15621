/* SPDX-License-Identifier: MIT */
/*
 * vm_evict.c: evicts a victim: its entries become invalid, and swap or its file gets its contents.
 *
 * If swap is full, an eviction ends a process. If replacement is local, the end of a process evicts
 * the pages in its frames that other processes map. So both are in this file.
 */
#include "vm_machine.h"

void bel_vm_space_end(struct bel_vm *vm, uint32_t number)
{
	struct bel_vm_space *const space = &vm->space[number];
	struct bel_vm_process *const process = &vm->process[space->process];

	bel_vm_space_fragmentation(vm, space, process->fragmentation);
	process->shared = 0;
	for (uint32_t at = space->first; at; at = vm->below[at])
		process->shared += vm->entry[at].physical_page &&
				   vm->physical_page[vm->entry[at].physical_page].mappings > 1;
	bel_vm_space_clear(vm, number);
	space->alive = false;
}

/* The living process with the most pages; of several, the oldest. UINT32_MAX: none lives. */
static uint32_t largest(const struct bel_vm *vm)
{
	uint32_t found = UINT32_MAX;

	for (uint32_t p = 0; p < vm->processes; p++)
		if (vm->process[p].end == BEL_VM_LIVES &&
			(found == UINT32_MAX || vm->process[p].pages > vm->process[found].pages))
			found = p;
	return found;
}

/*
 * Frees a slot whose page is also in a frame. That page has to be written again when it is evicted.
 * False: there is no such slot.
 */
static bool steal(struct bel_vm *vm)
{
	struct bel_vm_swap *const swap = &vm->swap;

	for (uint32_t i = 0; i < swap->made; i++) {
		const uint32_t slot = swap->stealing % swap->made + 1;
		const uint32_t owner = swap->owner[slot];

		swap->stealing = slot;
		if (owner && owner <= vm->physical_pages && vm->physical_page[owner].slot == slot &&
			vm->physical_page[owner].bits & BEL_VM_PAGE_LOADED) {
			vm->physical_page[owner].slot = 0;
			vm->physical_page[owner].bits |= BEL_VM_PAGE_STALE;
			bel_vm_swap_free(swap, slot);
			return true;
		}
	}
	return false;
}

/* Finds a slot for a physical page: 1, 0 if swap is full, or negative. */
static int find_slot(struct bel_vm *vm, uint32_t number)
{
	while (!vm->physical_page[number].slot) {
		const int64_t slot = bel_vm_swap_take(&vm->swap, number, vm->err);

		if (slot < 0)
			return BEL_FAIL;
		vm->physical_page[number].slot = (uint32_t)slot;
		if (!slot && !steal(vm))
			return 0;
	}
	return 1;
}

/* Swap is full: the largest process dies. The only place where memory kills. */
static int kill_for_memory(struct bel_vm *vm)
{
	const uint32_t process = largest(vm);

	vm->tally.out_of_memory++;
	bel_vm_tell(vm, BEL_VM_STEP_OOM, NULL, 0, process);
	if (process == UINT32_MAX)
		return bel_fail(vm->err, "swap is full, and no process is left to kill");
	return bel_vm_end(vm, process, BEL_VM_OOM);
}

/* The victim's contents go to its file or to swap: 0, 1 if swap is full, or negative. */
static int write_back(struct bel_vm *vm, uint32_t number)
{
	const struct bel_vm_physical_page *const physical_page = &vm->physical_page[number];

	if (physical_page->bits & BEL_VM_PAGE_FILE) {
		vm->tally.file_writes++;
		bel_vm_tell(vm, BEL_VM_STEP_FILE_WRITE, NULL, 0, 0);
	} else {
		const int r = find_slot(vm, number);

		if (r <= 0)
			return r < 0 ? r : 1;
		vm->swap.outs++;
		bel_vm_tell(vm, BEL_VM_STEP_SWAP_OUT, NULL, 0, physical_page->slot);
	}
	vm->tally.writebacks++;
	return 0;
}

/* Writes a victim back, however many processes that costs. */
static int save(struct bel_vm *vm, uint32_t number)
{
	int r;

	while ((r = write_back(vm, number)) > 0) {
		if (kill_for_memory(vm) < 0)
			return BEL_FAIL;
		if (!vm->physical_page[number].mappings) /* the page died with its process */
			return 0;
	}
	return r;
}

int bel_vm_evict(struct bel_vm *vm, uint32_t number, bool dirty)
{
	struct bel_vm_physical_page *const physical_page = &vm->physical_page[number];
	uint32_t at = physical_page->first, valid = 0;
	int r = 0;

	for (uint32_t i = 0; i < physical_page->mappings;
		i++, at = bel_vm_next_mapping(vm, physical_page, at))
		valid += (vm->entry[at].bits & BEL_VM_VALID) != 0;
	bel_vm_tell(vm, BEL_VM_STEP_VICTIM, &vm->entry[at], physical_page->frame, valid);
	vm->tally.evictions++;
	for (uint32_t i = 0; i < physical_page->mappings;
		i++, at = bel_vm_next_mapping(vm, physical_page, at)) {
		if (vm->entry[at].bits & BEL_VM_VALID)
			bel_vm_process_of(vm, vm->entry[at].space)->evicted++;
		bel_vm_invalidate(vm, at);
	}
	physical_page->bits &= (uint8_t)~BEL_VM_PAGE_LOADED;
	if (dirty || physical_page->bits & BEL_VM_PAGE_STALE) {
		r = save(vm, number);
	} else {
		vm->tally.clean_drops++;
		bel_vm_tell(vm, BEL_VM_STEP_CLEAN_DROP, NULL, 0, 0);
	}
	physical_page->bits &= (uint8_t)~BEL_VM_PAGE_STALE;
	bel_vm_frame_give(vm, number);
	at = physical_page->first; /* its first entry before may be that of a process just killed */
	for (uint32_t i = 0; physical_page->slot && i < physical_page->mappings;
		i++, at = bel_vm_next_mapping(vm, physical_page, at))
		vm->entry[at].bits |= BEL_VM_SWAPPED;
	return r;
}

/*
 * The frames of a process go with it. Pages in them that other processes map are evicted: their
 * contents go to their file or to swap.
 */
static int uncharge(struct bel_vm *vm, struct bel_vm_frame_pool *pool)
{
	for (uint32_t number = 1; pool->loaded && number <= vm->physical_pages; number++) {
		struct bel_vm_physical_page *const physical_page = &vm->physical_page[number];

		if (!(physical_page->bits & BEL_VM_PAGE_LOADED) ||
			bel_vm_pool_of(vm, number) != pool)
			continue;
		pool->loaded--;
		if (bel_vm_evict(vm, number, bel_vm_physical_page_dirty(vm, number)) < 0)
			return BEL_FAIL;
	}
	return 0;
}

int bel_vm_end(struct bel_vm *vm, uint32_t number, enum bel_vm_end end)
{
	struct bel_vm_process *process = &vm->process[number];
	struct bel_vm_frame_pool *const pool = process->pool;
	const struct bel_vm_held before = bel_vm_held(vm);
	uint32_t space;
	int r = 0;

	if (process->end != BEL_VM_LIVES)
		return 0;
	space = process->space;
	process->end = (uint8_t)end;
	vm->living--;
	vm->tally.killed_fault += end == BEL_VM_SEGV;
	vm->tally.killed_memory += end == BEL_VM_OOM;
	bel_vm_space_end(vm, space);
	process->pool = NULL;
	if (pool) {
		r = uncharge(vm, pool);
		if (vm->pending_pool == pool)
			vm->pending_pool = NULL;
		bel_vm_frame_pool_retire(vm, pool);
		/* Its frames are divided before the next reference, not in the middle of a fault.
		 */
		vm->next_rebalance = vm->now;
	}
	if (vm->config.step && (end == BEL_VM_SEGV || end == BEL_VM_OOM))
		bel_vm_tell_returned(vm, space, (uint64_t)number + 1, before);
	return r;
}
