/* SPDX-License-Identifier: MIT */
/* vm_state.c: what the machine holds at the moment. */
#include "vm_state.h"

#include <stdlib.h>

#include "vm_machine.h"

static struct bel_vm_view view_page(const struct bel_vm *vm, uint32_t physical_page)
{
	const struct bel_vm_physical_page *const page = &vm->physical_page[physical_page];
	const struct bel_vm_entry *const entry = &vm->entry[page->first];

	return (struct bel_vm_view){
		.process = vm->space[entry->space].process,
		.vpn = bel_vm_vpn(entry),
		.mappings = page->mappings,
		.frame = page->frame - 1,
		.slot = page->slot,
		.file = page->bits & BEL_VM_PAGE_FILE
				? vm->files.name[vm->file_page[physical_page].file - 1].text
				: NULL,
	};
}

static struct bel_vm_view view_entry(const struct bel_vm *vm, uint32_t number)
{
	const struct bel_vm_entry *const entry = &vm->entry[number];
	struct bel_vm_view view = view_page(vm, entry->physical_page);

	view.process = vm->space[entry->space].process;
	view.vpn = bel_vm_vpn(entry);
	view.bits = entry->bits;
	return view;
}

void bel_vm_each_frame(const struct bel_vm *vm, bel_vm_view_act *act, void *host)
{
	for (uint32_t frame = 1; frame <= vm->frames_made; frame++) {
		const uint32_t number = vm->frame[frame];
		const struct bel_vm_physical_page *page = &vm->physical_page[number];
		struct bel_vm_view view;
		uint32_t at;

		if (page->frame != frame) /* it is free */
			continue;
		view = view_page(vm, number);
		view.number = frame - 1;
		at = page->first;
		for (uint32_t i = 0; i < page->mappings;
			i++, at = bel_vm_next_mapping(vm, page, at))
			view.bits |= vm->entry[at].bits;
		act(host, &view);
	}
}

void bel_vm_each_slot(const struct bel_vm *vm, bel_vm_view_act *act, void *host)
{
	for (uint32_t slot = 1; slot <= vm->swap.made; slot++) {
		const uint32_t owner = vm->swap.owner[slot];
		struct bel_vm_view view;

		if (!owner || owner > vm->physical_pages || vm->physical_page[owner].slot != slot)
			continue;
		view = view_page(vm, owner);
		view.number = slot;
		act(host, &view);
	}
}

static int by_vpn(const void *a, const void *b, void *host)
{
	const struct bel_vm *const vm = host;
	const uint64_t x = bel_vm_vpn(&vm->entry[*(const uint32_t *)a]);
	const uint64_t y = bel_vm_vpn(&vm->entry[*(const uint32_t *)b]);

	return x < y ? -1 : x > y;
}

int bel_vm_each_entry(const struct bel_vm *vm, uint32_t process, bel_vm_view_act *act, void *host,
	struct bel_err *err)
{
	const struct bel_vm_space *const space = &vm->space[vm->process[process].space];
	uint32_t *const number = calloc((size_t)space->entries + 1, sizeof(*number));
	size_t count = 0;

	if (!number)
		return bel_err_memory(err, "the page table");
	for (uint32_t at = space->first; at; at = vm->below[at])
		if (vm->entry[at].physical_page)
			number[count++] = at;
	qsort_r(number, count, sizeof(*number), by_vpn, (void *)vm);
	for (size_t i = 0; i < count; i++) {
		const struct bel_vm_view view = view_entry(vm, number[i]);

		act(host, &view);
	}
	free(number);
	return 0;
}

void bel_vm_each_tlb(const struct bel_vm *vm, bel_vm_view_act *act, void *host)
{
	for (int part = 0; part < BEL_VM_TLB_PARTS; part++) {
		const struct bel_vm_tlb_buffer *const buffer = &vm->tlb.part[part];

		for (uint32_t i = 0; i < buffer->entries; i++) {
			struct bel_vm_view view;

			if (!buffer->tag[i])
				continue;
			view = view_entry(vm, buffer->tag[i]);
			view.number = part == BEL_VM_TLB_SECOND ? 2 : 1;
			view.fetch = part == BEL_VM_TLB_FETCH;
			act(host, &view);
		}
	}
}

uint32_t bel_vm_space_process(const struct bel_vm *vm, uint32_t space)
{
	return space < vm->spaces && vm->space[space].known ? vm->space[space].process : UINT32_MAX;
}

unsigned bel_vm_region_kind(const struct bel_vm *vm, uint32_t space, uint64_t address)
{
	const struct bel_region *const region =
		bel_address_map_find(&vm->space[space].regions, address);

	return region && region->start <= address ? region->kind : BEL_REGIONS;
}
