/* SPDX-License-Identifier: MIT */
/* report_trace.c: everything that a report shows of a trace, as consumers of one pass. */
#include "report_trace.h"

#include <stdlib.h>
#include <string.h>

#include "analysis_record.h"
#include "blame_result.h"
#include "curve_record.h"
#include "info_record.h"
#include "map_record.h"
#include "report_machine.h"

enum {
	ROWS = 64,
	COLUMNS = 128,
	HOLE_PAGES = 64,
	PIXELS = 1180,       /* of a flame graph: a key as wide as one has a rectangle of its own */
	TEXT_MOST = 2 << 20, /* bytes of the keys, unless these are the first BEL_REPORT_KEYS */
};

/* The consumers beside the curves. */
struct company {
	const struct bel_report_request *request;
	struct bel_source *source;
	struct bel_summary *summary;
	struct bel_map *map;
	struct bel_blame *blame;
	const struct bel_analysis *sets;
	void *sets_self;
	struct bel_pass *pass;
	struct bel_report_machine machine;
	struct bel_err summary_err, map_err, sets_err;
};

static int feed_summary(
	void *self, const struct bel_chunk *chunk, struct bel_granules pages, struct bel_err *err)
{
	return bel_summary_chunk(self, chunk, pages, err);
}

static int feed_map(
	void *self, const struct bel_chunk *chunk, struct bel_granules pages, struct bel_err *err)
{
	return bel_map_chunk(self, chunk, pages, err);
}

/* Adds the machine when the frames of the faults by key are known: now, or after one reading. */
static int add_machine(struct company *all, struct bel_err *err)
{
	const struct bel_blame_run *const run = bel_blame_at(all->blame, 0);

	if (!run || all->machine.spec)
		return BEL_OK;
	return bel_report_machine_attach(
		&all->machine, all->pass, run->frames, bel_source_has_addresses(all->source), err);
}

static int attach(void *host, struct bel_pass *pass, struct bel_err *err)
{
	static const struct bel_consumer of_summary = {
		.caps = BEL_CONSUMER_EVENTS, .feed = feed_summary};
	static const struct bel_consumer of_map = {.caps = BEL_CONSUMER_EVENTS, .feed = feed_map};
	struct company *const all = host;
	struct bel_stream *const input = bel_pass_input(pass);
	uint64_t footprint = 0;

	if (bel_pass_attach(pass, input, &of_summary, all->summary, &all->summary_err, err) < 0 ||
		bel_pass_attach(pass, input, &of_map, all->map, &all->map_err, err) < 0 ||
		bel_pass_attach(pass, input, &all->sets->consumer, all->sets_self, &all->sets_err,
			err) < 0 ||
		bel_source_footprint(all->source, &footprint, err) < 0)
		return BEL_FAIL;
	all->pass = pass;
	if (bel_blame_attach(all->blame, pass, bel_source_info(all->source), footprint, err) < 0)
		return BEL_FAIL;
	return add_machine(all, err);
}

static int between(void *host, struct bel_err *err)
{
	struct company *const all = host;

	return bel_blame_between(all->blame, err) < 0 ? BEL_FAIL : add_machine(all, err);
}

/* By call stack if the trace has them. */
static int choose_keys(
	struct bel_blame_by *by, const struct bel_source *source, struct bel_err *err)
{
	const struct bel_trace_info *const info = bel_source_info(source);
	const bool stacks = info->near_pages && info->near_bits <= bel_source_page_bits(source);

	if (by->count)
		return BEL_OK;
	return bel_blame_by_parse(stacks ? "command,stack" : "command,region,library", by, err);
}

static int create(struct company *all, struct bel_err *err)
{
	const unsigned page_bits = bel_source_page_bits(all->source);
	const struct bel_map_setup map = {.what = BEL_MAP_OF_REFERENCES,
		.page_bits = page_bits,
		.columns = COLUMNS,
		.rows = ROWS,
		.hole_pages = HOLE_PAGES,
		.part = BEL_SLICE_ALL};
	struct bel_blame_setup blame = all->request->blame;

	if (choose_keys(&blame.by, all->source, err) < 0)
		return BEL_FAIL;
	all->summary = bel_summary_new(page_bits, err);
	all->map = all->summary ? bel_map_new(&map, err) : NULL;
	all->blame = all->map ? bel_blame_new(&blame, err) : NULL;
	all->sets = bel_analysis_find("working-set");
	all->sets_self = all->blame ? all->sets->create(page_bits, err) : NULL;
	return all->sets_self ? BEL_OK : BEL_FAIL;
}

static void release(struct company *all)
{
	bel_summary_free(all->summary);
	bel_map_free(all->map);
	bel_blame_free(all->blame);
	if (all->sets)
		all->sets->destroy(all->sets_self);
	bel_report_machine_release(&all->machine);
}

/* ---- records ---- */

static int emit_curves(struct bel_emit *emit, const char *tool, const struct bel_curve_run *run,
	struct bel_err *failed, struct bel_err *err)
{
	int r = BEL_OK;

	for (size_t i = 0; r >= 0 && i < run->jobs; i++) {
		const struct bel_curve_job *const job = &run->job[i];

		if (!job->err.code)
			r = bel_curve_record_emit(emit, tool, run, job, err);
		else if (!failed->code)
			*failed = job->err;
	}
	return r;
}

/*
 * What is narrower than a pixel of the flame graph becomes sums, if there are more keys than in the
 * table. Long keys are fewer.
 */
static int order(struct bel_blame_table *table, struct bel_err *err)
{
	uint64_t bytes = 0, i = 0;

	bel_blame_table_sum(table);
	if (table->rows > BEL_REPORT_KEYS &&
		bel_blame_table_join(table, table->sum.faults / PIXELS + 1, err) < 0)
		return BEL_FAIL;
	if (bel_blame_table_order(table, BEL_BLAME_FAULTS, 0, err) < 0)
		return BEL_FAIL;
	for (; i < table->rows && table->row[i].key && bytes <= TEXT_MOST; i++)
		for (unsigned part = 0; part < table->by.count; part++)
			bytes += strlen(bel_blame_row_part(table, &table->row[i], part));
	if (bytes <= TEXT_MOST || i <= BEL_REPORT_KEYS)
		return BEL_OK;
	return bel_blame_table_order(table, BEL_BLAME_FAULTS, i, err);
}

static int emit_blame(struct bel_emit *emit, struct company *all, const struct bel_run_trace *trace,
	struct bel_err *failed, struct bel_err *err)
{
	const struct bel_granules pages = bel_source_pages(all->source);
	struct bel_blame_results results = {.count = 0};
	const struct bel_blame_run *run;
	int r = BEL_OK;

	for (size_t i = 0; r == BEL_OK && (run = bel_blame_at(all->blame, i)); i++) {
		if (!run->err.code)
			r = bel_blame_results_run(&results, all->blame, i, trace, pages, err);
		else if (!failed->code)
			*failed = run->err;
	}
	for (size_t i = 0; r == BEL_OK && i < results.count; i++) {
		struct bel_blame_result *const one = &results.result[i];

		r = order(&one->table, err);
		if (r == BEL_OK)
			r = bel_blame_result_emit(emit, trace->tool, one, err);
	}
	bel_blame_results_release(&results);
	return r;
}

static int emit_info(struct bel_emit *emit, struct company *all, struct bel_err *err)
{
	struct bel_record *record;

	if (bel_summary_end(all->summary, bel_source_damage(all->source) != NULL, err) < 0)
		return err->code;
	record = bel_info_record(
		all->request->tool, all->source, all->summary, all->request->stored_bytes, err);
	return record ? bel_emit(emit, record, err) : BEL_FAIL;
}

static int emit_all(struct bel_emit *emit, struct company *all, const struct bel_curve_run *run,
	struct bel_err *failed, struct bel_err *err)
{
	const char *const tool = all->request->tool;
	struct bel_run_trace trace = {.tool = tool, .seed = all->request->blame.seed};
	struct bel_analysis_about about = {tool, &trace.identity};
	const struct bel_map_about of_map = {.tool = tool, .trace = &trace.identity};
	const struct bel_err *const bad = all->summary_err.code ? &all->summary_err
					  : all->map_err.code   ? &all->map_err
								: &all->sets_err;
	int r = BEL_OK;

	if (bad->code)
		return bel_fail(err, "%.200s: %.390s", bel_source_title(all->source), bad->text);
	bel_run_trace_identify(&trace, all->source, bel_stream_references(run->size[0].whole));
	r = emit_info(emit, all, err);
	if (r == BEL_OK)
		r = emit_curves(emit, tool, run, failed, err);
	if (r == BEL_OK)
		r = bel_analysis_emit(emit, all->sets, all->sets_self, &about, &all->sets_err, err);
	if (r == BEL_OK)
		r = bel_map_end(all->map, err);
	if (r == BEL_OK)
		r = bel_map_emit(emit, all->map, &of_map, 0, err);
	if (r == BEL_OK)
		r = emit_blame(emit, all, &trace, failed, err);
	if (r == BEL_OK)
		r = bel_report_machine_emit(
			&all->machine, emit, tool, &trace.identity, failed, err);
	return r;
}

int bel_report_trace(struct bel_emit *emit, struct bel_source *source,
	const struct bel_report_request *request, struct bel_err *failed, struct bel_err *err)
{
	struct company all = {.request = request,
		.source = source,
		.machine = {.specs = request->curve->policy,
			.spec_count = request->curve->specs,
			.seed = request->blame.seed}};
	struct bel_curve_run run = {.jobs = 0};
	int r = create(&all, err);

	*failed = (struct bel_err){.code = BEL_OK};
	request->curve->company = (struct bel_curve_company){attach, between, &all};
	if (r == BEL_OK)
		r = bel_curve_run(&run, request->curve, source, err);
	if (r >= 0)
		r = emit_all(emit, &all, &run, failed, err);
	if (all.blame)
		bel_blame_detach(all.blame);
	bel_curve_run_release(&run);
	release(&all);
	return r;
}
