/* SPDX-License-Identifier: MIT */
/*
 * vm_config.h: turns the description of a machine, as text, into a struct bel_vm_config.
 *
 *	struct bel_vm_options options = BEL_VM_OPTIONS_DEFAULT;
 *
 *	options.tlb = "i=64:8,d=64:4,l2=1536:12,lru,asid";
 *	if (bel_vm_configure(&options, 12, &config, &err) < 0) ...
 *
 * The caller fills in the policy, the number of frames, the seed and the callbacks.
 */
#ifndef BEL_VM_CONFIG_H
#define BEL_VM_CONFIG_H

#include "vm.h"

struct bel_vm_options {
	const char *tables; /* flat, two-level, radix4, radix5, inverted */
	const char *tlb;    /* ENTRIES[:WAYS], i=, d=, l2=, lru|fifo|random, asid|flush; none */
	const char *
		replacement; /* global, local:equal, :proportional, :working-set, :pff[=LOW:HIGH] */
	const char *watermarks;      /* LOW:HIGH in free frames; NULL: none */
	const char *swap;            /* a size, none, unbounded */
	const char *device;          /* a preset's name */
	const char *cost;            /* KEY=NS,...; NULL: the default model */
	const char *backing;         /* zero, file: first contents where no regions are known */
	uint64_t address_bits;       /* 0: what the tables translate */
	uint64_t rebalance_interval; /* references between rebalances */
	uint64_t interval;
	bool strict, invariants;
};

#define BEL_VM_OPTIONS_DEFAULT                                                                     \
	{                                                                                          \
		.tables = "radix4", .tlb = "i=64:8,d=64:4,l2=1536:12,lru,asid",                    \
		.replacement = "global", .swap = "unbounded", .device = "nvme", .backing = "zero", \
		.rebalance_interval = 100000                                                       \
	}

int bel_vm_configure(const struct bel_vm_options *options, unsigned page_bits,
	struct bel_vm_config *config, struct bel_err *err);

/* "global", "equal", "proportional", "working-set", "pff". */
const char *bel_vm_allocation_name(enum bel_vm_allocation allocation);
const char *bel_vm_tlb_order_name(enum bel_vm_tlb_order order);

#endif
