/* SPDX-License-Identifier: MIT */
/* vm_allocation.c: local replacement: how many frames each process gets. */
#include <stdlib.h>

#include "vm_machine.h"

/* How many frames a process asks for; depends on the kind of allocation. */
static uint64_t wish(const struct bel_vm *vm, const struct bel_vm_process *process)
{
	const uint64_t share = vm->config.frames / vm->living;
	const uint64_t has = process->allocated_frames;
	uint64_t references, faults = 0;
	double rate;

	switch (vm->config.allocation) {
	case BEL_VM_PROPORTIONAL:
		return process->pages + 1;
	case BEL_VM_WORKING_SET:
		return process->recent ? process->recent : share;
	case BEL_VM_FAULT_RATE:
		for (int f = 0; f < BEL_VM_FAULTS; f++)
			faults += process->faults[f];
		references = process->references - process->seen_refs;
		if (!has || !references)
			return has ? has : share;
		rate = (double)(faults - process->seen_faults) / (double)references;
		if (rate > vm->config.fault_rate_high)
			return has + has / 4 + 1;
		return rate < vm->config.fault_rate_low && has > 1 ? has - has / 8 - (has < 8)
								   : has;
	default:
		return 1;
	}
}

/*
 * Turns wishes in `frames` into frames. WORKING_SET and FAULT_RATE grant the wishes if there are
 * enough frames. Otherwise all frames are divided in proportion to the wishes.
 */
static void divide(const struct bel_vm *vm, uint64_t *frames, uint64_t wished)
{
	const uint64_t spare = vm->config.frames - vm->living; /* each gets one first */
	const bool enough =
		wished <= vm->config.frames && (vm->config.allocation == BEL_VM_WORKING_SET ||
						       vm->config.allocation == BEL_VM_FAULT_RATE);
	uint64_t given = 0;

	for (uint32_t p = 0; p < vm->processes; p++) {
		if (vm->process[p].end != BEL_VM_LIVES)
			continue;
		if (!enough)
			frames[p] =
				1 + (uint64_t)((double)spare * (double)frames[p] / (double)wished);
		else if (!frames[p])
			frames[p] = 1;
		given += frames[p];
	}
	/* Frames that rounding left over go to the oldest processes. */
	for (uint32_t p = 0; p < vm->processes && !enough && given < vm->config.frames; p++)
		if (vm->process[p].end == BEL_VM_LIVES) {
			frames[p]++;
			given++;
		}
}

static int apply(struct bel_vm *vm, const uint64_t *frames, bool shrink)
{
	for (uint32_t p = 0; p < vm->processes; p++) {
		struct bel_vm_process *const process = &vm->process[p];

		if (process->end != BEL_VM_LIVES || frames[p] == process->allocated_frames ||
			(frames[p] < process->allocated_frames) != shrink)
			continue;
		if (!process->pool)
			process->pool = bel_vm_frame_pool_new(vm, frames[p], p);
		else if (bel_vm_frame_pool_resize(vm, &process->pool, frames[p]) < 0)
			return BEL_FAIL;
		if (process->end == BEL_VM_LIVES && !process->pool)
			return BEL_FAIL;
		process->allocated_frames = frames[p];
	}
	return 0;
}

int bel_vm_allocate_frames(struct bel_vm *vm)
{
	uint64_t *frames, wished = 0;
	int r;

	if (!vm->config.allocation || !vm->living)
		return 0;
	if (bel_vm_flush(vm) < 0)
		return BEL_FAIL;
	frames = calloc(vm->processes, sizeof(*frames));
	if (!frames)
		return bel_err_memory(vm->err, "frame allocations");
	for (uint32_t p = 0; p < vm->processes; p++)
		if (vm->process[p].end == BEL_VM_LIVES) {
			frames[p] = wish(vm, &vm->process[p]);
			wished += frames[p];
		}
	divide(vm, frames, wished);
	vm->tally.rebalances++;
	r = apply(vm, frames, true);
	if (r == 0)
		r = apply(vm, frames, false);
	free(frames);
	return r;
}

int bel_vm_rebalance(struct bel_vm *vm)
{
	if (bel_vm_allocate_frames(vm) < 0)
		return BEL_FAIL;
	for (uint32_t p = 0; p < vm->processes; p++) {
		struct bel_vm_process *const process = &vm->process[p];

		process->recent = 0;
		process->seen_refs = process->references;
		process->seen_faults = 0;
		for (int f = 0; f < BEL_VM_FAULTS; f++)
			process->seen_faults += process->faults[f];
	}
	for (uint32_t number = 1; number <= vm->entries; number++)
		vm->entry[number].recent = 0;
	vm->next_rebalance = vm->now + vm->config.rebalance_interval;
	return 0;
}
