/* SPDX-License-Identifier: MIT */
/* vm_event.c: applies the trace's events to address spaces. */
#include <string.h>

#include "vm_machine.h"

/* A range of a space, and what happens to each entry of its pages. */
struct range {
	uint32_t space;
	uint64_t start, end; /* bytes */
	void (*act)(struct bel_vm *vm, uint32_t entry, const struct range *range);
};

static void act_on(struct bel_vm *vm, uint32_t number, const struct range *range)
{
	const struct bel_vm_entry *const entry = &vm->entry[number];
	const uint64_t first = range->start >> vm->config.tables.page_bits;
	const uint64_t last = (range->end - 1) >> vm->config.tables.page_bits;

	if (entry->physical_page && bel_vm_vpn(entry) >= first && bel_vm_vpn(entry) <= last)
		range->act(vm, number, range);
}

/* Looks at the range's pages or at the space's entries, whichever are fewer. */
static void each_entry(struct bel_vm *vm, const struct range *range)
{
	const struct bel_vm_space *const space = &vm->space[range->space];
	const unsigned bits = vm->config.tables.page_bits;

	if (range->end <= range->start)
		return;
	if (((range->end - 1) >> bits) - (range->start >> bits) < space->entries) {
		for (uint64_t vpn = range->start >> bits; vpn <= (range->end - 1) >> bits; vpn++) {
			const uint32_t number =
				bel_vm_index_get(&vm->entry_at, vm->entry, vpn, range->space);

			if (number)
				act_on(vm, number, range);
		}
		return;
	}
	for (uint32_t at = space->first; at; at = vm->below[at])
		act_on(vm, at, range);
}

/* Detaches a page if no region covers it any more. A large page may lie in several regions. */
static void forget_uncovered(struct bel_vm *vm, uint32_t number, const struct range *range)
{
	const uint64_t start = bel_vm_vpn(&vm->entry[number]) << vm->config.tables.page_bits;
	const struct bel_region *const region =
		bel_address_map_find(&vm->space[range->space].regions, start);

	if (!region || region->start > start + (vm->page_bytes - 1))
		bel_vm_detach(vm, number);
}

/* Detaches a page if all of it lies in the range. */
static void forget_whole(struct bel_vm *vm, uint32_t number, const struct range *range)
{
	const uint64_t start = bel_vm_vpn(&vm->entry[number]) << vm->config.tables.page_bits;

	if (start >= range->start && start + (vm->page_bytes - 1) < range->end)
		bel_vm_detach(vm, number);
}

/* Takes rights from the entry. The next reference faults and looks them up in the region. */
static void revoke(struct bel_vm *vm, uint32_t number, const struct range *range)
{
	const struct bel_vm_entry *const entry = &vm->entry[number];
	const uint64_t start = bel_vm_vpn(entry) << vm->config.tables.page_bits;
	const struct bel_region *const region =
		bel_address_map_find(&vm->space[range->space].regions, start);

	if (region && !(region->flags & BEL_MAP_RIGHTS))
		bel_vm_invalidate(vm, number);
	else if (entry->bits & BEL_VM_WRITABLE)
		bel_vm_tlb_shootdown(&vm->tlb, number, bel_vm_vpn(entry));
	vm->entry[number].bits &= (uint8_t)~BEL_VM_WRITABLE;
}

static int map(struct bel_vm *vm, const struct bel_event *event, uint64_t end)
{
	struct bel_vm_space *const space = &vm->space[event->space];
	struct bel_region region = {
		.start = event->start,
		.end = end,
		.offset = event->offset,
		.kind = event->region < BEL_REGIONS ? event->region : BEL_REGION_UNKNOWN,
		.flags = event->flags,
	};
	const struct range range = {event->space, event->start, end, forget_whole};

	if (event->flags & BEL_MAP_FILE && event->name) {
		if (bel_names_number(&vm->files, event->name, strlen(event->name), &region.backing,
			    vm->err) < 0)
			return BEL_FAIL;
		region.backing++;
	} else if (event->flags & BEL_MAP_SHARED && !(event->flags & BEL_MAP_FILE)) {
		/* A child finds the pages that its parent touches after the fork. */
		region.backing = UINT32_MAX - vm->shared_maps++;
	}
	/* If the first map event comes late, pages touched before it stay. */
	if (space->mapped)
		each_entry(vm, &range);
	space->mapped = true;
	return bel_address_map_put(&space->regions, &region, NULL, NULL, vm->err);
}

static int unmap(struct bel_vm *vm, uint32_t space, uint64_t start, uint64_t end)
{
	const struct range range = {space, start, end, forget_uncovered};

	if (bel_address_map_remove(&vm->space[space].regions, start, end, NULL, NULL, vm->err) < 0)
		return BEL_FAIL;
	each_entry(vm, &range);
	return 0;
}

/* The heap or stack grew or shrank: maps what it gained and unmaps what it lost. */
static int resize(struct bel_vm *vm, const struct bel_event *event, uint64_t end)
{
	struct bel_address_map *const regions = &vm->space[event->space].regions;
	const enum bel_region_kind kind =
		event->region < BEL_REGIONS ? event->region : BEL_REGION_UNKNOWN;
	const struct bel_region *const found =
		bel_address_map_near(regions, event->start, end, kind);
	struct bel_region region = {.kind = (uint8_t)kind, .flags = BEL_MAP_READ | BEL_MAP_WRITE};
	uint64_t was_start, was_end;

	if (found)
		region = *found;
	was_start = region.start;
	was_end = region.end;
	region.start = event->start;
	region.end = end;
	vm->space[event->space].mapped = true;
	if (bel_address_map_put(regions, &region, NULL, NULL, vm->err) < 0)
		return BEL_FAIL;
	if (was_start < event->start &&
		unmap(vm, event->space, was_start,
			was_end < event->start ? was_end : event->start) < 0)
		return BEL_FAIL;
	if (was_end > end &&
		unmap(vm, event->space, was_start > end ? was_start : end, was_end) < 0)
		return BEL_FAIL;
	return 0;
}

/* Moves the page of an entry to another address. */
static int move_entry(struct bel_vm *vm, uint32_t number, uint64_t to)
{
	const uint32_t physical_page = vm->entry[number].physical_page;
	const uint32_t space = vm->entry[number].space;
	const uint8_t keep =
		vm->entry[number].bits & (BEL_VM_ON_WRITE | BEL_VM_SHARES | BEL_VM_SWAPPED);
	const int64_t at = bel_vm_entry_get(vm, space, to);

	if (at < 0)
		return BEL_FAIL;
	bel_vm_detach(vm, (uint32_t)at);
	if (bel_vm_attach(vm, (uint32_t)at, physical_page) < 0)
		return BEL_FAIL;
	vm->entry[at].bits = keep;
	bel_vm_detach(vm, number);
	return 0;
}

static int move_entries(struct bel_vm *vm, const struct bel_event *event, uint64_t length)
{
	const unsigned bits = vm->config.tables.page_bits;
	const uint64_t first = event->value >> bits, to = event->start >> bits;
	uint64_t last;

	/* If the offsets in a page differ, pages cannot be moved: their contents are lost. */
	if ((event->value ^ event->start) & (vm->page_bytes - 1) || !length)
		return 0;
	last = (event->value + length - 1) >> bits;
	/* New entries come before `at` in the list, so the loop does not reach them. */
	for (uint32_t at = vm->space[event->space].first; at; at = vm->below[at]) {
		const uint64_t vpn = bel_vm_vpn(&vm->entry[at]);

		if (vm->entry[at].physical_page && vpn >= first && vpn <= last &&
			move_entry(vm, at, to + (vpn - first)) < 0)
			return BEL_FAIL;
	}
	return 0;
}

static int remap(struct bel_vm *vm, const struct bel_event *event, uint64_t end)
{
	struct bel_address_map *const regions = &vm->space[event->space].regions;
	const uint64_t old = event->value, old_length = event->offset;
	const uint64_t length = end - event->start < old_length ? end - event->start : old_length;
	const struct bel_region *const found = bel_address_map_find(regions, old);
	const struct range range = {event->space, old, old + old_length, forget_uncovered};
	struct bel_region region = {.kind = BEL_REGION_MMAP, .flags = BEL_MAP_READ | BEL_MAP_WRITE};

	if (old + old_length < old)
		return bel_fail(vm->err,
			"a remapped region of 0x%llx bytes at 0x%llx ends beyond the address space",
			(unsigned long long)old_length, (unsigned long long)old);
	if (found && found->start <= old) {
		region = *found;
		region.offset += old - found->start;
	}
	region.start = event->start;
	region.end = end;
	if (old != event->start && move_entries(vm, event, length) < 0)
		return BEL_FAIL;
	if (bel_address_map_remove(regions, old, old + old_length, NULL, NULL, vm->err) < 0)
		return BEL_FAIL;
	vm->space[event->space].mapped = true;
	if (bel_address_map_put(regions, &region, NULL, NULL, vm->err) < 0)
		return BEL_FAIL;
	each_entry(vm, &range);
	return 0;
}

static int change(struct bel_vm *vm, const struct bel_event *event)
{
	const uint64_t end = event->start + event->length;
	struct range range = {event->space, event->start, end, NULL};

	if (end < event->start)
		return bel_fail(vm->err,
			"a region of 0x%llx bytes at 0x%llx ends beyond the address space",
			(unsigned long long)event->length, (unsigned long long)event->start);
	switch (event->type) {
	case BEL_EVENT_MAP:
		return map(vm, event, end);
	case BEL_EVENT_UNMAP:
		return unmap(vm, event->space, event->start, end);
	case BEL_EVENT_GROW:
		return resize(vm, event, end);
	case BEL_EVENT_REMAP:
		return remap(vm, event, end);
	case BEL_EVENT_PROTECT:
		if (bel_address_map_protect(&vm->space[event->space].regions, event->start, end,
			    event->flags, vm->err) < 0)
			return BEL_FAIL;
		range.act = revoke;
		break;
	default:
		range.act = forget_whole;
		break;
	}
	each_entry(vm, &range);
	return 0;
}

static int apply(struct bel_vm *vm, const struct bel_event *event)
{
	switch (event->type) {
	case BEL_EVENT_START:
		return bel_vm_start(vm, event);
	case BEL_EVENT_FORK:
		return bel_vm_fork(vm, event);
	case BEL_EVENT_EXEC:
		return bel_vm_exec(vm, event);
	case BEL_EVENT_THREAD:
	case BEL_EVENT_THREAD_START:
	case BEL_EVENT_THREAD_EXIT:
	case BEL_EVENT_MARK:
	case BEL_EVENT_FRAME:
	case BEL_EVENT_STACK:
		return 0;
	case BEL_EVENT_EXIT:
	case BEL_EVENT_FAULT:
	case BEL_EVENT_MAP:
	case BEL_EVENT_UNMAP:
	case BEL_EVENT_PROTECT:
	case BEL_EVENT_GROW:
	case BEL_EVENT_REMAP:
	case BEL_EVENT_DISCARD:
		break;
	default:
		return bel_fail(vm->err, "unknown type of event: %u", event->type);
	}
	if (bel_vm_space_need(vm, event->space) < 0)
		return BEL_FAIL;
	if (!vm->space[event->space].alive)
		return 0;
	if (event->type == BEL_EVENT_FAULT) {
		vm->space[event->space].fails = true;
		vm->space[event->space].fails_at = event->start;
		return 0;
	}
	if (event->type != BEL_EVENT_EXIT)
		return change(vm, event);
	bel_vm_process_of(vm, event->space)->status = event->value;
	return bel_vm_end(vm, vm->space[event->space].process, BEL_VM_EXITED);
}

int bel_vm_event(struct bel_vm *vm, const struct bel_event *event)
{
	struct bel_vm_held before;
	int r;

	if (bel_vm_flush(vm) < 0)
		return BEL_FAIL;
	if (!vm->config.step)
		return apply(vm, event);
	before = bel_vm_held(vm);
	bel_vm_tell_event(vm, event);
	r = apply(vm, event);
	if (r >= 0)
		bel_vm_tell_returned(vm, event->space, 0, before);
	return r;
}
