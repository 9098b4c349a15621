/* SPDX-License-Identifier: MIT */
/* vm_entry.c: page-table entries, the physical pages that they map, and frames. */
#include <stdlib.h>

#include "vm_machine.h"

/* Doubles an array of the machine until it has an element of this number. */
static int make_room(
	struct bel_vm *vm, void *array, uint32_t *capacity, size_t width, uint32_t number)
{
	uint64_t wide = *capacity ? (uint64_t)*capacity * 2 : BEL_VM_ROOM;
	void *data;

	if (number < *capacity)
		return 0;
	while (wide <= number)
		wide *= 2;
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
	uint32_t number = bel_vm_index_get(&vm->entry_at, vm->entry, vpn, space);

	if (number)
		return number;
	if (!addressable(vm, vpn))
		return bel_fail(vm->err,
			"address 0x%llx does not fit in %u bits: give --address-bits or other "
			"--tables",
			(unsigned long long)vpn << vm->config.tables.page_bits,
			vm->config.tables.address_bits);
	number = vm->entry_free ? vm->entry_free : vm->entries + 1;
	if (make_room(vm, &vm->entry, &vm->entry_capacity, sizeof(*vm->entry), number) < 0 ||
		make_room(vm, &vm->below, &vm->below_capacity, sizeof(*vm->below), number) < 0)
		return BEL_FAIL;
	vm->entry[number] = (struct bel_vm_entry){.number = vpn, .space = space};
	if (bel_vm_index_add(&vm->entry_at, vm->entry, number, vm->err) < 0)
		return BEL_FAIL;
	if (vm->entry_free)
		vm->entry_free = vm->below[number];
	else
		vm->entries++;
	vm->below[number] = vm->space[space].first;
	vm->space[space].first = number;
	vm->space[space].entries++;
	return number;
}

int64_t bel_vm_physical_page_new(struct bel_vm *vm, uint32_t file, uint64_t offset, unsigned bits)
{
	const uint32_t number = vm->physical_pages + 1;

	if (make_room(vm, &vm->physical_page, &vm->physical_page_capacity,
		    sizeof(*vm->physical_page), number) < 0)
		return BEL_FAIL;
	if (!vm->global && make_room(vm, &vm->pool_of, &vm->pool_of_capacity, sizeof(*vm->pool_of),
				   number) < 0)
		return BEL_FAIL;
	vm->physical_pages = number;
	vm->physical_page[number] = (struct bel_vm_physical_page){.bits = bits};
	if (!file)
		return number;
	if (make_room(vm, &vm->file_page, &vm->file_page_capacity, sizeof(*vm->file_page), number) <
			0 ||
		bel_hash_table_set(&vm->physical_page_at, offset, file, number, vm->err) < 0)
		return BEL_FAIL;
	vm->file_page[number] = (struct bel_vm_file_page){offset, file};
	return number;
}

bool bel_vm_physical_page_dirty(const struct bel_vm *vm, uint32_t number)
{
	const struct bel_vm_physical_page *const physical_page = &vm->physical_page[number];
	const struct bel_sim *sim;
	uint32_t pages;

	if (!(physical_page->bits & BEL_VM_PAGE_LOADED))
		return false;
	sim = bel_vm_pool_of(vm, number)->sim;
	if (!sim) {
		uint32_t at = physical_page->first;

		/* Without a policy only the entries know, and those that were invalidated. */
		if (physical_page->bits & BEL_VM_PAGE_STALE)
			return true;
		for (uint32_t i = 0; i < physical_page->mappings;
			i++, at = bel_vm_next_mapping(vm, physical_page, at))
			if (vm->entry[at].bits & BEL_VM_DIRTY)
				return true;
		return false;
	}
	return bel_sim_state(sim, &pages)[number] & BEL_PAGE_DIRTY;
}

/* A loaded physical page leaves, though its policy did not evict it. Whether it was dirty. */
static bool unload(struct bel_vm *vm, uint32_t number)
{
	struct bel_vm_physical_page *const physical_page = &vm->physical_page[number];
	struct bel_vm_frame_pool *const pool = bel_vm_pool_of(vm, number);
	const bool dirty = bel_vm_physical_page_dirty(vm, number);

	if (pool->sim)
		bel_sim_drop(pool->sim, number);
	pool->loaded--;
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
	if (physical_page->bits & BEL_VM_PAGE_NAMED)
		bel_hash_table_delete(&vm->physical_page_at, vm->file_page[number].offset,
			vm->file_page[number].file);
}

/* Puts an entry last into the ring of a physical page that another one maps already. */
static int enter_ring(struct bel_vm *vm, uint32_t number, const struct bel_vm_physical_page *page)
{
	const uint32_t first = page->first;
	uint32_t last;

	if (page->mappings == BEL_VM_MAPPINGS_MAX)
		return bel_fail(vm->err, "a page has more than %u mappings", BEL_VM_MAPPINGS_MAX);
	if (make_room(vm, &vm->ring, &vm->ring_capacity, sizeof(*vm->ring), vm->entries) < 0)
		return BEL_FAIL;
	last = page->mappings > 1 ? vm->ring[first].prev : first;
	vm->ring[number] = (struct bel_vm_ring){.next = first, .prev = last};
	vm->ring[last].next = number;
	vm->ring[first].prev = number;
	return 0;
}

static void leave_ring(struct bel_vm *vm, uint32_t number, struct bel_vm_physical_page *page)
{
	const struct bel_vm_ring at = vm->ring[number];

	vm->ring[at.prev].next = at.next;
	vm->ring[at.next].prev = at.prev;
	if (page->first == number)
		page->first = at.next;
}

int bel_vm_attach(struct bel_vm *vm, uint32_t number, uint32_t to)
{
	struct bel_vm_entry *const entry = &vm->entry[number];
	struct bel_vm_physical_page *const physical_page = &vm->physical_page[to];

	if (physical_page->mappings && enter_ring(vm, number, physical_page) < 0)
		return BEL_FAIL;
	if (bel_vm_table_add(&vm->table, entry->space, bel_vm_vpn(entry), vm->err) < 0)
		return BEL_FAIL;
	entry->physical_page = to;
	if (!physical_page->mappings++)
		physical_page->first = number;
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
	if (physical_page->mappings > 1)
		leave_ring(vm, number, physical_page);
	entry->physical_page = 0;
	entry->bits = 0;
	bel_vm_table_remove(&vm->table, entry->space, bel_vm_vpn(entry));
	bel_vm_process_of(vm, entry->space)->pages--;
	if (--physical_page->mappings == 0)
		physical_page_end(vm, from);
}

int bel_vm_validate(struct bel_vm *vm, uint32_t number, unsigned bits)
{
	struct bel_vm_entry *const entry = &vm->entry[number];
	struct bel_vm_process *const process = bel_vm_process_of(vm, entry->space);

	if (!(entry->bits & BEL_VM_VALID)) {
		if (bel_vm_table_chain(
			    &vm->table, number, entry->space, bel_vm_vpn(entry), vm->err) < 0)
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
	bel_vm_tlb_shootdown(&vm->tlb, number, bel_vm_vpn(entry));
	bel_vm_table_unchain(&vm->table, number, entry->space, bel_vm_vpn(entry));
	if (entry->bits & BEL_VM_DIRTY && vm->global && !vm->global->sim)
		vm->physical_page[entry->physical_page].bits |= BEL_VM_PAGE_STALE;
	entry->bits &= (uint8_t) ~(BEL_VM_VALID | BEL_VM_WRITABLE | BEL_VM_DIRTY | BEL_VM_ACCESSED);
	vm->tally.valid--;
	bel_vm_process_of(vm, entry->space)->valid--;
}

void bel_vm_space_clear(struct bel_vm *vm, uint32_t number)
{
	struct bel_vm_space *const space = &vm->space[number];
	uint32_t next;

	for (uint32_t at = space->first; at; at = next) {
		next = vm->below[at];
		bel_vm_detach(vm, at);
		bel_vm_index_remove(&vm->entry_at, vm->entry, at);
		vm->below[at] = vm->entry_free;
		vm->entry_free = at;
	}
	space->first = 0;
	space->entries = 0;
	bel_address_map_release(&space->regions);
}

int bel_vm_frame_take(struct bel_vm *vm, uint32_t physical_page)
{
	uint32_t frame;

	if (vm->free_frames) {
		frame = vm->free_frame[--vm->free_frames];
	} else {
		frame = vm->frames_made + 1;
		if (make_room(vm, &vm->frame, &vm->frame_capacity, sizeof(*vm->frame), frame) < 0 ||
			make_room(vm, &vm->free_frame, &vm->free_frame_capacity,
				sizeof(*vm->free_frame), frame) < 0)
			return BEL_FAIL;
		vm->frames_made = frame;
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
	vm->free_frame[vm->free_frames++] = frame;
	vm->physical_page[physical_page].frame = 0;
	vm->tally.frames_used--;
}
