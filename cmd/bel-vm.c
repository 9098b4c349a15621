/* SPDX-License-Identifier: MIT */
/*
 * bel-vm.c: runs traces on virtual-memory machines: translation, faults, frames, swap.
 *
 * Input: traces (operands, standard input or --mix). Output: records belady.vm/1,
 * belady.vm-process/1, belady.vm-interval/1 and belady.mark/1; with --explain, every step of every
 * reference.
 */
#include <stdlib.h>

#include "operand.h"
#include "progress.h"
#include "story_options.h"
#include "tool_output.h"
#include "trace_options.h"
#include "vm_options.h"
#include "vm_record.h"

static struct {
	const char *format, *output;
	bool quiet;
	struct story_options story;
	struct vm_options vm;
	struct bel_source_options trace;
} opt = {
	.output = "-",
	.vm = VM_OPTIONS_INIT,
	.trace = TRACE_OPTIONS_INIT,
};

static const struct bel_option options[] = {
	VM_OPTIONS(opt.vm),
	BEL_OPTION_GROUP("input"),
	TRACE_NAME_OPTION(opt.trace),
	TRACE_NO_SLICE_OPTION(opt.trace),
	TRACE_FORMAT_OPTIONS(opt.trace),
	BEL_OPTION_GROUP("output"),
	FORMAT_OPTION(opt.format),
	OUTPUT_OPTION(opt.output),
	QUIET_OPTION(opt.quiet),
	BEL_OPTION_GROUP("step by step"),
	STORY_OPTIONS(opt.story),
	BEL_OPTION_GROUP("speed"),
	JOBS_OPTION(opt.vm.jobs),
	TRACE_MEMORY_OPTION(opt.vm.memory),
	BEL_OPTION_GROUP("tests"),
	{"invariants", 0, NULL, "check the whole machine after every event and fault", BEL_OPT_FLAG,
		&opt.vm.machine.invariants},
	{"generic", 0, NULL, "run policies through their hooks, not through their own loops",
		BEL_OPT_FLAG, &opt.vm.generic},
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

/* The columns of the table, which fits into 80 characters. Other formats have whole records. */
static const char *const columns[] = {"?@trace", "?traces", "spec=policy", "frames",
	"?trace.page_bytes=page", "process", "?name", "outcome=end", "start_reference=from",
	"faults", "major_faults=major", "?invalid_faults=invalid", "writebacks=writes",
	"tlb.misses=tlb1_miss", "tlb_misses=tlb1_miss", "peak_resident_pages=peak",
	"cost.effective_access_ns=access_ns", "cost.cpu_utilisation=cpu", NULL};

static struct bel_progress progress;

struct plan {
	const struct bel_machines_setup *setup;
	struct bel_emit *emit;
	char **paths;
	size_t path_count;
	uint64_t *degrees;  /* NULL: each trace runs alone */
	bool evicts, waits; /* a machine evicted a page; one read from the device or wrote to it */
};

static void see_waits(struct plan *plan, const struct bel_machines *machines)
{
	const struct bel_machine *machine;

	for (size_t i = 0; (machine = bel_machines_at(machines, i)); i++) {
		const struct bel_vm_work work = bel_vm_work(machine->vm);

		plan->evicts |= bel_vm_tally(machine->vm)->evictions > 0;
		plan->waits |= work.reads + work.writes > 0;
	}
}

/* Thrashing is the wait for the device. */
static void say_no_waits(const struct tool *tool, const struct plan *plan)
{
	if (plan->degrees && plan->evicts && !plan->waits && !opt.story.explain)
		tool_note(tool, "no fault waits for the device: a page that was never written is "
				"filled with "
				"zeros again; to read it, give --backing file");
}

static int run_sources(
	struct tool *tool, struct plan *plan, struct bel_source *const *sources, size_t count)
{
	struct bel_machines_setup setup = *plan->setup;
	const unsigned own = bel_source_page_bits(sources[0]);
	struct bel_machines *done;

	if (!setup.page_count) {
		setup.page_bits = &own;
		setup.page_count = 1;
	}
	setup.addresses = bel_source_has_addresses(sources[0]);
	for (size_t i = 1; i < count; i++)
		if (bel_source_has_addresses(sources[i]) != setup.addresses)
			return bel_usage(&tool->err,
				"%s and %s: one has addresses and the other only pages, so they "
				"cannot be explained together",
				bel_source_title(sources[0]), bel_source_title(sources[i]));
	if (opt.story.explain && plan->path_count > 1 && !plan->degrees)
		bel_story_trace(setup.step_host, bel_source_title(sources[0]));
	bel_progress_start(&progress, stderr, command.name, !opt.quiet);
	done = bel_machines_new(&setup, sources, count, &tool->err);
	bel_progress_end(&progress);
	if (!done)
		return BEL_FAIL;
	see_waits(plan, done);
	output_tell_marks(tool, bel_machines_marks(done));
	if (plan->emit)
		tool_check(tool, bel_vm_records_emit(done, command.name, plan->emit, &tool->err));
	bel_machines_free(done);
	return 0;
}

/* Opens a trace; with --explain also a string or a model. */
static int open_one(struct tool *tool, const char *path, struct operand_source *opened)
{
	if (opt.story.explain)
		return operand_source_open(tool, &opt.trace, path, opened);
	*opened = (struct operand_source){.source = trace_try(tool, &opt.trace, path)};
	return opened->source ? 0 : BEL_FAIL;
}

/*
 * One run of the machines, with one trace or with several that are interleaved; see trace_runs().
 * Traces are reused if there are too few. If a trace is bad, the whole run fails.
 */
static int run(struct tool *tool, size_t index, void *host)
{
	struct plan *const plan = host;
	const uint64_t count = plan->degrees ? plan->degrees[index] : 1;
	const size_t first = plan->degrees ? 0 : index;
	struct bel_source *sources[VM_MIXED_MAX] = {NULL}; /* gcc 16 does not see that count > 0 */
	struct operand_source each[VM_MIXED_MAX];
	uint64_t opened = 0;
	int r = 0;

	opt.trace.page_bits = plan->setup->page_count ? plan->setup->page_bits[0] : TRACE_UNSET;
	while (r == 0 && opened < count) {
		r = open_one(tool, plan->paths[(first + opened) % plan->path_count], &each[opened]);
		if (r == 0) {
			sources[opened] = each[opened].source;
			opened++;
		}
	}
	if (r == 0)
		r = run_sources(tool, plan, sources, count);
	while (opened--) {
		if (r < 0)
			bel_source_close(sources[opened]);
		else
			trace_close(tool, sources[opened]);
		free(each[opened].text);
	}
	return r;
}

static int run_all(struct tool *tool, const struct bel_machines_setup *setup, struct bel_emit *emit)
{
	struct plan plan = {.setup = setup, .emit = emit};
	size_t count;
	int status;

	plan.paths = vm_options_paths(tool, &opt.vm, &plan.path_count);
	plan.degrees = vm_options_degrees(tool, &opt.vm, plan.paths, plan.path_count, &count);
	status = trace_runs(tool, plan.degrees ? count : plan.path_count, run, &plan);
	say_no_waits(tool, &plan);
	vm_options_paths_free(tool, plan.paths);
	free(plan.degrees);
	return status;
}

int main(int argc, char **argv)
{
	struct bel_machines_setup setup;
	struct bel_emit *emit = NULL;
	struct bel_story story;
	struct tool tool;
	size_t refused;
	int status;

	tool_start(&tool, &command, argc, argv);
	trace_join(&tool, &opt.trace);
	trace_refuse_slice(&tool, &opt.trace,
		"the events before it, which make regions and processes",
		"bel-convert --skip N --limit N");
	refused = vm_options_setup(&tool, &opt.vm, &setup);
	if (opt.trace.name && opt.vm.mix)
		tool_usage(&tool, "--name: names one trace, not a mix");
	story_options_check(&tool, &opt.story, opt.format);
	if (opt.story.explain &&
		(setup.spec_count > 1 || setup.frame_count > 1 || setup.page_count > 1))
		tool_usage(&tool,
			"--explain: give one policy, one number of frames and one page size");

	setup.pass.progress = bel_progress_report;
	setup.pass.progress_host = &progress;
	if (opt.story.explain) {
		opt.trace.addresses = true;
		story_options_open(&tool, &opt.story, opt.format,
			output_open(&tool, opt.output)->file, &story);
		setup.step = bel_story_step;
		setup.step_host = &story;
		setup.pass.threads = 1;
	} else {
		emit = output_records(&tool, opt.output, opt.format, columns);
		bel_emit_csv_of(
			emit, opt.vm.machine.interval ? "belady.vm-interval/1" : "belady.vm/1");
	}
	status = run_all(&tool, &setup, emit);
	if (opt.story.explain)
		story_options_close(&tool, &story, status);
	output_commit(&tool);
	bel_machines_setup_release(&setup);
	return tool_finish(&tool, refused ? 3 : status);
}
