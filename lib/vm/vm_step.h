/* SPDX-License-Identifier: MIT */
/*
 * vm_step.h: the steps of a translation, and the events, that the machine reports to its host.
 *
 * The steps of one reference follow its BEL_VM_STEP_REFERENCE. During the call, the host may look
 * at the machine (vm.h, vm_state.h) but not change it. lib/story puts the steps into words.
 */
#ifndef BEL_VM_STEP_H
#define BEL_VM_STEP_H

#include "vm.h"

enum bel_vm_step_type {
	BEL_VM_STEP_REFERENCE, /* to a page whose frame is not known yet; info: bel_run.info */
	BEL_VM_STEP_TLB_HIT,   /* info: level */
	BEL_VM_STEP_TLB_MISS,
	BEL_VM_STEP_WALK,    /* info: memory references */
	BEL_VM_STEP_FILL,    /* the translation enters a TLB; info: level */
	BEL_VM_STEP_INVALID, /* the entry's valid bit is clear; info: its bits */
	BEL_VM_STEP_DENIED,  /* the entry does not allow the write; info: its bits */
	BEL_VM_STEP_TRAP,
	BEL_VM_STEP_SEGV,     /* info: enum bel_vm_fault */
	BEL_VM_STEP_UNKNOWN,  /* in no known region, which was allowed */
	BEL_VM_STEP_CLASS,    /* info: enum bel_vm_fault */
	BEL_VM_STEP_VICTIM,   /* frame; info: valid entries that become invalid */
	BEL_VM_STEP_SWAP_OUT, /* info: slot */
	BEL_VM_STEP_FILE_WRITE,
	BEL_VM_STEP_CLEAN_DROP,
	BEL_VM_STEP_OOM,   /* info: index of the process that is killed */
	BEL_VM_STEP_FREE,  /* nothing had to leave: a frame was free; the frame */
	BEL_VM_STEP_LOAD,  /* frame; info: enum bel_vm_fault */
	BEL_VM_STEP_ENTRY, /* the entry becomes valid; info: its bits */
	BEL_VM_STEP_RESTART,
	BEL_VM_STEP_FRAME,    /* translation done: frame */
	BEL_VM_STEP_SWITCH,   /* another space runs; info: the one before */
	BEL_VM_STEP_FLUSH,    /* a switch empties the TLBs */
	BEL_VM_STEP_EVENT,    /* an event of the trace is next: `event` */
	BEL_VM_STEP_RETURNED, /* an event, or the end of a killed process (info: its index, plus
				 1), gave frames and slots back */
	BEL_VM_STEP_OVER,     /* the trace is over */
	BEL_VM_STEP_DEAD,     /* a reference of a dead process: not made; info: bel_run.info */
};

enum bel_vm_entry_bit {
	BEL_VM_VALID = 0x1,
	BEL_VM_WRITABLE = 0x2,
	BEL_VM_DIRTY = 0x4,
	BEL_VM_ACCESSED = 0x8,
	BEL_VM_SWAPPED = 0x10,  /* not in a frame, but in a swap slot */
	BEL_VM_ON_WRITE = 0x20, /* copied on write */
	BEL_VM_SHARES = 0x40,   /* of a shared mapping: a fork does not make it copy on write */
};

struct bel_vm_step {
	uint8_t type; /* enum bel_vm_step_type */
	uint32_t space, frame;
	uint64_t vpn, info, now;
	uint64_t address;              /* of the reference; if not known, that of its page */
	uint64_t frames, slots;        /* RETURNED: how many */
	const struct bel_event *event; /* EVENT: valid during the call */
	const struct bel_vm *vm;
};

#endif
