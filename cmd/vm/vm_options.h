/* SPDX-License-Identifier: MIT */
/*
 * vm_options.h: the options that describe virtual-memory machines.
 *
 *	static struct vm_options vm = VM_OPTIONS_INIT;
 *	static const struct bel_option options[] = {VM_OPTIONS(vm), ..., {NULL}};
 *
 *	vm_options_setup(&tool, &vm, &setup);          -p list ends here
 *	...
 *	bel_machines_setup_release(&setup);
 *
 * Like all code in cmd, these functions print and exit.
 */
#ifndef BEL_VM_OPTIONS_H
#define BEL_VM_OPTIONS_H

#include "machine_options.h"
#include "tool.h"

#define VM_MIXED_MAX 4096 /* traces in one machine */

/*
 * Checks the options and fills the setup, except for its output. Returns the number of plug-ins
 * that cannot be used, like policies_parse().
 */
size_t vm_options_setup(
	struct tool *tool, const struct vm_options *options, struct bel_machines_setup *setup);

/* The traces to run: operands, the list of --mix, or standard input. */
char **vm_options_paths(struct tool *tool, const struct vm_options *options, size_t *count);

/* Frees the result of vm_options_paths(). */
void vm_options_paths_free(const struct tool *tool, char **paths);

/* The numbers of --degree: how many traces run together. No number: each trace runs alone. */
uint64_t *vm_options_degrees(struct tool *tool, const struct vm_options *options,
	char *const *paths, size_t path_count, size_t *count);

#endif
