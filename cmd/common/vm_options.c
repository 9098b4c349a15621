/* SPDX-License-Identifier: MIT */
/* vm_options.c: the options of virtual-memory machines, checked. */
#include "vm_options.h"

#include <stdlib.h>
#include <string.h>

#include "number.h"
#include "policy_options.h"
#include "pool.h"
#include "temp_folder.h"

#define PAGE_SIZES 24

static int by_value(const void *left, const void *right)
{
	const unsigned *a = left, *b = right;

	return *a < *b ? -1 : *a > *b;
}

/* "2M,4k" as ascending logarithms, without doubles. */
static void parse_pages(struct tool *tool, const char *text, struct bel_machines_setup *setup)
{
	unsigned *bits = calloc(PAGE_SIZES, sizeof(*bits));
	char *copy = strdup(text), *at = copy, *item;
	size_t count = 0;

	if (!bits || !copy)
		tool_no_memory(tool, "--page-size");
	for (; (item = strsep(&at, ",")); count++) {
		if (count == PAGE_SIZES)
			tool_usage(tool, "--page-size: give at most %d sizes", PAGE_SIZES);
		tool_check(
			tool, bel_parse_page_size(item, "--page-size", &bits[count], &tool->err));
		if (bits[count] < 10 || bits[count] > 30)
			tool_usage(tool, "--page-size: must be 1 KiB to 1 GiB");
	}
	free(copy);
	qsort(bits, count, sizeof(*bits), by_value);
	for (size_t i = 0; i < count; i++)
		if (!i || bits[i] != bits[setup->page_count - 1])
			bits[setup->page_count++] = bits[i];
	setup->page_bits = bits;
}

static void parse_frames(
	struct tool *tool, const struct vm_options *options, struct bel_machines_setup *setup)
{
	const char *const text = options->frames ? options->frames : "256";
	uint64_t *frames = NULL;
	int r = 0;

	setup->in_bytes = options->ram != NULL;
	if (options->ram) {
		r = bel_parse_counts(
			options->ram, "--ram", &frames, &setup->frame_count, &tool->err);
	} else if (!strcmp(text, "unlimited")) {
		frames = calloc(1, sizeof(*frames));
		setup->frame_count = 1;
		if (!frames)
			tool_no_memory(tool, "--frames");
	} else if (bel_frames_need_footprint(text)) {
		tool_usage(tool, "--frames: give numbers or 'unlimited': a machine has its frames "
				 "before it reads the trace");
	} else {
		r = bel_parse_frames(text, 0, &frames, &setup->frame_count, &tool->err);
	}
	tool_check(tool, r);
	setup->frames = frames;
}

/* A number of frames that changes nothing is a mistake. */
static void check_frames(
	struct tool *tool, const struct vm_options *options, const struct bel_machines_setup *setup)
{
	if (options->ram && options->frames)
		tool_usage(tool, "--ram and --frames exclude each other");
	if ((options->ram || options->frames) && policies_variable(setup->specs, setup->spec_count))
		tool_usage(tool, "--frames and --ram do not apply to variable-space policies");
}

size_t vm_options_setup(
	struct tool *tool, const struct vm_options *options, struct bel_machines_setup *setup)
{
	struct bel_policy_spec *specs;
	size_t refused;

	*setup = (struct bel_machines_setup){
		.machine = options->machine,
		.seed = options->seed,
		.quantum = options->quantum,
		.generic = options->generic,
		.pass =
			{
				.threads = options->jobs ? (unsigned)options->jobs
							 : bel_pool_processors(),
				.keep = {.memory = options->memory, .dir = temp_folder(TEMP_LARGE)},
			},
	};
	refused = policies_parse(tool, options->policies, &specs, &setup->spec_count);
	setup->specs = specs;
	check_frames(tool, options, setup);
	parse_frames(tool, options, setup);
	if (options->pages)
		parse_pages(tool, options->pages, setup);
	return refused;
}

void vm_options_release(struct bel_machines_setup *setup)
{
	bel_specs_free((struct bel_policy_spec *)setup->specs, setup->spec_count);
	free((uint64_t *)setup->frames);
	free((unsigned *)setup->page_bits);
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
	free(paths[0]); /* of --mix, the beginning of the copy that all names are parts of */
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
