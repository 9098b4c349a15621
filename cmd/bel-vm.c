/* SPDX-License-Identifier: MIT */
/*
 * bel-vm.c: traces through virtual-memory machines: translation, faults, frames, swap.
 *
 * Traces in (operands, standard input, or --mix), records belady.vm/1, belady.vm-process/1
 * and belady.vm-interval/1 out; or, with --explain, the story of every reference.
 */
#include <stdlib.h>

#include "outfile.h"
#include "trace_options.h"
#include "vm_options.h"
#include "vm_step.h"

static struct {
	const char *format, *output;
	bool explain, quiet;
	struct vm_options vm;
	struct bel_source_options trace;
} opt = {
	.output = "-",
	.vm = VM_OPTIONS_INIT,
	.trace = TRACE_OPTIONS_INIT,
};

static const struct bel_option options[] = {
	VM_OPTIONS(opt.vm),
	{"explain", 0, NULL, "tell each reference step by step instead", BEL_OPT_FLAG,
		&opt.explain},
	{"format", 0, "FORMAT", "jsonl, csv or table (default: table on a terminal)", BEL_OPT_TEXT,
		&opt.format},
	{"output", 'o', "FILE", "write to FILE (default: standard output)", BEL_OPT_TEXT,
		&opt.output},
	{"quiet", 'q', NULL, "no progress line", BEL_OPT_FLAG, &opt.quiet},
	TRACE_FORMAT_OPTIONS(opt.trace),
	{0},
};

static const struct bel_command command = {
	.name = "bel-vm",
	.synopsis = "[OPTION...] [TRACE...]",
	.purpose = "Runs traces through virtual-memory machines, from address to swap.",
	.options = options,
	.examples = "  bel-vm -p fifo,clock,lru,opt -f 64:4096:*2 sort.bel\n"
		    "  bel-vm -m 4M --page-size 4k,64k,2M --tlb 64:4 sort.bel\n"
		    "  bel-vm --mix a.bel,b.bel --degree 1:8 -f 512 --device sata-ssd\n",
};

/* What fits into 80 characters; records in full are in the other formats. */
static const char *const columns[] = {"?trace.name=trace", "?traces", "spec=policy", "frames",
	"?trace.page_bytes=page", "process", "?name", "?end", "start_reference=from", "faults",
	"major_faults=major", "?invalid_faults=invalid", "writebacks=writes", "tlb.misses=tlb",
	"tlb_misses=tlb", "peak_resident_pages=peak", "cost.effective_access_ns=access_ns",
	"cost.cpu_utilisation=cpu", NULL};

static struct bel_outfile out;

static void abandon_output(void)
{
	bel_outfile_abandon(&out);
}

static void tell(void *host, const struct bel_vm_step *step)
{
	char text[300];

	bel_vm_step_text(step, text, sizeof(text));
	fprintf(host, "%s%s\n", step->type == BEL_VM_STEP_REFERENCE ? "" : "    ", text);
}

/* One run: so many of the traces interleaved, over again if need be. */
static void run(struct tool *tool, struct vm_run_setup setup, struct bel_emit *emit,
	char *const *paths, size_t path_count, size_t count)
{
	struct bel_source *sources[VM_MIXED_MAX];
	struct vm_run *done;
	unsigned own;

	opt.trace.page_bits = setup.page_count ? setup.page_bits[0] : TRACE_UNSET;
	for (size_t i = 0; i < count; i++)
		sources[i] = trace_open(tool, &opt.trace, paths[i % path_count]);
	if (!setup.page_count) {
		own = bel_source_page_bits(sources[0]);
		setup.page_bits = &own;
		setup.page_count = 1;
	}
	done = vm_run_new(&setup, sources, count, &tool->err);
	if (!done || (emit && vm_run_emit(done, command.name, emit, &tool->err) < 0))
		tool_die(tool);
	vm_run_free(done);
	for (size_t i = 0; i < count; i++)
		trace_close(tool, sources[i]);
}

static void run_all(struct tool *tool, const struct vm_run_setup *setup, struct bel_emit *emit)
{
	size_t path_count, count;
	char **const paths = vm_options_paths(tool, &opt.vm, &path_count);
	uint64_t *const degrees = vm_options_degrees(tool, &opt.vm, paths, path_count, &count);

	for (size_t i = 0; i < count; i++)
		run(tool, *setup, emit, paths, path_count, degrees[i]);
	for (size_t i = 0; i < path_count && !count; i++)
		run(tool, *setup, emit, paths + i, 1, 1);
	vm_options_paths_free(tool, paths);
	free(degrees);
}

int main(int argc, char **argv)
{
	enum bel_emit_format format;
	struct vm_run_setup setup;
	struct bel_emit *emit = NULL;
	struct tool tool;

	tool_start(&tool, &command, argc, argv);
	vm_options_setup(&tool, &opt.vm, &setup);
	if (opt.explain &&
		(setup.spec_count > 1 || setup.frame_count > 1 || setup.page_count > 1)) {
		bel_usage(&tool.err, "--explain: one policy, one number of frames, one page size");
		tool_die(&tool);
	}
	if (bel_emit_format_parse(opt.format, &format, &tool.err) < 0)
		tool_die(&tool);

	atexit(abandon_output);
	if (bel_outfile_open(&out, opt.output, &tool.err) < 0 ||
		(!opt.explain && bel_emit_open(&emit, out.file, format, columns, &tool.err) < 0))
		tool_die(&tool);
	setup.progress = opt.quiet ? NULL : command.name;
	setup.step = opt.explain ? tell : NULL;
	setup.host = out.file;
	run_all(&tool, &setup, emit);

	if (bel_emit_close(emit, &tool.err) < 0 || bel_outfile_commit(&out, &tool.err) < 0)
		tool_die(&tool);
	vm_options_release(&setup);
	return tool_finish(&tool, 0);
}
