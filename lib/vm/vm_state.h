/* SPDX-License-Identifier: MIT */
/*
 * vm_state.h: what the machine holds at the moment, for people to look at: the translations in its
 * TLBs, page-table entries, frames and swap slots.
 *
 *	static void show(void *host, const struct bel_vm_view *view) { ... view->frame ... }
 *
 *	bel_vm_each_frame(vm, show, host);
 *
 * The views come in the order of their numbers. A view is valid during the call.
 */
#ifndef BEL_VM_STATE_H
#define BEL_VM_STATE_H

#include "vm_step.h"

/* A frame, slot, page-table entry or TLB entry, with the page that it holds. */
struct bel_vm_view {
	uint32_t number;   /* of the frame from 0, of the slot from 1, or the level of the TLB */
	uint32_t process;  /* index of a process that maps the page */
	uint32_t mappings; /* entries that map it; more than 1: shared */
	uint32_t frame;    /* from 0; UINT32_MAX: the page is in no frame */
	uint32_t slot;     /* from 1; 0: none */
	uint64_t vpn;
	unsigned bits;    /* enum bel_vm_entry_bit, of the entry; of a frame, of all its entries */
	const char *file; /* name of the file that the page is of; NULL: none */
	bool fetch;       /* the TLB for instruction fetches */
};

typedef void bel_vm_view_act(void *host, const struct bel_vm_view *view);

void bel_vm_each_frame(const struct bel_vm *vm, bel_vm_view_act *act, void *host);
void bel_vm_each_slot(const struct bel_vm *vm, bel_vm_view_act *act, void *host);
/* The entries of a process that have a page, by page number. BEL_FAIL: out of memory. */
int bel_vm_each_entry(const struct bel_vm *vm, uint32_t process, bel_vm_view_act *act, void *host,
	struct bel_err *err);
void bel_vm_each_tlb(const struct bel_vm *vm, bel_vm_view_act *act, void *host);

/* The index of the process of an address space. */
uint32_t bel_vm_space_process(const struct bel_vm *vm, uint32_t space);

/* The kind of the region that has the address, an enum bel_region_kind; BEL_REGIONS: none. */
unsigned bel_vm_region_kind(const struct bel_vm *vm, uint32_t space, uint64_t address);

#endif
