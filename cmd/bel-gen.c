/* SPDX-License-Identifier: MIT */
/*
 * bel-gen.c: writes a trace that follows a model: a textbook's string, a loop, a distribution.
 *
 * Input: none. Output: a trace, native or foreign.
 */
#include <stdio.h>
#include <string.h>

#include "gen.h"
#include "progress.h"
#include "temp_folder.h"
#include "tool_output.h"
#include "trace_options.h"
#include "writer.h"

enum { BATCH = 2048 };

static struct {
	struct bel_gen_setup setup;
	struct bel_writer_options out;
	uint64_t level;
	const char *output, *name, *slice;
	bool quiet;
} opt = {
	.setup = BEL_GEN_SETUP_INIT,
	.out = {.granule_bits = 12},
	.output = "-",
	.level = 1,
};

static const struct bel_option options[] = {
	BEL_OPTION_GROUP("what to generate"),
	MODEL_OPTIONS(opt.setup, "100000", "1000"),
	{"seed", 0, "N", "seed of the random numbers (default 1)", BEL_OPT_NUMBER, &opt.setup.seed},
	{"page-size", 0, "SIZE", "bytes per page (default 4KiB)", BEL_OPT_PAGE_SIZE,
		&opt.out.granule_bits},
	{"slice", 0, "PART",
		"generate only a part: 2/8, the second of eight slices, or the references 1M:2M",
		BEL_OPT_TEXT, &opt.slice},
	BEL_OPTION_GROUP("output"),
	{"to", 0, "FORMAT", "format to write (default bel); 'list' prints all formats",
		BEL_OPT_TEXT, &opt.out.format},
	OUTPUT_OPTION(opt.output),
	{"name", 0, "NAME",
		"name of the trace in records, tables and figures (default: the command line)",
		BEL_OPT_TEXT, &opt.name},
	QUIET_OPTION(opt.quiet),
	BEL_OPTION_GROUP("speed"),
	LEVEL_OPTION(opt.level, "1"),
	{0},
};

static const struct bel_command command = {
	.name = "bel-gen",
	.synopsis = "[OPTION...] MODEL [TEXT]",
	.purpose = "Writes a trace that follows MODEL; 'bel-gen list' prints the models.",
	.options = options,
	.examples = "  bel-gen zipf -n 1M --pages 5000 -o z.bel\n"
		    "  bel-gen belady | bel-sim -p fifo -f 3,4\n"
		    "  bel-gen string '7 0 1 2 0 3' --to pages\n",
};

static int print_models(struct tool *tool)
{
	const char *name, *title;

	for (size_t i = 0; (name = bel_gen_model_name(i, &title)); i++)
		printf("%-22s %s\n", name, title);
	return tool_finish(tool, 0);
}

static void read_operands(struct tool *tool)
{
	if (tool->count < 1)
		tool_usage(tool, "no model given; 'bel-gen list' prints all models");
	if (tool->count > 2)
		tool_usage(tool, "unexpected operand '%s' (a string is one word: quote it)",
			tool->operands[2]);
	if (!opt.out.granule_bits)
		tool_usage(tool, "--page-size: a page has at least 2 bytes");
	opt.setup.model = tool->operands[0];
	opt.setup.text = tool->count > 1 ? tool->operands[1] : NULL;
	opt.out.level = (int)opt.level;
}

/* Returns how many references were written. */
static uint64_t generate(struct tool *tool, struct bel_gen *gen, struct bel_writer *writer)
{
	static struct bel_access access[BATCH];
	struct bel_accesses batch = {.access = access, .capacity = BATCH};
	const uint64_t total = bel_gen_references(gen);
	const unsigned bits = opt.out.granule_bits;
	struct bel_progress progress;
	uint64_t done = 0;

	bel_progress_start(&progress, stderr, command.name, !opt.quiet);
	while ((batch.count = bel_gen_next(gen, access, BATCH))) {
		for (size_t i = 0; i < batch.count; i++) {
			if (access[i].address > UINT64_MAX >> bits)
				tool_usage(tool, "page %llu is beyond 64-bit addresses",
					(unsigned long long)access[i].address);
		}
		tool_check(tool, bel_writer_accesses(writer, &batch, &tool->err));
		done += batch.count;
		bel_progress_update(&progress, done, (double)done / (double)total);
	}
	bel_progress_end(&progress);
	return done;
}

int main(int argc, char **argv)
{
	struct bel_trace_info info = {.address_bits = 64, .tool = "bel-gen " BEL_VERSION};
	struct bel_spool_budget keep = {.memory = (uint64_t)1 << 30};
	struct bel_gen *gen;
	struct bel_writer *writer;
	struct tool tool;
	uint64_t written;

	tool_start(&tool, &command, argc, argv);
	trace_to_list(&tool, opt.out.format);
	if (tool.count == 1 && !strcmp(tool.operands[0], "list"))
		return print_models(&tool);
	read_operands(&tool);
	keep.dir = temp_folder(TEMP_LARGE);
	opt.out.keep = &keep;

	tool_check(&tool, bel_gen_new(&gen, &opt.setup, &tool.err));
	if (opt.slice)
		tool_check(&tool, bel_gen_slice(gen, opt.slice, &tool.err));
	info.unit_bits = opt.out.granule_bits;
	bel_gen_describe_slice(gen, opt.out.granule_bits, &info);
	info.command = bel_gen_command(gen);
	info.name = opt.name;
	opt.out.out = output_trace(&tool, opt.output, opt.out.format);
	tool_check(&tool, bel_writer_open(&writer, &opt.out, &info, &tool.err));

	written = generate(&tool, gen, writer);

	tool_check(&tool, bel_writer_end(writer, NULL, &tool.err));
	bel_writer_free(writer);
	output_commit(&tool);
	if (!written)
		tool_note(&tool,
			"no references were written: the trace, or the slice of it, is empty");
	bel_gen_free(gen);
	return tool_finish(&tool, 0);
}
