/* SPDX-License-Identifier: MIT */
/*
 * machine_options.h: the options that describe virtual-memory machines, and what they mean.
 *
 *	struct vm_options vm = VM_OPTIONS_INIT;
 *	const struct bel_option options[] = {VM_OPTIONS(vm), ..., {0}};
 *	struct bel_machines_setup setup = {.specs = specs, .spec_count = count};
 *
 *	bel_machines_setup_fill(&setup, &vm, &err);
 *	...
 *	bel_machines_setup_release(&setup);
 */
#ifndef BEL_MACHINE_OPTIONS_H
#define BEL_MACHINE_OPTIONS_H

#include "machines.h"
#include "option_rows.h"

/* Texts are borrowed. Of `mix`, `degree`, `jobs` and `memory` the caller takes care. */
struct vm_options {
	const char *policies, *frames, *ram, *pages, *mix, *degree;
	uint64_t quantum, seed, jobs, memory;
	bool generic;
	struct bel_vm_options machine;
};

#define VM_OPTIONS_INIT                                                                            \
	{                                                                                          \
		.policies = "lru", .quantum = 100000, .seed = 1, .memory = (uint64_t)1 << 30,      \
		.machine = BEL_VM_OPTIONS_DEFAULT                                                  \
	}

/* clang-format off: rows of a table, not a block of statements */
#define VM_OPTIONS(O)                                                                              \
	BEL_OPTION_GROUP("what to compute"),                                                       \
		{"policies", 'p', "LIST",                                                          \
			"replacement policies, as in bel-sim (default lru); 'list' "               \
			"prints all",                                                              \
			BEL_OPT_TEXT, &(O).policies},                                              \
		{"frames", 'f', "LIST",                                                            \
			"frame counts: 8,16 4:64 4:256:*2, or unlimited (default 256)",            \
			BEL_OPT_TEXT, &(O).frames},                                                \
		RAM_OPTION((O).ram),                                                               \
		{"page-size", 0, "LIST",                                                           \
			"page sizes of 1KiB to 1GiB, one machine for each (default: "              \
			"the trace's own page size, else 4KiB)",                                   \
			BEL_OPT_TEXT, &(O).pages},                                                 \
		{"mix", 0, "LIST", "run these traces interleaved in one machine", BEL_OPT_TEXT,    \
			&(O).mix},                                                                 \
		{"quantum", 0, "N",                                                                \
			"references before the next trace of a mix runs (default 100000)",         \
			BEL_OPT_COUNT, &(O).quantum},                                              \
		{"degree", 0, "LIST",                                                              \
			"numbers of traces to run together, such as 1:8; traces are "              \
			"reused if there are too few (default: each trace once)",                  \
			BEL_OPT_TEXT, &(O).degree},                                                \
		INTERVAL_OPTION((O).machine.interval), SEED_OPTION((O).seed),                      \
		BEL_OPTION_GROUP("the machine"),                                                   \
		{"tables", 0, "KIND",                                                              \
			"page tables: flat, two-level, radix4, radix5 or inverted "                \
			"(default radix4)",                                                        \
			BEL_OPT_TEXT, &(O).machine.tables},                                        \
		{"address-bits", 0, "N",                                                           \
			"bits of an address, 16 to 57 (default: what the page tables "             \
			"translate)",                                                              \
			BEL_OPT_COUNT, &(O).machine.address_bits},                                 \
		{"tlb", 0, "LIST",                                                                 \
			"TLBs: ENTRIES[:WAYS], or i=, d= and l2=; lru, fifo or random; asid "      \
			"or flush; none (default i=64:8,d=64:4,l2=1536:12,lru,asid)",              \
			BEL_OPT_TEXT, &(O).machine.tlb},                                           \
		{"replacement", 0, "KIND",                                                         \
			"global, local:equal, local:proportional, "                                \
			"local:working-set or local:pff[=LOW:HIGH] (default global)",              \
			BEL_OPT_TEXT, &(O).machine.replacement},                                   \
		{"rebalance", 0, "N",                                                              \
			"references between two rebalances: new numbers of frames for each "       \
			"process, "                                                                \
			"if replacement is local (default 100000)",                                \
			BEL_OPT_NUMBER, &(O).machine.rebalance_interval},                          \
		{"watermarks", 0, "LOW:HIGH",                                                      \
			"free frames at which background reclaim starts and "                      \
			"stops",                                                                   \
			BEL_OPT_TEXT, &(O).machine.watermarks},                                    \
		{"swap", 0, "SIZE", "bytes of swap, none or unbounded (default unbounded)",        \
			BEL_OPT_TEXT, &(O).machine.swap},                                          \
		{"device", 0, "NAME", "hdd, sata-ssd, nvme or zram (default nvme)", BEL_OPT_TEXT,  \
			&(O).machine.device},                                                      \
		{"cost", 0, "LIST",                                                                \
			"costs in nanoseconds: KEY=NS,..., or a measured machine first (see "      \
			"bel-vm(1))",                                                              \
			BEL_OPT_TEXT, &(O).machine.cost},                                          \
		{"backing", 0, "KIND",                                                             \
			"what pages hold at first if no regions are known: zero or file (default " \
			"zero)",                                                                   \
			BEL_OPT_TEXT, &(O).machine.backing},                                       \
	{                                                                                          \
		"strict", 0, NULL, "make a reference outside any region a segmentation fault",     \
			BEL_OPT_FLAG, &(O).machine.strict                                          \
	}
/* clang-format on */

/*
 * Fills the setup from the options but for its pass, which stays as it is. Its policies, which are
 * set, become its own. To be released whatever the result; BEL_USAGE says what is wrong.
 */
int bel_machines_setup_fill(
	struct bel_machines_setup *setup, const struct vm_options *options, struct bel_err *err);
void bel_machines_setup_release(struct bel_machines_setup *setup);

#endif
