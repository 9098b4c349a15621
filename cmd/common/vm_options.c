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

static void wrong(struct tool *tool, const char *text)
{
	bel_usage(&tool->err, "%s", text);
	tool_die(tool);
}

/* "4k,2M" as ascending logarithms. */
static void parse_pages(struct tool *tool, const char *text, struct bel_machines_setup *setup)
{
	unsigned *bits = calloc(PAGE_SIZES, sizeof(*bits));
	char *copy = strdup(text), *at = copy, *item;

	if (!bits || !copy) {
		bel_err_memory(&tool->err, "--page-size");
		tool_die(tool);
	}
	while ((item = strsep(&at, ","))) {
		if (setup->page_count == PAGE_SIZES)
			wrong(tool, "--page-size: too many sizes");
		if (bel_parse_page_size(item, "--page-size", &bits[setup->page_count], &tool->err) <
			0)
			tool_die(tool);
		if (bits[setup->page_count] < 10 || bits[setup->page_count] > 30)
			wrong(tool, "--page-size: the machine's pages have 1 KiB to 1 GiB");
		if (setup->page_count && bits[setup->page_count] <= bits[setup->page_count - 1])
			wrong(tool, "--page-size: sizes must ascend");
		setup->page_count++;
	}
	free(copy);
	setup->page_bits = bits;
}

static void parse_frames(struct tool *tool, const char *text, struct bel_machines_setup *setup)
{
	uint64_t *frames = NULL;

	if (!strcmp(text, "unlimited")) {
		frames = calloc(1, sizeof(*frames));
		setup->frame_count = 1;
		if (!frames) {
			bel_err_memory(&tool->err, "--frames");
			tool_die(tool);
		}
	} else if (bel_frames_need_footprint(text)) {
		wrong(tool, "--frames: give numbers or 'unlimited': a machine has its frames "
			    "before it sees the trace");
	} else if (bel_parse_frames(text, 0, &frames, &setup->frame_count, &tool->err) < 0) {
		tool_die(tool);
	}
	setup->frames = frames;
}

/* A number of frames that nothing would come of is a mistake. */
static void check_frames(
	struct tool *tool, const struct vm_options *options, const struct bel_machines_setup *setup)
{
	if (options->ram && options->frames)
		wrong(tool, "--ram and --frames: one of them says how much memory there is");
	if ((options->ram || options->frames) && policies_variable(setup->specs, setup->spec_count))
		wrong(tool,
			"--frames, --ram: the policies choose their number of frames themselves");
}

size_t vm_options_setup(
	struct tool *tool, const struct vm_options *options, struct bel_machines_setup *setup)
{
	struct bel_policy_spec *specs;
	size_t refused;

	*setup = (struct bel_machines_setup){
		.machine = options->machine,
		.ram_bytes = options->ram,
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
	parse_frames(tool, options->frames ? options->frames : "256", setup);
	if (options->pages)
		parse_pages(tool, options->pages, setup);
	if (options->seed > INT64_MAX)
		wrong(tool, "--seed: at most 2^63 - 1");
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
		wrong(tool, "--mix names the traces: no operands beside it");
	paths = calloc(VM_MIXED_MAX, sizeof(*paths));
	if (!paths || (options->mix && !copy)) {
		bel_err_memory(&tool->err, "the traces' names");
		tool_die(tool);
	}
	if (!options->mix) {
		paths[0] = strdup("-"); /* standard input */
		if (!paths[0]) {
			bel_err_memory(&tool->err, "the traces' names");
			tool_die(tool);
		}
		return paths;
	}
	for (*count = 0; at && *count < VM_MIXED_MAX; ++*count)
		paths[*count] = strsep(&at, ",");
	if (at)
		wrong(tool, "--mix: too many traces");
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
		if (!degrees) {
			bel_err_memory(&tool->err, "--mix");
			tool_die(tool);
		}
		*degrees = path_count;
		*count = 1;
		return degrees;
	}
	if (bel_frames_need_footprint(options->degree))
		wrong(tool, "--degree: give numbers");
	if (bel_parse_frames(options->degree, 0, &degrees, count, &tool->err) < 0)
		tool_die(tool);
	for (size_t i = 0; i < *count; i++) {
		if (degrees[i] > VM_MIXED_MAX)
			wrong(tool, "--degree: too many traces");
		if (degrees[i] > path_count && !strcmp(paths[0], "-"))
			wrong(tool, "--degree: standard input cannot be read over again");
	}
	return degrees;
}
