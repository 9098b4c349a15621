/* SPDX-License-Identifier: MIT */
/* capture_options.c: --with, --only and --window of bel-capture. */
#include "capture_options.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "launch.h"
#include "number.h"
#include "program_file.h"
#include "token.h"
#include "trace.h"

#define NEAR 32u         /* pages, the default */
#define MOST_NEAR 65536u /* pages; traces/FORMAT.md */

/* Finds pagegrind relative to the tool. The place is the same in the build tree and installed. */
static bool find_pagegrind(char path[4096])
{
	static const char place[] = "/../libexec/belady/pagegrind";
	const ssize_t n = readlink("/proc/self/exe", path, 4096 - sizeof(place));
	char *slash;

	if (n < 0)
		return false;
	path[n] = '\0';
	slash = strrchr(path, '/');
	memcpy(slash, place, sizeof(place));
	return access(path, X_OK) == 0;
}

static const char *pagegrind_need(const struct bel_capture_options *options)
{
	const struct bel_capture_region *const region = &options->region;

	return options->kernel         ? "--kernel"
	       : options->near_pages   ? "--stacks"
	       : region->kinds         ? "--only"
	       : region->wanted        ? "--only-region"
	       : region->window        ? "--window"
	       : region->from_mark     ? "--from-mark"
	       : region->to_mark       ? "--to-mark"
	       : region->from_function ? "--from-fn"
				       : NULL;
}

static void choose_tool(struct tool *tool, const struct capture_options *wishes,
	struct bel_capture_options *options, char launcher[4096])
{
	const bool automatic = strcmp(wishes->with, "auto") == 0;
	const char *const needs = pagegrind_need(options);
	char program[4096];

	if (!automatic && strcmp(wishes->with, "pagegrind") != 0 &&
		strcmp(wishes->with, "lackey") != 0)
		tool_usage(tool, "--with: '%s' is not auto, pagegrind or lackey", wishes->with);
	options->pagegrind = NULL;
	if (strcmp(wishes->with, "lackey") != 0 && find_pagegrind(launcher))
		options->pagegrind = launcher;
	/* A program that is not found is reported later. */
	if (options->pagegrind &&
		bel_launch_find(
			options->argv[0], options->search, program, sizeof(program), NULL) == 0 &&
		bel_program_file_is_narrow(program)) {
		if (!automatic)
			tool_fail(tool, "%s: is a 32-bit program, which only lackey can run",
				program);
		options->pagegrind = NULL;
	}
	if (!options->pagegrind && strcmp(wishes->with, "pagegrind") == 0)
		tool_fail(tool, "--with pagegrind: pagegrind was not built (%s is missing)",
			launcher);
	if (!options->pagegrind && needs)
		tool_usage(tool, "%s: lackey cannot do that; pagegrind can%s", needs,
			automatic ? ", but cannot run this program or was not built" : "");
	if (automatic)
		tool_note(tool, "recording with %s", options->pagegrind ? "pagegrind" : "lackey");
}

struct word {
	const char *name;
	uint32_t bits;
};

/* A modify counts as a load and a store. */
static const struct word kinds[] = {
	{"fetch", 1u << BEL_TOKEN_FETCH},
	{"load", 1u << BEL_TOKEN_LOAD | 1u << BEL_TOKEN_MODIFY},
	{"store", 1u << BEL_TOKEN_STORE | 1u << BEL_TOKEN_MODIFY},
	{.name = NULL},
};

static const struct word regions[] = {
	{"text", 1u << BEL_REGION_TEXT},
	{"data", 1u << BEL_REGION_DATA},
	{"heap", 1u << BEL_REGION_HEAP},
	{"stack", 1u << BEL_REGION_STACK},
	{"mmap", 1u << BEL_REGION_MMAP},
	{.name = NULL},
};

/* The bits of the words in a list "a,b". An unknown word ends the program. */
static uint32_t bits_of(
	struct tool *tool, const char *option, const char *list, const struct word *known)
{
	uint32_t bits = 0;

	for (const char *p = list;; p++) {
		const size_t length = strcspn(p, ",");
		const struct word *word = known;

		while (word->name &&
			(strlen(word->name) != length || strncmp(word->name, p, length) != 0))
			word++;
		if (!word->name)
			tool_usage(tool, "%s: '%.*s' is not %s", option, (int)length, p,
				known == kinds ? "fetch, load or store"
					       : "text, data, heap, stack or mmap");
		bits |= word->bits;
		p += length;
		if (*p == '\0')
			return bits;
	}
}

static void read_window(struct tool *tool, const char *text, struct bel_capture_region *region)
{
	const char *const slash = strchr(text, '/');
	char first[32];

	if (!slash || (size_t)(slash - text) >= sizeof(first))
		tool_usage(tool, "--window: '%s' is not N/PERIOD", text);
	snprintf(first, sizeof(first), "%.*s", (int)(slash - text), text);
	tool_check(tool, bel_parse_number(first, "--window", &region->window, &tool->err));
	tool_check(tool, bel_parse_number(slash + 1, "--window", &region->period, &tool->err));
	if (region->window == 0 || region->window > region->period)
		tool_usage(tool, "--window: %s: N must be 1 to PERIOD", text);
}

void capture_options_fill(struct tool *tool, const struct capture_options *wishes,
	struct bel_capture_options *options, char launcher[4096])
{
	if (wishes->only)
		options->region.kinds = bits_of(tool, "--only", wishes->only, kinds);
	if (wishes->only_region)
		options->region.wanted =
			bits_of(tool, "--only-region", wishes->only_region, regions);
	if (wishes->only_region && options->granule_bits > 12)
		tool_usage(tool, "--only-region: the page size must be at most 4 KiB");
	if (wishes->window)
		read_window(tool, wishes->window, &options->region);
	if (wishes->more_stacks && !wishes->stacks)
		tool_usage(tool, "--more-stacks: needs --stacks");
	if (wishes->near_pages && !wishes->stacks)
		tool_usage(tool, "--near-pages: needs --stacks");
	if (wishes->near_pages > MOST_NEAR)
		tool_usage(tool, "--near-pages: must be 1 to %u", MOST_NEAR);
	if (wishes->stacks)
		options->near_pages = wishes->near_pages ? (unsigned)wishes->near_pages : NEAR;
	options->near_renewed = wishes->more_stacks;
	if (options->near_pages && options->first_byte &&
		options->granule_bits < BEL_TOKEN_GRANULE_LEAST)
		tool_usage(tool, "--stacks: with --first-byte, the page size must be at least 64");
	choose_tool(tool, wishes, options, launcher);
}
