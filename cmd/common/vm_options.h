/* SPDX-License-Identifier: MIT */
/*
 * vm_options.h: the options that describe virtual-memory machines, and what they mean.
 *
 *	static struct vm_options vm = VM_OPTIONS_INIT;
 *	static const struct bel_option options[] = {VM_OPTIONS(vm), ..., {NULL}};
 *
 *	vm_options_setup(&tool, &vm, &setup);          -p list ends here
 *	...
 *	vm_options_release(&setup);
 *
 * As everything in cmd/common, these functions print and exit.
 */
#ifndef BEL_VM_OPTIONS_H
#define BEL_VM_OPTIONS_H

#include "machines.h"
#include "tool.h"

#define VM_MIXED_MAX 4096 /* traces at a time */

struct vm_options {
	const char *policies, *frames, *pages, *mix, *degree;
	uint64_t ram, quantum, seed, jobs, memory;
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
	{"policies", 'p', "LIST", "replacement policies, as bel-sim takes them (default lru)",     \
		BEL_OPT_TEXT, &(O).policies},                                                      \
		{"frames", 'f', "LIST",                                                            \
			"frame counts: 8,16 4:64 4:256:*2, or unlimited\n(default 256)",           \
			BEL_OPT_TEXT, &(O).frames},                                                \
		{"ram", 'm', "SIZE", "bytes of memory instead: frames = SIZE / page size",         \
			BEL_OPT_COUNT, &(O).ram},                                                  \
		{"page-size", 0, "LIST",                                                           \
			"page sizes of 1KiB to 1GiB, a machine each\n"                             \
			"(default: as the trace was folded, else 4KiB)",                           \
			BEL_OPT_TEXT, &(O).pages},                                                 \
		{"tables", 0, "KIND",                                                              \
			"flat, two-level, radix4, radix5 or inverted\n(default radix4)",           \
			BEL_OPT_TEXT, &(O).machine.tables},                                        \
		{"address-bits", 0, "N", "16 to 57 (default: as the tables have)", BEL_OPT_NUMBER, \
			&(O).machine.address_bits},                                                \
		{"tlb", 0, "LIST",                                                                 \
			"ENTRIES[:WAYS], or i=, d= and l2=; lru, fifo, random;\nasid, flush; or "  \
			"none\n"                                                                   \
			"(default i=64:8,d=64:4,l2=1536:12,lru,asid)",                             \
			BEL_OPT_TEXT, &(O).machine.tlb},                                           \
		{"replacement", 0, "KIND",                                                         \
			"global, local:equal, local:proportional,\n"                               \
			"local:working-set, local:pff[=LOW:HIGH] (default global)",                \
			BEL_OPT_TEXT, &(O).machine.replacement},                                   \
		{"review", 0, "N",                                                                 \
			"references between rebalances of local allocations\n(default 100000)",    \
			BEL_OPT_NUMBER, &(O).machine.rebalance_interval},                          \
		{"watermarks", 0, "LOW:HIGH", "free frames that a background reclaimer keeps",     \
			BEL_OPT_TEXT, &(O).machine.watermarks},                                    \
		{"swap", 0, "SIZE", "bytes of swap, none or unbounded (default unbounded)",        \
			BEL_OPT_TEXT, &(O).machine.swap},                                          \
		{"device", 0, "NAME", "hdd, sata-ssd, nvme or zram (default nvme)", BEL_OPT_TEXT,  \
			&(O).machine.device},                                                      \
		{"cost", 0, "LIST", "KEY=NS,... of the cost model (see bel-vm(1))", BEL_OPT_TEXT,  \
			&(O).machine.cost},                                                        \
		{"backing", 0, "KIND",                                                             \
			"of pages where no regions are known: zero or file\n"                      \
			"(default zero)",                                                          \
			BEL_OPT_TEXT, &(O).machine.backing},                                       \
		{"strict", 0, NULL, "an address in no region is a segmentation fault",             \
			BEL_OPT_FLAG, &(O).machine.strict},                                        \
		{"mix", 0, "LIST", "interleave these traces in one machine", BEL_OPT_TEXT,         \
			&(O).mix},                                                                 \
		{"quantum", 0, "N",                                                                \
			"references until the next of them has its turn\n(default 100000)",        \
			BEL_OPT_COUNT, &(O).quantum},                                              \
		{"degree", 0, "LIST",                                                              \
			"so many traces at a time, over again if need be:\n"                       \
			"1:8 is a thrashing curve (default: each once)",                           \
			BEL_OPT_TEXT, &(O).degree},                                                \
		{"interval", 0, "N", "also a record for every N references", BEL_OPT_COUNT,        \
			&(O).machine.interval},                                                    \
		{"invariants", 0, NULL, "check the whole machine after every event and fault",     \
			BEL_OPT_FLAG, &(O).machine.invariants},                                    \
		{"seed", 0, "N", "for policies and TLBs that draw random numbers\n(default 1)",    \
			BEL_OPT_NUMBER, &(O).seed},                                                \
		{"jobs", 'j', "N", "threads (default: one a processor)", BEL_OPT_COUNT,            \
			&(O).jobs},                                                                \
		{"memory", 0, "SIZE",                                                              \
			"hold that much of the trace in memory when it must be\n"                  \
			"kept, the rest in $TMPDIR (default 1GiB)",                                \
			BEL_OPT_NUMBER, &(O).memory},                                              \
	{                                                                                          \
		"generic", 0, NULL, "run policies through their hooks, not their own loops",       \
			BEL_OPT_FLAG, &(O).generic                                                 \
	}
/* clang-format on */

/*
 * Checks the options and fills the setup but for what concerns output. Returns how many plug-ins
 * cannot be used, as policies_parse() does.
 */
size_t vm_options_setup(
	struct tool *tool, const struct vm_options *options, struct bel_machines_setup *setup);
void vm_options_release(struct bel_machines_setup *setup);

/* The traces to run: operands, the list of --mix, or standard input. Never freed. */
char **vm_options_paths(struct tool *tool, const struct vm_options *options, size_t *count);

/* Frees what vm_options_paths() gave. */
void vm_options_paths_free(const struct tool *tool, char **paths);

/* How many of them run at a time, one run after the other; none: each by itself. Never freed. */
uint64_t *vm_options_degrees(struct tool *tool, const struct vm_options *options,
	char *const *paths, size_t path_count, size_t *count);

#endif
