/* SPDX-License-Identifier: MIT */
/* vm_check.c: whether frames, tables, TLBs, mappings and swap slots are consistent. */
#include <stdlib.h>

#include "vm_machine.h"

/* Counted again, from the physical pages and the entries. */
struct count {
	uint64_t valid, frames, slots, mapped, loaded, living;
};

static int check_physical_page(
	const struct bel_vm *vm, uint32_t number, struct count *count, struct bel_err *err)
{
	const struct bel_vm_physical_page *const physical_page = &vm->physical_page[number];
	uint32_t at = physical_page->first;

	if (!physical_page->mappings && (physical_page->frame || physical_page->slot))
		return bel_fail(err, "page %u has no mapping, but a frame or a slot", number);
	for (uint32_t i = 0; i < physical_page->mappings;
		i++, at = bel_vm_next_mapping(vm, physical_page, at)) {
		if (vm->entry[at].physical_page != number)
			return bel_fail(
				err, "page %u: its ring has an entry of another page", number);
		if (vm->entry[at].bits & BEL_VM_VALID && !physical_page->frame)
			return bel_fail(err, "page %u has a valid entry, but no frame", number);
		if (physical_page->mappings > 1 && vm->ring[vm->ring[at].next].prev != at)
			return bel_fail(err, "page %u: its ring of entries is broken", number);
	}
	if (physical_page->mappings && at != physical_page->first)
		return bel_fail(err, "page %u has more mappings than it counts", number);
	if (physical_page->frame && vm->frame[physical_page->frame] != number)
		return bel_fail(
			err, "frame %u does not hold page %u", physical_page->frame, number);
	if (physical_page->slot && vm->swap.owner[physical_page->slot] != number)
		return bel_fail(err, "slot %u does not hold page %u", physical_page->slot, number);
	if (!physical_page->frame != !(physical_page->bits & BEL_VM_PAGE_LOADED))
		return bel_fail(err,
			"page %u is loaded without a frame, or has one without being loaded",
			number);
	count->frames += physical_page->frame != 0;
	count->slots += physical_page->slot != 0;
	count->mapped += physical_page->mappings;
	count->loaded += (physical_page->bits & BEL_VM_PAGE_LOADED) != 0;
	return 0;
}

static int check_space(
	const struct bel_vm *vm, uint32_t number, struct count *count, struct bel_err *err)
{
	const struct bel_vm_space *const space = &vm->space[number];
	uint64_t valid = 0, pages = 0, entries = 0;

	if (!space->alive) {
		if (space->first || space->regions.count)
			return bel_fail(err,
				"address space %u has ended, but has entries or regions", number);
		return 0;
	}
	for (uint32_t at = space->first; at; at = vm->below[at], entries++) {
		const struct bel_vm_entry *const entry = &vm->entry[at];

		if (entry->space != number)
			return bel_fail(
				err, "address space %u lists an entry of another space", number);
		valid += entry->bits & BEL_VM_VALID;
		pages += entry->physical_page != 0;
		if (!(entry->bits & BEL_VM_VALID) &&
			bel_vm_tlb_holds(&vm->tlb, at, bel_vm_vpn(entry)))
			return bel_fail(err, "a TLB holds page 0x%llx, which is not valid",
				(unsigned long long)bel_vm_vpn(entry));
	}
	if (entries != space->entries || valid != vm->process[space->process].valid ||
		pages != vm->process[space->process].pages)
		return bel_fail(err, "the counts of process %u are wrong", space->process);
	count->valid += valid;
	count->living++;
	return 0;
}

/* The resident pages, as the policies' engines count them. */
static uint64_t resident(const struct bel_vm *vm)
{
	struct bel_tally tally;
	uint64_t sum = 0;

	if (vm->global) {
		if (!vm->global->sim)
			return vm->global->loaded;
		bel_sim_tally(vm->global->sim, &tally);
		return tally.resident;
	}
	for (uint32_t p = 0; p < vm->processes; p++) {
		const struct bel_vm_frame_pool *const pool = vm->process[p].pool;

		if (pool && pool->sim) {
			bel_sim_tally(pool->sim, &tally);
			sum += tally.resident;
		} else if (pool) {
			sum += pool->loaded;
		}
	}
	return sum;
}

int bel_vm_check(const struct bel_vm *vm, struct bel_err *err)
{
	struct count count = {.valid = 0};

	for (uint32_t number = 1; number <= vm->physical_pages; number++)
		if (check_physical_page(vm, number, &count, err) < 0)
			return BEL_FAIL;
	for (uint32_t number = 0; number < vm->spaces; number++)
		if (check_space(vm, number, &count, err) < 0)
			return BEL_FAIL;
	if (count.frames != vm->tally.frames_used)
		return bel_fail(err, "%llu frames are in use, not %llu",
			(unsigned long long)count.frames,
			(unsigned long long)vm->tally.frames_used);
	if (vm->config.frames && count.frames > vm->config.frames)
		return bel_fail(err, "%llu frames are in use, more than the machine has",
			(unsigned long long)count.frames);
	if (count.slots != vm->swap.used || count.slots > vm->swap.limit)
		return bel_fail(err, "%llu slots are in use, not %llu",
			(unsigned long long)count.slots, (unsigned long long)vm->swap.used);
	if (count.valid != vm->tally.valid)
		return bel_fail(err, "%llu entries are valid, not %llu",
			(unsigned long long)count.valid, (unsigned long long)vm->tally.valid);
	if (count.mapped != vm->table.entries)
		return bel_fail(err, "%llu entries are in use, not the %llu in the tables",
			(unsigned long long)count.mapped, (unsigned long long)vm->table.entries);
	if (count.living != vm->living)
		return bel_fail(err, "%llu processes live, not %u",
			(unsigned long long)count.living, vm->living);
	if (count.loaded != resident(vm))
		return bel_fail(err, "the policy holds %llu pages, not %llu",
			(unsigned long long)resident(vm), (unsigned long long)count.loaded);
	return 0;
}
