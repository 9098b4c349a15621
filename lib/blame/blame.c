/* SPDX-License-Identifier: MIT */
/* blame.c: counters by key, as consumers of one pass, and OPT beside them. */
#include "blame.h"

#include <stdlib.h>

#include "blame_numbering.h"
#include "number.h"

struct bel_blame {
	struct bel_blame_setup setup;
	struct bel_blame_run *run; /* those that were asked for, then those of OPT */
	size_t runs, asked;
	struct bel_blame_counter *references; /* NULL: the first run counts them, too */
	struct bel_err references_err;
	/* While it runs: */
	struct bel_pass *pass;
	bool waits; /* it waits for the footprint */
	bool near_renewed;
	unsigned near_pages; /* of the trace's call stacks, if a part of the key needs them */
	uint64_t read;
};

struct bel_blame *bel_blame_new(const struct bel_blame_setup *setup, struct bel_err *err)
{
	struct bel_blame *const blame = calloc(1, sizeof(*blame));

	if (!blame)
		bel_err_memory(err, "counts by key");
	else
		blame->setup = *setup;
	return blame;
}

void bel_blame_free(struct bel_blame *blame)
{
	if (!blame)
		return;
	for (size_t i = 0; i < blame->runs; i++)
		bel_blame_counter_free(blame->run[i].counter);
	bel_blame_counter_free(blame->references);
	free(blame->run);
	free(blame);
}

static struct bel_blame_counter_setup counter_setup(const struct bel_blame *blame)
{
	const uint64_t bytes = bel_stream_page_bytes(bel_pass_input(blame->pass));

	return (struct bel_blame_counter_setup){
		.by = &blame->setup.by,
		.page_bits = (unsigned)__builtin_ctzll(bytes),
		.near_pages = blame->near_pages,
		.near_renewed = blame->near_renewed,
		.sim.seed = blame->setup.seed,
	};
}

static int attach(const struct bel_blame *blame, struct bel_blame_counter *counter,
	struct bel_err *own, struct bel_err *err)
{
	return bel_pass_attach(blame->pass, bel_pass_input(blame->pass),
		bel_blame_counter_consumer(counter), counter, own, err);
}

static int add_references(struct bel_blame *blame, struct bel_err *err)
{
	const struct bel_blame_counter_setup setup = counter_setup(blame);

	blame->references = bel_blame_counter_new(&setup, err);
	if (!blame->references)
		return BEL_FAIL;
	return attach(blame, blame->references, &blame->references_err, err);
}

static int add(struct bel_blame *blame, const struct bel_policy_spec *spec, uint64_t frames,
	struct bel_err *err)
{
	struct bel_blame_counter_setup setup = counter_setup(blame);
	struct bel_blame_run *const run = &blame->run[blame->runs];

	setup.sim.spec = spec;
	setup.sim.frames = frames;
	setup.references = !blame->references && !blame->runs;
	setup.over_time = blame->setup.over_time && !blame->asked;
	*run = (struct bel_blame_run){.spec = spec, .frames = frames};
	run->counter = bel_blame_counter_new(&setup, err);
	if (!run->counter)
		return BEL_FAIL;
	blame->runs++;
	return attach(blame, run->counter, &run->err, err);
}

/* The run of OPT with that number of frames; a new one if it was not asked for. */
static struct bel_blame_run *need_opt(struct bel_blame *blame, uint64_t frames, struct bel_err *err)
{
	const struct bel_policy *const opt = blame->setup.opt->policy;

	for (size_t i = 0; i < blame->runs; i++)
		if (blame->run[i].spec->policy == opt && blame->run[i].frames == frames)
			return &blame->run[i];
	return add(blame, blame->setup.opt, frames, err) < 0 ? NULL : &blame->run[blame->runs - 1];
}

static int add_all(
	struct bel_blame *blame, const uint64_t *frames, size_t count, struct bel_err *err)
{
	const struct bel_blame_setup *const setup = &blame->setup;

	/*
	 * A single run of the first reading counts the references, too: the stacks are followed only
	 * once. Several runs do not, so that each has its own thread and its own errors.
	 */
	if (!blame->references &&
		(setup->spec_count * count > 1 || setup->specs->policy->caps & BEL_POLICY_FUTURE) &&
		add_references(blame, err) < 0)
		return BEL_FAIL;
	blame->run = calloc((setup->spec_count + 1) * (count + 1), sizeof(*blame->run));
	if (!blame->run)
		return bel_err_memory(err, "counts by key");
	for (size_t s = 0; s < setup->spec_count; s++) {
		const struct bel_policy_spec *const spec = &setup->specs[s];
		const bool variable = spec->policy->caps & BEL_POLICY_VARIABLE;

		for (size_t i = 0; i < (variable ? 1 : count); i++)
			if (add(blame, spec, variable ? 0 : frames[i], err) < 0)
				return BEL_FAIL;
	}
	blame->asked = blame->runs;
	for (size_t i = 0; i < blame->asked; i++) {
		struct bel_blame_run *const run = &blame->run[i];

		run->opt = run->frames ? need_opt(blame, run->frames, err) : NULL;
		if (run->frames && !run->opt)
			return BEL_FAIL;
	}
	return BEL_OK;
}

static int plan(struct bel_blame *blame, uint64_t footprint, struct bel_err *err)
{
	const uint64_t page_bytes = bel_stream_page_bytes(bel_pass_input(blame->pass));
	const unsigned bits = (unsigned)__builtin_ctzll(page_bytes);
	const char *const text = blame->setup.frames;
	uint64_t *frames;
	size_t count;
	int r = blame->setup.in_bytes ? bel_parse_memory(text, bits, &frames, &count, err)
				      : bel_parse_frames(text, footprint, &frames, &count, err);

	if (r < 0)
		return r;
	r = add_all(blame, frames, count, err);
	free(frames);
	return r;
}

int bel_blame_between(struct bel_blame *blame, struct bel_err *err)
{
	const struct bel_stream *const all = bel_pass_input(blame->pass);

	if (!blame->waits)
		return BEL_OK;
	blame->waits = false;
	if (!bel_stream_references(all))
		return bel_fail(err, "the trace has no references, so it has no footprint");
	return plan(blame, bel_stream_pages(all), err); /* the footprint is known now */
}

static int between(void *host, struct bel_err *err)
{
	return bel_blame_between(host, err);
}

/* Sets near_pages, or refuses a trace that cannot answer. */
static int need_stacks(struct bel_blame *blame, const struct bel_trace_info *info,
	unsigned page_bits, struct bel_err *err)
{
	const char *const by = blame->setup.by.text;

	if (!bel_blame_by_stacks(&blame->setup.by))
		return BEL_OK;
	if (!info->near_pages)
		return bel_fail(err,
			"--by %s: the trace has no call stacks; record it with bel-capture "
			"--stacks",
			by);
	if (page_bits < info->near_bits)
		return bel_fail(err,
			"--by %s: the call stacks of the trace are for pages of %llu bytes or "
			"more, not of %llu",
			by, 1ULL << info->near_bits, 1ULL << page_bits);
	blame->near_pages = info->near_pages;
	blame->near_renewed = info->near_renewed;
	return BEL_OK;
}

int bel_blame_attach(struct bel_blame *blame, struct bel_pass *pass,
	const struct bel_trace_info *info, uint64_t footprint, struct bel_err *err)
{
	struct bel_stream *const all = bel_pass_input(pass);
	const unsigned page_bits = (unsigned)__builtin_ctzll(bel_stream_page_bytes(all));
	int r;

	if (need_stacks(blame, info, page_bits, err) < 0)
		return BEL_FAIL;
	blame->pass = pass;
	blame->waits = bel_frames_need_footprint(blame->setup.frames) && !footprint;
	if (!blame->waits)
		return plan(blame, footprint, err);
	r = add_references(blame, err);
	return r < 0 ? r : bel_pass_keep(all, err);
}

void bel_blame_detach(struct bel_blame *blame)
{
	if (blame->pass)
		blame->read = bel_stream_references(bel_pass_input(blame->pass));
	blame->pass = NULL;
}

int bel_blame_input(struct bel_blame *blame, const struct bel_pass_input *input,
	const struct bel_trace_info *info, uint64_t footprint, struct bel_err *err)
{
	struct bel_pass_setup setup = blame->setup.pass;
	struct bel_pass *pass;
	int r;

	setup.between = between;
	setup.host = blame;
	pass = bel_pass_new(&setup, input, err);
	if (!pass)
		return BEL_FAIL;
	r = bel_blame_attach(blame, pass, info, footprint, err);
	if (r == 0)
		r = bel_pass_run(pass, err);
	bel_blame_detach(blame);
	bel_pass_free(pass);
	return r;
}

int bel_blame_source(struct bel_blame *blame, struct bel_source *source, struct bel_err *err)
{
	const struct bel_pass_input input = bel_pass_source(source);
	uint64_t footprint = 0;
	struct bel_err why;

	if (need_stacks(blame, bel_source_info(source), input.page_bits, &why) < 0)
		return bel_fail(err, "%.200s: %.390s", bel_source_title(source), why.text);
	if (bel_frames_need_footprint(blame->setup.frames) &&
		bel_source_footprint(source, &footprint, err) < 0)
		return BEL_FAIL;
	return bel_blame_input(blame, &input, bel_source_info(source), footprint, err);
}

uint64_t bel_blame_references(const struct bel_blame *blame)
{
	return blame->read;
}

const struct bel_blame_run *bel_blame_at(const struct bel_blame *blame, size_t index)
{
	return index < blame->asked ? &blame->run[index] : NULL;
}

/* ---- results ---- */

enum what { OF_REFERENCES, OF_FAULTS, OF_OPT };

static void add_counts(
	struct bel_blame_row *row, const struct bel_blame_count *from, enum what what)
{
	if (what == OF_REFERENCES) {
		row->references += from->references;
		return;
	}
	if (what == OF_OPT) {
		row->opt_faults += from->faults;
		return;
	}
	row->faults += from->faults;
	row->compulsory += from->compulsory;
	row->evictions += from->evictions;
	row->needed += from->needed;
	row->writebacks += from->writebacks;
}

/* Adds counts of a counter to the table. */
static int take(struct bel_blame_numbering *numbering, const struct bel_blame_counter *counter,
	enum what what, struct bel_err *err)
{
	if (bel_blame_numbering_use(numbering, counter->keys, err) < 0)
		return BEL_FAIL;
	for (uint32_t key = 0; key < counter->keys->key.count; key++) {
		struct bel_blame_row *row;
		uint32_t number;

		if (bel_blame_numbering_key(numbering, key, &number, err) < 0)
			return BEL_FAIL;
		row = bel_blame_table_row(numbering->table, number, err);
		if (!row)
			return BEL_FAIL;
		add_counts(row, &counter->count[key], what);
	}
	return BEL_OK;
}

int bel_blame_fill(const struct bel_blame *blame, size_t index, struct bel_granules pages,
	struct bel_blame_table *table, struct bel_err *err)
{
	const struct bel_blame_run *const run = &blame->run[index];
	const struct bel_blame_counter *const references =
		blame->references ? blame->references : blame->run[0].counter;
	const struct bel_err *const failed = blame->references_err.code ? &blame->references_err
					     : run->opt                 ? &run->opt->err
									: &run->err;
	struct bel_blame_numbering numbering;
	int r;

	if (failed->code) {
		if (err)
			*err = *failed;
		return BEL_FAIL;
	}
	table->by = blame->setup.by;
	table->has_opt = run->opt != NULL;
	r = bel_blame_numbering_start(&numbering, pages, table, err);
	if (r == 0)
		r = take(&numbering, references, OF_REFERENCES, err);
	if (r == 0)
		r = take(&numbering, run->counter, OF_FAULTS, err);
	if (r == 0 && run->opt)
		r = take(&numbering, run->opt->counter, OF_OPT, err);
	bel_blame_numbering_end(&numbering);
	bel_blame_table_sum(table);
	return r;
}

int bel_blame_line(const struct bel_blame *blame, size_t index, struct bel_granules pages,
	struct bel_blame_table *table, struct bel_blame_timeline *line, struct bel_err *err)
{
	const struct bel_blame_counter *const counter = blame->run[index].counter;
	const struct bel_blame_timeline *const from = &counter->line;

	struct bel_blame_numbering numbering;
	int r;

	*line = (struct bel_blame_timeline){.width = from->width};
	line->sample = calloc(from->samples + 1, sizeof(*line->sample));
	if (!line->sample)
		return bel_err_memory(err, "faults over time");
	r = bel_blame_numbering_start(&numbering, pages, table, err);
	if (r == 0)
		r = bel_blame_numbering_use(&numbering, counter->keys, err);
	for (; r == 0 && line->samples < from->samples; line->samples++) {
		struct bel_blame_sample *const to = &line->sample[line->samples];

		*to = from->sample[line->samples];
		r = bel_blame_numbering_key(&numbering, to->key, &to->key, err);
	}
	bel_blame_numbering_end(&numbering);
	return r;
}
