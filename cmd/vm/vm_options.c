/* SPDX-License-Identifier: MIT */
/* vm_options.c: checks the options of virtual-memory machines. */
#include "vm_options.h"

#include <stdlib.h>
#include <string.h>

#include "number.h"
#include "policy_options.h"
#include "pool.h"
#include "temp_folder.h"

size_t vm_options_setup(
	struct tool *tool, const struct vm_options *options, struct bel_machines_setup *setup)
{
	struct bel_policy_spec *specs;
	size_t refused;

	*setup = (struct bel_machines_setup){
		.pass =
			{
				.threads = options->jobs ? (unsigned)options->jobs
							 : bel_pool_processors(),
				.keep = {.memory = options->memory, .dir = temp_folder(TEMP_LARGE)},
			},
	};
	refused = policies_parse(tool, options->policies, &specs, &setup->spec_count);
	setup->specs = specs;
	tool_check(tool, bel_machines_setup_fill(setup, options, &tool->err));
	return refused;
}

char **vm_options_paths(struct tool *tool, const struct vm_options *options, size_t *count)
{
	char *copy = options->mix ? strdup(options->mix) : NULL, *at = copy;
	char **paths;

	*count = tool->count ? (size_t)tool->count : 1;
	if (!options->mix && tool->count)
		return tool->operands;
	if (tool->count)
		tool_usage(tool, "--mix: unexpected operand '%s'; --mix names all traces",
			tool->operands[0]);
	paths = calloc(VM_MIXED_MAX, sizeof(*paths));
	if (!paths || (options->mix && !copy))
		tool_no_memory(tool, "the traces' names");
	if (!options->mix) {
		paths[0] = strdup("-"); /* standard input */
		if (!paths[0])
			tool_no_memory(tool, "the traces' names");
		return paths;
	}
	for (*count = 0; at && *count < VM_MIXED_MAX; ++*count)
		paths[*count] = strsep(&at, ",");
	if (at)
		tool_usage(tool, "--mix: give at most %d traces", VM_MIXED_MAX);
	return paths;
}

void vm_options_paths_free(const struct tool *tool, char **paths)
{
	if (paths == tool->operands)
		return;
	free(paths[0]); /* with --mix, the copy of the list that all names point into */
	free(paths);
}

uint64_t *vm_options_degrees(struct tool *tool, const struct vm_options *options,
	char *const *paths, size_t path_count, size_t *count)
{
	uint64_t *degrees = NULL;

	*count = 0;
	if (!options->degree && !options->mix)
		return NULL;
	if (!options->degree) {
		degrees = calloc(1, sizeof(*degrees));
		if (!degrees)
			tool_no_memory(tool, "--mix");
		*degrees = path_count;
		*count = 1;
		return degrees;
	}
	tool_check(
		tool, bel_parse_counts(options->degree, "--degree", &degrees, count, &tool->err));
	for (size_t i = 0; i < *count; i++) {
		if (degrees[i] > VM_MIXED_MAX)
			tool_usage(tool, "--degree: must be at most %d", VM_MIXED_MAX);
		if (degrees[i] > path_count && !strcmp(paths[0], "-"))
			tool_usage(tool, "--degree: standard input can be read only once; give a "
					 "file");
	}
	return degrees;
}
