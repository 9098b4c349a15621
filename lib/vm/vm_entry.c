/* SPDX-License-Identifier: MIT */
/* vm_entry.c: page-table entries, the physical pages that they map, and frames. */
#include <stdlib.h>

#include "vm_machine.h"

/* Doubles an array of the machine. */
static int grow(struct bel_vm *vm, void *array, uint32_t *capacity, size_t width)
{
	const uint64_t wide = *capacity ? (uint64_t)*capacity * 2 : BEL_VM_ROOM;
	void *data;

	if (wide > UINT32_MAX)
		return bel_fail(vm->err, "the machine has more than 2^32 pages");
	data = reallocarray(*(void **)array, wide, width);
	if (!data)
		return bel_err_memory(vm->err, "the machine");
	*(void **)array = data;
	*capacity = (uint32_t)wide;
	return 0;
}

/* Whether the address fits in address_bits: as it is, or sign-extended like kernel addresses. */
static bool addressable(const struct bel_vm *vm, uint64_t vpn)
{
	const struct bel_vm_table_shape *const shape = &vm->config.tables;
	const unsigned bits = shape->address_bits - shape->page_bits;
	const uint64_t ones = UINT64_MAX >> shape->page_bits;

	return vpn >> bits == 0 || vpn >> (bits - 1) == ones >> (bits - 1);
}

int64_t bel_vm_entry_get(struct bel_vm *vm, uint32_t space, uint64_t vpn)
{
	uint32_t number = bel_hash_table_get(&vm->entry_at, vpn, space);

	if (number)
		return number;
	if (!addressable(vm, vpn))
		return bel_fail(vm->err, "address 0x%llx does not fit in %u bits",
			(unsigned long long)vpn << vm->config.tables.page_bits,
			vm->config.tables.address_bits);
	number = vm->entry_free;
	if (!number) {
		if (vm->entries + 1 >= vm->entry_capacity &&
			grow(vm, &vm->entry, &vm->entry_capacity, sizeof(*vm->entry)) < 0)
			return BEL_FAIL;
		number = vm->entries + 1;
	}
	if (bel_hash_table_set(&vm->entry_at, vpn, space, number, vm->err) < 0)
		return BEL_FAIL;
	if (vm->entry_free)
		vm->entry_free = vm->entry[number].below;
	else
		vm->entries++;
	vm->entry[number] = (struct bel_vm_entry){
		.vpn = vpn,
		.space = space,
		.below = vm->space[space].first,
	};
	vm->space[space].first = number;
	vm->space[space].entries++;
	return number;
}

int64_t bel_vm_physical_page_new(struct bel_vm *vm, uint32_t file, uint64_t offset, unsigned bits)
{
	uint32_t number;

	if (vm->physical_pages + 1 >= vm->physical_page_capacity &&
		grow(vm, &vm->physical_page, &vm->physical_page_capacity,
			sizeof(*vm->physical_page)) < 0)
		return BEL_FAIL;
	number = ++vm->physical_pages;
	vm->physical_page[number] = (struct bel_vm_physical_page){
		.file = file,
		.offset = offset,
		.bits = (uint8_t)bits,
	};
	if (file && bel_hash_table_set(&vm->physical_page_at, offset, file, number, vm->err) < 0)
		return BEL_FAIL;
	return number;
}

bool bel_vm_physical_page_dirty(const struct bel_vm *vm, uint32_t number)
{
	const struct bel_vm_physical_page *const physical_page = &vm->physical_page[number];
	const uint8_t *state;
	uint32_t pages;

	if (!(physical_page->bits & BEL_VM_PAGE_LOADED))
		return false;
	if (!physical_page->pool->sim) {
		uint32_t at = physical_page->first;

		/* Without a policy only the entries know. */
		for (uint32_t i = 0; i < physical_page->mappings; i++, at = vm->entry[at].next)
			if (vm->entry[at].bits & BEL_VM_DIRTY)
				return true;
		return false;
	}
	state = bel_sim_state(physical_page->pool->sim, &pages);
	return state[number] & BEL_PAGE_DIRTY;
}

/* A loaded physical page leaves, though its policy did not evict it. Whether it was dirty. */
static bool unload(struct bel_vm *vm, uint32_t number)
{
	struct bel_vm_physical_page *const physical_page = &vm->physical_page[number];
	const bool dirty = bel_vm_physical_page_dirty(vm, number);

	if (physical_page->pool->sim)
		bel_sim_drop(physical_page->pool->sim, number);
	physical_page->pool->loaded--;
	physical_page->bits &= (uint8_t)~BEL_VM_PAGE_LOADED;
	bel_vm_frame_give(vm, number);
	return dirty;
}

/* Its last entry is gone: frees its frame and its slot. */
static void physical_page_end(struct bel_vm *vm, uint32_t number)
{
	struct bel_vm_physical_page *const physical_page = &vm->physical_page[number];

	if (physical_page->bits & BEL_VM_PAGE_LOADED && unload(vm, number) &&
		physical_page->bits & BEL_VM_PAGE_FILE)
		vm->tally.file_writes++;
	if (physical_page->slot)
		bel_vm_swap_free(&vm->swap, physical_page->slot);
	physical_page->slot = 0;
	if (physical_page->file)
		bel_hash_table_delete(
			&vm->physical_page_at, physical_page->offset, physical_page->file);
}

int bel_vm_attach(struct bel_vm *vm, uint32_t number, uint32_t to)
{
	struct bel_vm_entry *const entry = &vm->entry[number];
	struct bel_vm_physical_page *const physical_page = &vm->physical_page[to];

	if (bel_vm_table_add(&vm->table, entry->space, entry->vpn, vm->err) < 0)
		return BEL_FAIL;
	entry->physical_page = to;
	if (physical_page->mappings++) {
		struct bel_vm_entry *const first = &vm->entry[physical_page->first];

		entry->next = physical_page->first;
		entry->prev = first->prev;
		vm->entry[first->prev].next = number;
		first->prev = number;
	} else {
		entry->next = number;
		entry->prev = number;
		physical_page->first = number;
	}
	bel_vm_process_of(vm, entry->space)->pages++;
	return 0;
}

void bel_vm_detach(struct bel_vm *vm, uint32_t number)
{
	struct bel_vm_entry *const entry = &vm->entry[number];
	const uint32_t from = entry->physical_page;
	struct bel_vm_physical_page *physical_page;

	if (!from)
		return;
	physical_page = &vm->physical_page[from];
	bel_vm_invalidate(vm, number);
	vm->entry[entry->prev].next = entry->next;
	vm->entry[entry->next].prev = entry->prev;
	if (physical_page->first == number)
		physical_page->first = entry->next;
	entry->physical_page = 0;
	entry->bits = 0;
	bel_vm_table_remove(&vm->table, entry->space, entry->vpn);
	bel_vm_process_of(vm, entry->space)->pages--;
	if (--physical_page->mappings == 0)
		physical_page_end(vm, from);
}

int bel_vm_validate(struct bel_vm *vm, uint32_t number, unsigned bits)
{
	struct bel_vm_entry *const entry = &vm->entry[number];
	struct bel_vm_process *const process = bel_vm_process_of(vm, entry->space);

	if (!(entry->bits & BEL_VM_VALID)) {
		if (bel_vm_table_chain(&vm->table, number, entry->space, entry->vpn, vm->err) < 0)
			return BEL_FAIL;
		vm->tally.valid++;
		if (++process->valid > process->peak_valid)
			process->peak_valid = process->valid;
	}
	entry->bits = (uint8_t)((entry->bits & ~BEL_VM_SWAPPED) | bits | BEL_VM_VALID);
	return 0;
}

void bel_vm_invalidate(struct bel_vm *vm, uint32_t number)
{
	struct bel_vm_entry *const entry = &vm->entry[number];

	if (!(entry->bits & BEL_VM_VALID))
		return;
	bel_vm_tlb_shootdown(&vm->tlb, number, entry->vpn);
	bel_vm_table_unchain(&vm->table, number, entry->space, entry->vpn);
	entry->bits &= (uint8_t) ~(BEL_VM_VALID | BEL_VM_WRITABLE | BEL_VM_DIRTY | BEL_VM_ACCESSED);
	vm->tally.valid--;
	bel_vm_process_of(vm, entry->space)->valid--;
}

void bel_vm_space_clear(struct bel_vm *vm, uint32_t number)
{
	struct bel_vm_space *const space = &vm->space[number];
	uint32_t next;

	for (uint32_t at = space->first; at; at = next) {
		next = vm->entry[at].below;
		bel_vm_detach(vm, at);
		bel_hash_table_delete(&vm->entry_at, vm->entry[at].vpn, number);
		vm->entry[at].below = vm->entry_free;
		vm->entry_free = at;
	}
	space->first = 0;
	space->entries = 0;
	bel_address_map_release(&space->regions);
}

int bel_vm_frame_take(struct bel_vm *vm, uint32_t physical_page)
{
	uint32_t frame = vm->frame_free;

	if (frame) {
		vm->frame_free = vm->frame[frame];
	} else {
		if (vm->frames_made + 1 >= vm->frame_capacity &&
			grow(vm, &vm->frame, &vm->frame_capacity, sizeof(*vm->frame)) < 0)
			return BEL_FAIL;
		frame = ++vm->frames_made;
	}
	vm->frame[frame] = physical_page;
	vm->physical_page[physical_page].frame = frame;
	if (++vm->tally.frames_used > vm->tally.frames_peak)
		vm->tally.frames_peak = vm->tally.frames_used;
	return 0;
}

void bel_vm_frame_give(struct bel_vm *vm, uint32_t physical_page)
{
	const uint32_t frame = vm->physical_page[physical_page].frame;

	if (!frame)
		return;
	vm->frame[frame] = vm->frame_free;
	vm->frame_free = frame;
	vm->physical_page[physical_page].frame = 0;
	vm->tally.frames_used--;
}
