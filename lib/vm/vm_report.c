/* SPDX-License-Identifier: MIT */
/* vm_report.c: what the machine counted, for whoever asks. */
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
		for (uint32_t i = 0; i < physical_page->mappings; i++, at = vm->entry[at].next)
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
	const uint32_t number = bel_hash_table_get(&vm->entry_at, vpn, space);
	const struct bel_vm_physical_page *physical_page;

	*mappings = 0;
	if (!number || !vm->entry[number].physical_page)
		return false;
	physical_page = &vm->physical_page[vm->entry[number].physical_page];
	*mappings = physical_page->mappings;
	*frame = physical_page->frame - 1;
	return vm->entry[number].bits & BEL_VM_VALID;
}
