/* SPDX-License-Identifier: MIT */
/*
 * vm_fault.c: the page fault handler. It checks whether the reference is allowed, finds or makes
 * the physical page, loads it into a frame, and counts the fault under its class.
 */
#include "vm_machine.h"

/* What the regions say about a page. */
struct answer {
	bool there, readable, writable, shared;
	bool origin;   /* first contents from a file */
	uint32_t file; /* all of the page is from this file or shared memory; 0: none */
	uint64_t offset;
};

/* A fault in progress. */
struct fault {
	uint32_t entry, info;
	uint64_t next;
	bool write;
	struct answer answer;
	enum bel_vm_fault class;
	bool classed;
};

/* Looks up the page's regions; a large page may lie in several. */
static void ask(const struct bel_vm *vm, const struct bel_vm_entry *entry, struct answer *answer)
{
	const struct bel_vm_space *const space = &vm->space[entry->space];
	const uint64_t start = bel_vm_vpn(entry) << vm->config.tables.page_bits;
	const uint64_t last = start + (vm->page_bytes - 1);
	const struct bel_region *region;
	unsigned count = 0;

	*answer = (struct answer){.there = false};
	if (!space->mapped) {
		answer->there = true;
		answer->readable = true;
		answer->writable = true;
		answer->origin = vm->config.from_file;
		return;
	}
	region = bel_address_map_find(&space->regions, start);
	for (; region && region->start <= last;
		region = bel_address_map_find(&space->regions, region->end)) {
		count++;
		answer->there = true;
		answer->readable |= (region->flags & BEL_MAP_RIGHTS) != 0;
		answer->writable |= (region->flags & BEL_MAP_WRITE) != 0;
		answer->shared |= (region->flags & BEL_MAP_SHARED) != 0;
		answer->origin |= (region->flags & BEL_MAP_FILE) != 0;
		answer->file = region->backing;
		answer->offset = region->offset + (start - region->start);
	}
	/* A page in several regions is no page of one file: it becomes an anonymous page. */
	if (count > 1) {
		answer->file = 0;
		answer->shared = false;
	}
}

int bel_vm_kill(struct bel_vm *vm, uint32_t number, uint64_t address)
{
	const struct bel_vm_entry *const entry = &vm->entry[number];
	struct bel_vm_process *const process = bel_vm_process_of(vm, entry->space);
	const struct bel_region *const region =
		bel_address_map_find(&vm->space[entry->space].regions, address);
	const bool there = region && region->start <= address;
	const enum bel_vm_fault class = there ? BEL_VM_NO_RIGHT : BEL_VM_NO_REGION;

	process->fatal_address = address;
	process->fatal_region = there ? region->kind : BEL_REGIONS;
	vm->tally.faults[class]++;
	process->faults[class]++;
	bel_vm_tell(vm, BEL_VM_STEP_SEGV, entry, 0, class);
	return bel_vm_end(vm, vm->space[entry->space].process, BEL_VM_SEGV);
}

/* Checks the rights: 1: allowed; 0: its process was killed; or negative. */
static int allow(struct bel_vm *vm, struct fault *fault)
{
	const struct bel_vm_entry *const entry = &vm->entry[fault->entry];
	struct bel_vm_process *const process = bel_vm_process_of(vm, entry->space);
	struct answer *const answer = &fault->answer;
	const struct bel_region *region;
	uint64_t address = bel_vm_vpn(entry) << vm->config.tables.page_bits;

	if (!answer->there && !vm->config.strict) {
		if (!entry->physical_page) {
			vm->tally.unknown_region++;
			process->unknown_region++;
			bel_vm_tell(vm, BEL_VM_STEP_UNKNOWN, entry, 0, 0);
		}
		answer->readable = true;
		answer->writable = true;
		return 1;
	}
	if (answer->there && answer->readable && (!fault->write || answer->writable))
		return 1;
	/* The trace has no byte in the page: reports the first one that has a region. */
	region = bel_address_map_find(&vm->space[entry->space].regions, address);
	if (answer->there && region && region->start > address)
		address = region->start;
	return bel_vm_kill(vm, fault->entry, address);
}

static void class_as(struct fault *fault, enum bel_vm_fault class)
{
	if (!fault->classed)
		fault->class = class;
	fault->classed = true;
}

/* The class of a fault by where the page's contents are. */
static enum bel_vm_fault source_class(
	const struct bel_vm_physical_page *physical_page, enum bel_vm_fault in_frame)
{
	if (physical_page->bits & BEL_VM_PAGE_LOADED)
		return in_frame;
	if (physical_page->slot)
		return BEL_VM_SWAP_READ;
	return physical_page->bits & BEL_VM_PAGE_ORIGIN ? BEL_VM_FILE_READ : BEL_VM_ZERO_FILL;
}

/* The entry has no physical page yet: finds or makes it, and maps it. */
static int first_touch(struct bel_vm *vm, struct fault *fault)
{
	const struct answer *const answer = &fault->answer;
	struct bel_vm_entry *entry;
	int64_t physical_page = 0;
	unsigned bits = answer->shared ? BEL_VM_SHARES : 0;

	if (answer->file) {
		physical_page =
			bel_hash_table_get(&vm->physical_page_at, answer->offset, answer->file);
		if (!physical_page)
			physical_page = bel_vm_physical_page_new(vm, answer->file, answer->offset,
				BEL_VM_PAGE_NAMED |
					(answer->origin ? BEL_VM_PAGE_FILE | BEL_VM_PAGE_ORIGIN
							: 0));
		if (!answer->shared)
			bits |= BEL_VM_ON_WRITE;
	} else {
		physical_page =
			bel_vm_physical_page_new(vm, 0, 0, answer->origin ? BEL_VM_PAGE_ORIGIN : 0);
	}
	if (physical_page < 0 || bel_vm_attach(vm, fault->entry, (uint32_t)physical_page) < 0)
		return BEL_FAIL;
	entry = &vm->entry[fault->entry];
	entry->bits = (uint8_t)bits;
	return 0;
}

/* A write to a copy-on-write page: makes a copy, unless no other entry maps the page. */
static int own_copy(struct bel_vm *vm, struct fault *fault)
{
	struct bel_vm_entry *entry = &vm->entry[fault->entry];
	const uint32_t from = entry->physical_page;
	const struct bel_vm_physical_page *const source = &vm->physical_page[from];
	int64_t physical_page;

	if (source->mappings == 1 && !(source->bits & BEL_VM_PAGE_FILE)) {
		entry->bits &= (uint8_t)~BEL_VM_ON_WRITE;
		return 0;
	}
	class_as(fault, source_class(source, BEL_VM_COPY));
	if (fault->class != BEL_VM_ZERO_FILL) {
		vm->tally.copies++;
		bel_vm_process_of(vm, entry->space)->copies++;
	}
	physical_page = bel_vm_physical_page_new(vm, 0, 0, 0);
	if (physical_page < 0)
		return BEL_FAIL;
	bel_vm_detach(vm, fault->entry);
	return bel_vm_attach(vm, fault->entry, (uint32_t)physical_page);
}

/* Counts the fault under its class, and the read that it takes. */
static void count(struct bel_vm *vm, const struct fault *fault)
{
	const struct bel_vm_entry *const entry = &vm->entry[fault->entry];

	vm->tally.faults[fault->class]++;
	bel_vm_process_of(vm, entry->space)->faults[fault->class]++;
	vm->tally.file_reads += fault->class == BEL_VM_FILE_READ;
	vm->swap.ins += fault->class == BEL_VM_SWAP_READ;
	bel_vm_tell(vm, BEL_VM_STEP_CLASS, entry, 0, fault->class);
}

/* Loads the physical page into a frame of the process's pool. */
static int bring_in(struct bel_vm *vm, struct fault *fault)
{
	const uint32_t space = vm->entry[fault->entry].space;
	const uint32_t number = vm->entry[fault->entry].physical_page;
	struct bel_vm_frame_pool *const pool =
		vm->global ? vm->global : bel_vm_process_of(vm, space)->pool;

	const uint64_t evictions = vm->tally.evictions;

	class_as(fault, source_class(&vm->physical_page[number], BEL_VM_IN_FRAME));
	count(vm, fault);
	if (bel_vm_load(vm, pool, number, fault->info, fault->next) < 0)
		return BEL_FAIL;
	if (!vm->space[space].alive) /* it was killed for memory itself */
		return 0;
	if (vm->tally.evictions == evictions)
		bel_vm_tell(vm, BEL_VM_STEP_FREE, &vm->entry[fault->entry],
			vm->physical_page[number].frame, 0);
	bel_vm_tell(vm, BEL_VM_STEP_LOAD, &vm->entry[fault->entry], vm->physical_page[number].frame,
		fault->class);
	return 1;
}

int bel_vm_fault(struct bel_vm *vm, uint32_t number, uint32_t info, uint64_t next)
{
	struct fault fault = {
		.entry = number, .info = info, .next = next, .write = info & BEL_RUN_WRITE};
	struct bel_vm_entry *entry = &vm->entry[number];
	const uint32_t space = entry->space;
	unsigned bits = BEL_VM_ACCESSED | (fault.write ? BEL_VM_DIRTY : 0);
	int r;

	bel_vm_tell(vm, BEL_VM_STEP_TRAP, entry, 0, 0);
	if (bel_vm_flush(vm) < 0)
		return BEL_FAIL;
	ask(vm, entry, &fault.answer);
	r = allow(vm, &fault);
	if (r <= 0)
		return r;
	if (!entry->physical_page && first_touch(vm, &fault) < 0)
		return BEL_FAIL;
	if (fault.write && entry->bits & BEL_VM_ON_WRITE && own_copy(vm, &fault) < 0)
		return BEL_FAIL;
	entry = &vm->entry[number];
	if (vm->physical_page[entry->physical_page].bits & BEL_VM_PAGE_LOADED) {
		class_as(&fault, entry->bits & BEL_VM_VALID ? BEL_VM_PROTECTION : BEL_VM_IN_FRAME);
		count(vm, &fault);
		r = bel_vm_push(vm, entry->physical_page, info, next) < 0 ? BEL_FAIL
									  : vm->space[space].alive;
	} else {
		r = bring_in(vm, &fault);
	}
	if (r <= 0)
		return r;
	entry = &vm->entry[number];
	if (fault.answer.writable && !(entry->bits & BEL_VM_ON_WRITE))
		bits |= BEL_VM_WRITABLE;
	if (bel_vm_validate(vm, number, bits) < 0)
		return BEL_FAIL;
	bel_vm_tell(vm, BEL_VM_STEP_ENTRY, entry, vm->physical_page[entry->physical_page].frame,
		entry->bits);
	return 1;
}
