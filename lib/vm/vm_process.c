/* SPDX-License-Identifier: MIT */
/* vm_process.c: address spaces, and how processes start, fork and exec. */
#include <stdlib.h>
#include <string.h>

#include "vm_machine.h"

#define SPACES_AHEAD 4096    /* how far a new space number may lie above those seen */
#define PROCESSES_MAX 32768u /* living at once: the usual limit of process ids */

static int make_room(struct bel_vm *vm, uint32_t space)
{
	uint32_t capacity = vm->spaces;
	struct bel_vm_space *wide;

	if (space < vm->spaces)
		return 0;
	if (space - vm->spaces > SPACES_AHEAD)
		return bel_fail(vm->err,
			"address space %u: its number is more than %d above those before it", space,
			SPACES_AHEAD);
	while (capacity <= space)
		capacity = capacity < 16 ? 32 : capacity + capacity / 2;
	wide = reallocarray(vm->space, capacity, sizeof(*wide));
	if (!wide)
		return bel_err_memory(vm->err, "address spaces");
	memset(wide + vm->spaces, 0, (capacity - vm->spaces) * sizeof(*wide));
	vm->space = wide;
	vm->spaces = capacity;
	return 0;
}

static int64_t process_new(struct bel_vm *vm, uint32_t pid, uint32_t parent, const char *name)
{
	struct bel_vm_process *process;

	if (vm->processes == vm->process_capacity) {
		const uint32_t capacity = vm->process_capacity ? vm->process_capacity * 2 : 2;

		process = reallocarray(vm->process, capacity, sizeof(*process));
		if (!process)
			return bel_err_memory(vm->err, "processes");
		vm->process = process;
		vm->process_capacity = capacity;
	}
	process = &vm->process[vm->processes];
	*process = (struct bel_vm_process){.pid = pid, .parent = parent, .spaces = 1};
	process->name = name ? strdup(name) : NULL;
	if (name && !process->name)
		return bel_err_memory(vm->err, "processes");
	return vm->processes++;
}

/* Starts a space in a new process: 1, 0 if there are too many processes, or negative. */
static int begin(
	struct bel_vm *vm, uint32_t number, uint32_t pid, uint32_t parent, const char *name)
{
	struct bel_vm_space *space;
	int64_t process;

	if (make_room(vm, number) < 0)
		return BEL_FAIL;
	space = &vm->space[number];
	if (space->known)
		return bel_fail(vm->err, "address space %u begins twice", number);
	process = process_new(vm, pid, parent, name);
	if (process < 0)
		return BEL_FAIL;
	space->known = true;
	space->process = (uint32_t)process;
	vm->process[process].space = number;
	if (vm->living >= PROCESSES_MAX ||
		(vm->config.allocation && vm->config.frames && vm->living >= vm->config.frames)) {
		vm->process[process].end = BEL_VM_REFUSED;
		vm->tally.failed_forks++;
		return 0;
	}
	space->alive = true;
	vm->living++;
	return bel_vm_allocate_frames(vm) < 0 ? BEL_FAIL : 1;
}

int bel_vm_space_need(struct bel_vm *vm, uint32_t space)
{
	if (space < vm->spaces && vm->space[space].known)
		return 0;
	return begin(vm, space, 0, UINT32_MAX, NULL) < 0 ? BEL_FAIL : 0;
}

int bel_vm_start(struct bel_vm *vm, const struct bel_event *event)
{
	/* Other events of a space may come before the one that names its process. */
	if (event->space < vm->spaces && vm->space[event->space].known) {
		struct bel_vm_process *const process = bel_vm_process_of(vm, event->space);

		if (process->pid || process->name)
			return bel_fail(vm->err, "address space %u begins twice", event->space);
		process->pid = event->pid;
		process->name = event->name ? strdup(event->name) : NULL;
		return event->name && !process->name ? bel_err_memory(vm->err, "processes") : 0;
	}
	return begin(vm, event->space, event->pid, UINT32_MAX, event->name) < 0 ? BEL_FAIL : 0;
}

/* Copies an entry of the parent to the child. Private pages become copy-on-write in both. */
static int inherit(struct bel_vm *vm, uint32_t child, uint32_t number)
{
	struct bel_vm_entry *entry = &vm->entry[number];
	int64_t copy;

	if (!entry->physical_page)
		return 0;
	if (!(entry->bits & BEL_VM_SHARES)) {
		if (entry->bits & BEL_VM_WRITABLE)
			bel_vm_tlb_shootdown(&vm->tlb, number, bel_vm_vpn(entry));
		entry->bits = (uint8_t)((entry->bits & ~BEL_VM_WRITABLE) | BEL_VM_ON_WRITE);
	}
	copy = bel_vm_entry_get(vm, child, bel_vm_vpn(entry));
	if (copy < 0)
		return BEL_FAIL;
	entry = &vm->entry[number];
	if (bel_vm_attach(vm, (uint32_t)copy, entry->physical_page) < 0)
		return BEL_FAIL;
	vm->entry[copy].bits =
		(uint8_t)(entry->bits & ~(BEL_VM_VALID | BEL_VM_ACCESSED | BEL_VM_DIRTY));
	if (!(entry->bits & BEL_VM_VALID))
		return 0;
	return bel_vm_validate(vm, (uint32_t)copy, 0);
}

int bel_vm_fork(struct bel_vm *vm, const struct bel_event *event)
{
	uint32_t parent, at;
	const char *name;
	int r;

	if (event->other == event->space)
		return bel_fail(vm->err, "address space %u is forked from itself", event->space);
	if (bel_vm_space_need(vm, event->other) < 0)
		return BEL_FAIL;
	parent = vm->space[event->other].process;
	name = vm->process[parent].name;
	r = begin(vm, event->space, event->pid, parent, event->name ? event->name : name);
	/* A process that was killed cannot fork, whatever the trace says. */
	if (r > 0 && !vm->space[event->other].alive) {
		vm->tally.failed_forks++;
		return bel_vm_end(vm, vm->space[event->space].process, BEL_VM_REFUSED);
	}
	if (r <= 0 || !vm->space[event->space].alive)
		return r < 0 ? r : 0;
	vm->space[event->space].mapped = vm->space[event->other].mapped;
	if (bel_address_map_copy(&vm->space[event->space].regions, &vm->space[event->other].regions,
		    vm->err) < 0)
		return BEL_FAIL;
	for (at = vm->space[event->other].first; at; at = vm->below[at])
		if (inherit(vm, event->space, at) < 0)
			return BEL_FAIL;
	return 0;
}

int bel_vm_exec(struct bel_vm *vm, const struct bel_event *event)
{
	struct bel_vm_process *process;
	struct bel_vm_space *space;
	char *name = NULL;
	uint32_t number;

	if (event->other == event->space)
		return bel_fail(vm->err, "address space %u replaces itself", event->space);
	if (bel_vm_space_need(vm, event->other) < 0 || make_room(vm, event->space) < 0)
		return BEL_FAIL;
	space = &vm->space[event->space];
	if (space->known)
		return bel_fail(vm->err, "address space %u begins twice", event->space);
	if (event->name && !(name = strdup(event->name)))
		return bel_err_memory(vm->err, "processes");
	number = vm->space[event->other].process;
	process = &vm->process[number];
	space->known = true;
	space->process = number;
	if (!vm->space[event->other].alive) {
		free(name);
		return 0;
	}
	bel_vm_space_end(vm, event->other);
	space->alive = true;
	process->space = event->space;
	process->spaces++;
	if (name) {
		free(process->name);
		process->name = name;
	}
	return 0;
}
