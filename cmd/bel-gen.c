/* SPDX-License-Identifier: MIT */
/*
 * bel-gen.c: writes a trace that follows a model: a textbook's string, a loop, a distribution.
 *
 * Nothing in; a trace out, native or foreign.
 */
#include <stdio.h>
#include <string.h>

#include "gen.h"
#include "progress.h"
#include "trace_options.h"
#include "writer.h"

enum { BATCH = 2048 };

static struct {
	struct bel_gen_setup setup;
	struct bel_writer_options out;
	uint64_t level;
	bool quiet;
} opt = {
	.setup = BEL_GEN_SETUP_INIT,
	.out = {.path = "-", .granule_bits = 12},
	.level = 1,
};

static const struct bel_option options[] = {
	{"references", 'n', "N", "references to make (default 100000)", BEL_OPT_NUMBER,
		&opt.setup.references},
	{"pages", 0, "N", "distinct pages to draw from (default 1000)", BEL_OPT_NUMBER,
		&opt.setup.pages},
	{"seed", 0, "N", "start of the random numbers (default 1)", BEL_OPT_NUMBER,
		&opt.setup.seed},
	{"alpha", 0, "A", "zipf, stack: the exponent (default 1)", BEL_OPT_REAL, &opt.setup.alpha},
	{"locality", 0, "N", "phases: pages in use at a time (default 50)", BEL_OPT_NUMBER,
		&opt.setup.locality},
	{"phase", 0, "N", "phases: references in one, on average (default 2000)", BEL_OPT_NUMBER,
		&opt.setup.phase},
	{"write-ratio", 0, "R", "share of references that write, drawn (default 0)", BEL_OPT_REAL,
		&opt.setup.write_ratio},
	{"page-size", 0, "SIZE", "bytes a page (default 4KiB)", BEL_OPT_PAGE_SIZE,
		&opt.out.granule_bits},
	{"to", 0, "FORMAT", "format to write (default bel); 'list' prints all", BEL_OPT_TEXT,
		&opt.out.format},
	{"level", 0, "N", "how hard to compress, 1 to 19 (default 1)", BEL_OPT_NUMBER, &opt.level},
	{"output", 'o', "FILE", "write to FILE (default: standard output)", BEL_OPT_TEXT,
		&opt.out.path},
	{"quiet", 'q', NULL, "no progress line", BEL_OPT_FLAG, &opt.quiet},
	{0},
};

static const struct bel_command command = {
	.name = "bel-gen",
	.synopsis = "[OPTION...] MODEL [TEXT]",
	.purpose = "Writes a trace that follows MODEL; 'bel-gen list' prints the models.",
	.options = options,
	.examples = "  bel-gen belady | bel-sim -p fifo -f 3,4\n"
		    "  bel-gen string '7 0 1 2 0 3' --to pages\n"
		    "  bel-gen zipf -n 1000000 --pages 5000 --seed 1 -o z.bel\n",
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
	if (tool->count >= 1 && tool->count <= 2 && opt.level >= 1 && opt.level <= 19 &&
		opt.out.granule_bits) {
		opt.setup.model = tool->operands[0];
		opt.setup.text = tool->count > 1 ? tool->operands[1] : NULL;
		opt.out.level = (int)opt.level;
		return;
	}
	if (tool->count < 1)
		bel_usage(&tool->err, "a model is needed; 'bel-gen list' prints them");
	else if (tool->count > 2)
		bel_usage(&tool->err, "'%s' is one too many (a string is one word: quote it)",
			tool->operands[2]);
	else if (!opt.out.granule_bits)
		bel_usage(&tool->err, "--page-size: a page has at least 2 bytes");
	else
		bel_usage(&tool->err, "--level: it goes from 1 to 19");
	tool_die(tool);
}

static void generate(struct tool *tool, struct bel_gen *gen, struct bel_writer *writer)
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
			if (access[i].address <= UINT64_MAX >> bits)
				continue;
			bel_usage(&tool->err, "page %llu is beyond 64-bit addresses",
				(unsigned long long)access[i].address);
			bel_writer_free(writer);
			tool_die(tool);
		}
		if (bel_writer_accesses(writer, &batch, &tool->err) < 0) {
			bel_writer_free(writer);
			tool_die(tool);
		}
		done += batch.count;
		bel_progress_update(&progress, done, (double)done / (double)total);
	}
	bel_progress_end(&progress);
}

int main(int argc, char **argv)
{
	struct bel_trace_info info = {.address_bits = 64, .tool = "bel-gen " BEL_VERSION};
	struct bel_spool_budget keep = {.memory = (uint64_t)1 << 30};
	struct bel_gen *gen;
	struct bel_writer *writer;
	struct tool tool;

	tool_start(&tool, &command, argc, argv);
	if (opt.out.format && !strcmp(opt.out.format, "list")) {
		trace_formats_print();
		return tool_finish(&tool, 0);
	}
	if (tool.count == 1 && !strcmp(tool.operands[0], "list"))
		return print_models(&tool);
	read_operands(&tool);
	keep.dir = trace_temporary_folder();
	opt.out.keep = &keep;

	if (bel_gen_new(&gen, &opt.setup, &tool.err) < 0)
		tool_die(&tool);
	info.unit_bits = opt.out.granule_bits;
	info.command = bel_gen_command(gen);
	if (!opt.out.format || !strcmp(opt.out.format, "bel"))
		trace_output_check(&tool, opt.out.path);
	if (bel_writer_open(&writer, &opt.out, &info, &tool.err) < 0)
		tool_die(&tool);

	generate(&tool, gen, writer);

	if (bel_writer_end(writer, NULL, &tool.err) < 0) {
		bel_writer_free(writer);
		tool_die(&tool);
	}
	bel_writer_free(writer);
	bel_gen_free(gen);
	return tool_finish(&tool, 0);
}
