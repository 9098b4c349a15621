/* SPDX-License-Identifier: MIT */
/*
 * bel-map.c: counts references, writing runs or faults by address and time, and idle memory.
 *
 * Input: traces (operands or standard input). Output: records belady.map/1, belady.mark/1 and, with
 * --idle, belady.idle/1.
 */
#include <stdlib.h>

#include "map_pass.h"
#include "map_record.h"
#include "number.h"
#include "policy_options.h"
#include "pool.h"
#include "progress.h"
#include "run_record.h"
#include "temp_folder.h"
#include "tool_output.h"
#include "trace_options.h"

static struct {
	const char *what, *policy, *regions, *idle, *device, *format, *output;
	uint64_t frames, rows, columns, hole, hottest, seed, jobs, memory;
	bool quiet;
	struct bel_slice_options part;
	struct bel_source_options trace;
} opt = {
	.device = "nvme",
	.output = "-",
	.rows = 64,
	.columns = 128,
	.hole = 64,
	.hottest = 10,
	.seed = 1,
	.memory = (uint64_t)1 << 30,
	.part = BEL_SLICE_ALL,
	.trace = TRACE_OPTIONS_INIT,
};

static const struct bel_option options[] = {
	BEL_OPTION_GROUP("what to compute"),
	{"what", 0, "WHAT",
		"references, writes (runs that write) or faults (default: faults with -p, else "
		"references)",
		BEL_OPT_TEXT, &opt.what},
	{"policy", 'p', "POLICY", "policy whose faults are counted", BEL_OPT_TEXT, &opt.policy},
	{"frames", 'f', "N", "number of frames of the policy", BEL_OPT_COUNT, &opt.frames},
	{"idle", 0, "LIST",
		"also print the memory that is not referenced for so many references: 10k,1M or "
		"10k:100M:*10",
		BEL_OPT_TEXT, &opt.idle},
	{"device", 0, "NAME",
		"device that idle pages would come back from: hdd, sata-ssd, nvme or zram (default "
		"nvme)",
		BEL_OPT_TEXT, &opt.device},
	TRACE_PAGE_SIZE_OPTION(opt.trace),
	SEED_OPTION(opt.seed),
	BEL_OPTION_GROUP("which part of the trace"),
	{"process", 0, "PID", "map only this process", BEL_OPT_RECORD, &opt.part.process},
	{"region", 0, "REGIONS", "map only these: text,data,heap,stack,mmap,vdso,unknown",
		BEL_OPT_TEXT, &opt.regions},
	{"skip", 0, "N", "leave out the first N references", BEL_OPT_NUMBER, &opt.part.skip},
	{"limit", 'n', "N", "map at most N references", BEL_OPT_NUMBER, &opt.part.limit},
	{"from-mark", 0, "NAME",
		"start at the first mark NAME; --skip and --limit count from there", BEL_OPT_TEXT,
		&opt.part.from_mark},
	{"to-mark", 0, "NAME", "stop at the next mark NAME", BEL_OPT_TEXT, &opt.part.to_mark},
	BEL_OPTION_GROUP("shape of the map"),
	{"rows", 0, "N",
		"number of rows, up to half as many more, and one for each process (default 64)",
		BEL_OPT_COUNT, &opt.rows},
	{"time-columns", 0, "N",
		"largest number of columns; more than half of them are used (default 128)",
		BEL_OPT_COUNT, &opt.columns},
	{"hole", 0, "N", "leave out ranges of more than N pages without counts (default 64)",
		BEL_OPT_NUMBER, &opt.hole},
	BEL_OPTION_GROUP("input"),
	TRACE_NAME_OPTION(opt.trace),
	TRACE_NO_SLICE_OPTION(opt.trace),
	TRACE_FORMAT_OPTIONS(opt.trace),
	BEL_OPTION_GROUP("output"),
	FORMAT_OPTION(opt.format),
	{"hottest", 0, "N", "rows of a table: the N hottest and the N coldest; 0: all (default 10)",
		BEL_OPT_NUMBER, &opt.hottest},
	OUTPUT_OPTION(opt.output),
	QUIET_OPTION(opt.quiet),
	BEL_OPTION_GROUP("speed"),
	JOBS_OPTION(opt.jobs),
	TRACE_MEMORY_OPTION(opt.memory),
	{0},
};

static const struct bel_command command = {
	.name = "bel-map",
	.synopsis = "[OPTION...] [TRACE...]",
	.purpose = "Shows which memory a program uses, and when.",
	.options = options,
	.examples = "  bel-map ls.bel\n"
		    "  bel-map ls.bel | bel-plot -k map -o ls.png\n"
		    "  bel-map -p lru -f 100 --region heap ls.bel | bel-plot -k map\n"
		    "  bel-map --idle 10k:100M:*10 ls.bel\n",
};

static const char *const columns[] = {"@trace", "name", "start", "bytes", "pages", "sum=count",
	"share", "idle_references=idle", "touched_bytes=touched", "idle_bytes_at_end=idle_bytes",
	"mean_idle_bytes=mean_idle", "refaults", "refaults_per_million=per_million", NULL};

struct job {
	struct bel_map_setup setup;
	struct bel_policy_spec *specs; /* NULL: faults are not counted */
	size_t spec_count;
	uint64_t *after; /* thresholds; NULL: none */
	size_t levels;
	const struct bel_vm_device *device;
	struct bel_emit *emit;
};

/* A table that looks whole would hide where the rest of the counts is. */
static void note_rows(const struct tool *tool, const struct bel_emit *emit, size_t rows)
{
	if (bel_emit_format(emit) == BEL_EMIT_TABLE && opt.hottest && rows / 2 >= opt.hottest &&
		rows > 2 * opt.hottest)
		tool_note(tool,
			"%llu of %zu rows are shown, the hottest and the coldest; --hottest 0 "
			"shows all",
			2 * (unsigned long long)opt.hottest, rows);
}

/* Reads one trace and emits its records. Negative: tool->err says why. */
static int read_trace(struct tool *tool, struct bel_source *source, const struct job *job,
	struct bel_map *map, struct bel_idle *idle)
{
	struct bel_run_trace trace;
	struct bel_map_about about = {.tool = command.name,
		.trace = &trace.identity,
		.spec = job->specs,
		.frames = opt.frames,
		.seed = opt.seed};
	const bool future = job->specs && job->specs->policy->caps & BEL_POLICY_FUTURE;
	struct bel_progress progress;
	const struct bel_pass_setup setup = {
		.threads = opt.jobs ? (unsigned)opt.jobs : bel_pool_processors(),
		.keep = {.memory = opt.memory, .dir = temp_folder(TEMP_LARGE)},
		.progress = bel_progress_report,
		.progress_host = &progress,
	};
	int r;

	bel_progress_start(&progress, stderr, command.name, !opt.quiet);
	r = bel_map_pass(source, &setup, map, idle, future, &tool->err);
	bel_progress_end(&progress);
	if (r < 0)
		return r;
	bel_run_trace_identify(&trace, source, map->window.now);
	if (!map->references)
		tool_warn(tool, "%s: no references in this part of the trace",
			bel_source_title(source));
	output_tell_marks(tool, &map->marks);
	note_rows(tool, job->emit, map->rows);
	r = bel_map_emit(job->emit, map, &about, opt.hottest, &tool->err);
	if (r == 0 && idle)
		r = bel_idle_emit(job->emit, idle, &about, job->device, &tool->err);
	return r;
}

/* Maps one trace; see trace_each(). */
static int run(struct tool *tool, const char *path, void *host)
{
	struct job *const job = host;
	struct bel_source *const source = trace_try(tool, &opt.trace, path);
	const struct bel_sim_setup engine = {
		.spec = job->specs, .frames = opt.frames, .seed = opt.seed};
	struct bel_idle *idle = NULL;
	struct bel_map *map = NULL;
	int r = source ? BEL_OK : BEL_FAIL;

	job->setup.sim = NULL;
	if (r == BEL_OK && job->specs && !(job->setup.sim = bel_sim_new(&engine, &tool->err)))
		r = BEL_FAIL;
	if (r == BEL_OK) {
		job->setup.page_bits = bel_source_page_bits(source);
		map = bel_map_new(&job->setup, &tool->err);
	}
	if (map && job->after)
		idle = bel_idle_new(job->after, job->levels, &tool->err);
	r = map && (idle || !job->after) ? read_trace(tool, source, job, map, idle) : BEL_FAIL;
	bel_map_free(map);
	bel_idle_free(idle);
	bel_sim_free(job->setup.sim);
	if (r < 0)
		bel_source_close(source);
	else
		trace_close(tool, source);
	return r < 0 ? r : 0;
}

static void check_options(struct tool *tool, struct job *job)
{
	enum bel_map_what what = opt.policy ? BEL_MAP_OF_FAULTS : BEL_MAP_OF_REFERENCES;

	if (opt.what)
		tool_check(tool, bel_map_what_parse(opt.what, &what, &tool->err));
	if (what == BEL_MAP_OF_FAULTS && !opt.policy)
		tool_usage(tool, "--what faults: give the policy with -p, and its frames with -f");
	if (what != BEL_MAP_OF_FAULTS && opt.policy)
		tool_usage(tool, "--what %s and --policy exclude each other", opt.what);
	if (opt.frames && !opt.policy)
		tool_usage(tool, "--frames: give the policy with -p");
	if (opt.policy && !opt.frames && !(job->specs->policy->caps & BEL_POLICY_VARIABLE))
		tool_usage(tool, "--policy %s: give its frames with -f", opt.policy);
	if (opt.rows > BEL_MAP_ROWS_MAX || opt.columns > BEL_MAP_COLUMNS_MAX)
		tool_usage(tool, "--rows and --time-columns: at most %u", BEL_MAP_ROWS_MAX);
	if (opt.regions)
		tool_check(tool, bel_slice_parse_regions(
					 opt.regions, "--region", &opt.part.regions, &tool->err));
	if (opt.idle)
		tool_check(tool, bel_parse_counts(opt.idle, "--idle", &job->after, &job->levels,
					 &tool->err));
	job->device = bel_vm_device_find(opt.device, &tool->err);
	tool_check(tool, job->device ? 0 : BEL_USAGE);
	job->setup = (struct bel_map_setup){.what = what,
		.rows = opt.rows,
		.columns = opt.columns,
		.hole_pages = opt.hole,
		.part = opt.part};
}

int main(int argc, char **argv)
{
	struct job job = {.specs = NULL};
	struct tool tool;
	size_t refused = 0;
	int status;

	tool_start(&tool, &command, argc, argv);
	trace_join(&tool, &opt.trace);
	trace_refuse_slice(&tool, &opt.trace,
		"the events before it, which make regions and processes", "--skip N --limit N");
	if (opt.policy)
		refused = policies_parse(&tool, opt.policy, &job.specs, &job.spec_count);
	if (job.spec_count > 1)
		tool_usage(&tool, "--policy: give one policy, not %zu", job.spec_count);
	check_options(&tool, &job);
	job.emit = output_records(&tool, opt.output, opt.format, columns + (tool.count < 2));
	bel_emit_csv_of(job.emit, opt.idle ? "belady.idle/1" : "belady.map/1");
	status = trace_each(&tool, run, &job);
	output_commit(&tool);
	bel_specs_free(job.specs, job.spec_count);
	free(job.after);
	return tool_finish(&tool, refused ? 3 : status);
}
