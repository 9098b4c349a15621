/* SPDX-License-Identifier: MIT */
/* vm_report.c: the counts of a machine. */
#include <stdlib.h>
#include <string.h>

#include "vm_machine.h"

const char *bel_vm_fault_name(enum bel_vm_fault fault)
{
	static const char *const name[] = {"zero_fill", "in_frame", "copy_on_write", "protection",
		"file_read", "swap_read", "no_region", "no_permission"};

	return (unsigned)fault < BEL_VM_FAULTS ? name[fault] : "unknown";
}

const struct bel_vm_tally *bel_vm_tally(const struct bel_vm *vm)
{
	return &vm->tally;
}

const struct bel_vm_tlb *bel_vm_tlb(const struct bel_vm *vm)
{
	return &vm->tlb;
}

const struct bel_vm_table *bel_vm_table(const struct bel_vm *vm)
{
	return &vm->table;
}

const struct bel_vm_swap *bel_vm_swap(const struct bel_vm *vm)
{
	return &vm->swap;
}

const struct bel_vm_config *bel_vm_config(const struct bel_vm *vm)
{
	return &vm->config;
}

const struct bel_vm_process *bel_vm_process(const struct bel_vm *vm, uint32_t index)
{
	return index < vm->processes ? &vm->process[index] : NULL;
}

int bel_vm_mark_add(struct bel_vm *vm, bool dead)
{
	const struct bel_vm_tally *const tally = &vm->tally;
	const uint64_t now = vm->now < vm->next_mark ? vm->now : vm->next_mark;
	/* The latest run may go on beyond the interval. */
	const uint64_t dead_later = dead ? vm->now - now : 0;
	struct bel_vm_mark *mark;

	if (vm->marks == vm->mark_capacity) {
		const size_t capacity = vm->mark_capacity ? vm->mark_capacity * 2 : 64;

		mark = reallocarray(vm->mark, capacity, sizeof(*mark));
		if (!mark)
			return bel_err_memory(vm->err, "intervals");
		vm->mark = mark;
		vm->mark_capacity = capacity;
	}
	mark = &vm->mark[vm->marks++];
	*mark = (struct bel_vm_mark){
		.now = now,
		.references = now - (tally->dead_process_references - dead_later),
		.tlb_misses = tally->lookups_missed,
		.walks = tally->walks,
		.writebacks = tally->writebacks,
		.swap_ins = vm->swap.ins,
		.swap_outs = vm->swap.outs,
		.frames_used = tally->frames_used,
		.valid = tally->valid,
		.swap_used = vm->swap.used,
		.processes = vm->living,
	};
	memcpy(mark->faults, tally->faults, sizeof(mark->faults));
	return 0;
}

const struct bel_vm_mark *bel_vm_marks(const struct bel_vm *vm, size_t *count)
{
	*count = vm->marks;
	return vm->mark;
}

struct bel_vm_work bel_vm_work(const struct bel_vm *vm)
{
	const struct bel_vm_tally *const tally = &vm->tally;
	struct bel_vm_work work = {
		.references = tally->references,
		.l2_lookups = vm->tlb.part[BEL_VM_TLB_SECOND].entries ? tally->lookups_missed : 0,
		.walk_references = tally->walk_references,
		.minor = bel_vm_minor(tally->faults),
		.major = bel_vm_major(tally->faults),
		.copies = tally->copies,
		.switches = tally->switches,
		.reads = tally->file_reads + vm->swap.ins,
		.writes = tally->file_writes + vm->swap.outs,
		.page_bytes = vm->page_bytes,
	};

	work.faults = work.minor + work.major + bel_vm_invalid(tally->faults);
	for (int i = 0; i < BEL_VM_TLB_PARTS; i++)
		work.shootdowns += vm->tlb.part[i].shootdowns;
	return work;
}

uint64_t bel_vm_pages(const struct bel_vm *vm)
{
	return vm->places;
}

void bel_vm_sharing(const struct bel_vm *vm, uint64_t *shared, uint64_t *idle)
{
	*shared = 0;
	*idle = 0;
	for (uint32_t number = 1; number <= vm->physical_pages; number++) {
		const struct bel_vm_physical_page *const physical_page = &vm->physical_page[number];
		uint32_t at = physical_page->first, valid = 0;

		if (!physical_page->frame)
			continue;
		for (uint32_t i = 0; i < physical_page->mappings;
			i++, at = bel_vm_next_mapping(vm, physical_page, at))
			valid += (vm->entry[at].bits & BEL_VM_VALID) != 0;
		*idle += valid == 0;
		*shared += valid ? valid - 1 : 0;
	}
}

uint64_t bel_vm_dirty(const struct bel_vm *vm)
{
	uint64_t dirty = 0;

	for (uint32_t number = 1; number <= vm->physical_pages; number++)
		dirty += bel_vm_physical_page_dirty(vm, number);
	return dirty;
}

bool bel_vm_frame(
	const struct bel_vm *vm, uint32_t space, uint64_t vpn, uint32_t *frame, uint32_t *mappings)
{
	const uint32_t number = bel_vm_index_get(&vm->entry_at, vm->entry, vpn, space);
	const struct bel_vm_physical_page *physical_page;

	*mappings = 0;
	if (!number || !vm->entry[number].physical_page)
		return false;
	physical_page = &vm->physical_page[vm->entry[number].physical_page];
	*mappings = physical_page->mappings;
	*frame = physical_page->frame - 1;
	return vm->entry[number].bits & BEL_VM_VALID;
}

/*
 * A page that several regions lie in counts once, for the first of them. Regions come in order of
 * addresses, so the bytes that none covers are gaps before a region and behind the last one, in
 * pages that are counted. Sums may wrap at the end of the address space; their difference does not.
 */
void bel_vm_space_fragmentation(const struct bel_vm *vm, const struct bel_vm_space *space,
	struct bel_vm_fragmentation *fragmentation)
{
	const struct bel_region *region = bel_address_map_find(&space->regions, 0);
	const unsigned bits = vm->config.tables.page_bits;
	struct bel_vm_fragmentation *owner = NULL; /* kind that page `last` counts for */
	uint64_t last = 0, covered = 0;            /* covered: up to this byte of it */

	for (; region; region = bel_address_map_find(&space->regions, region->end)) {
		struct bel_vm_fragmentation *const kind = &fragmentation[region->kind];
		const uint64_t first = region->start >> bits, to = (region->end - 1) >> bits;

		kind->regions++;
		kind->bytes += region->end - region->start;
		if (owner && first == last) {
			owner->internal_fragmentation_bytes += region->start - covered;
			kind->pages += to - first;
		} else {
			if (owner)
				owner->internal_fragmentation_bytes +=
					((last + 1) << bits) - covered;
			kind->internal_fragmentation_bytes += region->start - (first << bits);
			kind->pages += to - first + 1;
		}
		if (!owner || to > last)
			owner = kind;
		last = to;
		covered = region->end;
	}
	if (owner)
		owner->internal_fragmentation_bytes += ((last + 1) << bits) - covered;
}

void bel_vm_process_fragmentation(const struct bel_vm *vm, const struct bel_vm_process *process,
	struct bel_vm_fragmentation fragmentation[BEL_REGIONS])
{
	memcpy(fragmentation, process->fragmentation, sizeof(process->fragmentation));
	if (process->end == BEL_VM_LIVES)
		bel_vm_space_fragmentation(vm, &vm->space[process->space], fragmentation);
}

void bel_vm_fragmentation(
	const struct bel_vm *vm, struct bel_vm_fragmentation fragmentation[BEL_REGIONS])
{
	struct bel_vm_fragmentation one[BEL_REGIONS];

	memset(fragmentation, 0, BEL_REGIONS * sizeof(*fragmentation));
	for (uint32_t p = 0; p < vm->processes; p++) {
		bel_vm_process_fragmentation(vm, &vm->process[p], one);
		for (int k = 0; k < BEL_REGIONS; k++) {
			fragmentation[k].regions += one[k].regions;
			fragmentation[k].bytes += one[k].bytes;
			fragmentation[k].pages += one[k].pages;
			fragmentation[k].internal_fragmentation_bytes +=
				one[k].internal_fragmentation_bytes;
		}
	}
}
