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

#include "machine_options.h"
#include "tool.h"

#define VM_MIXED_MAX 4096 /* traces at a time */

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
