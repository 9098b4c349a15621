/* SPDX-License-Identifier: MIT */
/* vm_step.c: reports the machine's steps to its host. */
#include "vm_step.h"

#include "vm_machine.h"

static struct bel_vm_step step_of(const struct bel_vm *vm, uint8_t type)
{
	return (struct bel_vm_step){
		.type = type,
		.space = vm->current,
		.now = vm->now,
		.address = vm->address,
		.vm = vm,
	};
}

void bel_vm_tell_host(struct bel_vm *vm, uint8_t type, const struct bel_vm_entry *entry,
	uint32_t frame, uint64_t info)
{
	struct bel_vm_step step = step_of(vm, type);

	if (entry) {
		step.space = entry->space;
		step.vpn = bel_vm_vpn(entry);
		if (!vm->config.addresses)
			step.address = step.vpn << vm->config.tables.page_bits;
	}
	step.frame = frame ? frame - 1 : 0;
	step.info = info;
	vm->config.step(vm->config.host, &step);
}

void bel_vm_tell_event(struct bel_vm *vm, const struct bel_event *event)
{
	struct bel_vm_step step = step_of(vm, BEL_VM_STEP_EVENT);

	step.event = event;
	step.space = event->space;
	vm->config.step(vm->config.host, &step);
}

void bel_vm_tell_dead(struct bel_vm *vm, uint32_t space, uint32_t page, uint32_t info)
{
	struct bel_vm_step step = step_of(vm, BEL_VM_STEP_DEAD);

	step.space = space;
	step.info = info;
	step.address = vm->granules.granule[page].number
		       << (vm->config.addresses ? 0 : vm->config.tables.page_bits);
	step.vpn = step.address >> vm->config.tables.page_bits;
	vm->config.step(vm->config.host, &step);
}

void bel_vm_tell_returned(
	struct bel_vm *vm, uint32_t space, uint64_t info, struct bel_vm_held before)
{
	struct bel_vm_step step = step_of(vm, BEL_VM_STEP_RETURNED);
	const struct bel_vm_held now = bel_vm_held(vm);

	step.space = space;
	step.info = info;
	step.frames = before.frames > now.frames ? before.frames - now.frames : 0;
	step.slots = before.slots > now.slots ? before.slots - now.slots : 0;
	vm->config.step(vm->config.host, &step);
}
