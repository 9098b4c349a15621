/* SPDX-License-Identifier: MIT */
/* simulate.c: a trace from its source through a fleet of policies. */
#include "simulate.h"

#include <stdlib.h>

#include "guarantee.h"
#include "number.h"
#include "progress.h"

struct run {
	const struct simulation *how;
	struct bel_source *source;
	struct bel_fleet *fleet;    /* NULL: not yet */
	struct bel_lookahead *kept; /* NULL: nobody needs the trace twice */
	struct bel_progress progress;
	uint64_t references;
};

/* A reduced trace holds for some policies, from some number of frames on. */
static int check_guarantee(
	const struct run *run, const struct bel_fleet_setup *setup, struct bel_err *err)
{
	const struct bel_trace_info *info = bel_source_info(run->source);

	for (size_t s = 0; s < setup->spec_count; s++)
		for (size_t i = 0; i < setup->frame_count; i++)
			if (bel_guarantee_check(
				    info, setup->specs[s].policy->name, setup->frames[i], err) < 0)
				return BEL_FAIL;
	return BEL_OK;
}

/* `footprint`: pages of the trace, 0 if not known yet. */
static int make_fleet(struct run *run, uint64_t footprint, struct bel_err *err)
{
	struct bel_fleet_setup setup = run->how->fleet;
	uint64_t *frames;
	int r = bel_parse_frames(run->how->frames, footprint, &frames, &setup.frame_count, err);

	if (r < 0)
		return r;
	setup.frames = frames;
	if (check_guarantee(run, &setup, err) == BEL_OK)
		run->fleet = bel_fleet_new(&setup, err);
	free(frames);
	return run->fleet ? 0 : err->code;
}

static int keep_trace(struct run *run, struct bel_err *err)
{
	run->kept = bel_lookahead_new(&run->how->keep, err);
	return run->kept ? 0 : BEL_FAIL;
}

/* The whole source goes to the fleet, to what is kept, or to both. */
static int read_source(struct run *run, struct bel_err *err)
{
	struct bel_chunk chunk;
	int r;

	if (run->fleet)
		bel_fleet_begin(run->fleet, BEL_FLEET_PLAIN);
	while ((r = bel_source_next(run->source, &chunk, err)) > 0) {
		const struct bel_batch batch = {
			.runs = chunk.runs, .count = chunk.count, .now = chunk.now};

		if (run->fleet)
			bel_fleet_feed(run->fleet, &batch, bel_source_pages(run->source).count);
		if (run->kept) {
			r = bel_lookahead_add(run->kept, chunk.runs, chunk.count, err);
			if (r < 0)
				return r;
		}
		run->references += chunk.references;
		bel_progress_update(
			&run->progress, run->references, bel_source_fraction(run->source));
	}
	if (run->fleet)
		bel_fleet_finish(run->fleet);
	return r;
}

/* What was kept goes to the members of a pass. */
static int read_kept(struct run *run, unsigned pass, struct bel_err *err)
{
	const uint32_t pages = bel_lookahead_pages(run->kept);
	struct bel_batch batch;
	int r;

	if (bel_fleet_needs_future(run->fleet) && bel_lookahead_turn(run->kept, err) < 0)
		return err->code;
	bel_fleet_begin(run->fleet, pass);
	while ((r = bel_lookahead_read(run->kept, &batch, err)) > 0) {
		bel_fleet_feed(run->fleet, &batch, pages);
		bel_progress_update(
			&run->progress, batch.now, (double)batch.now / (double)run->references);
	}
	bel_fleet_finish(run->fleet);
	return r;
}

/* In two readings, the first of which finds the footprint alone. */
static int run_all_kept(struct run *run, struct bel_err *err)
{
	int r = keep_trace(run, err);

	if (r == 0)
		r = read_source(run, err);
	if (r == 0 && run->references == 0)
		return bel_fail(err, "the trace has no references, so no footprint");
	if (r == 0)
		r = make_fleet(run, bel_source_pages(run->source).count, err);
	return r < 0 ? r : read_kept(run, BEL_FLEET_PLAIN | BEL_FLEET_FUTURE, err);
}

/* In one reading but for the policies that know the future. footprint 0: not needed. */
static int run_as_read(struct run *run, uint64_t footprint, struct bel_err *err)
{
	int r = make_fleet(run, footprint, err);
	bool future;

	if (r < 0)
		return r;
	future = bel_fleet_needs_future(run->fleet);
	if (future)
		r = keep_trace(run, err);
	if (r == 0)
		r = read_source(run, err);
	return r < 0 || !future ? r : read_kept(run, BEL_FLEET_FUTURE, err);
}

int simulate(const struct simulation *simulation, struct bel_source *source,
	struct bel_fleet **fleet, struct run_trace *trace, struct bel_err *err)
{
	struct run run = {.how = simulation, .source = source};
	uint64_t footprint = 0;
	int r;

	bel_progress_start(
		&run.progress, stderr, simulation->progress, simulation->progress != NULL);
	r = bel_frames_need_footprint(simulation->frames)
		    ? bel_source_footprint(source, &footprint, err)
		    : 1;
	if (r >= 0)
		r = r > 0 ? run_as_read(&run, footprint, err) : run_all_kept(&run, err);
	bel_progress_end(&run.progress);
	bel_lookahead_free(run.kept);
	if (r < 0) {
		bel_fleet_free(run.fleet);
		return r;
	}
	*fleet = run.fleet;
	bel_source_digest(source, trace->digest);
	trace->identity = (struct trace_identity){
		.name = bel_source_title(source),
		.file = bel_source_file(source),
		.digest = trace->digest,
		.references = run.references,
		.pages = bel_source_pages(source).count,
		.page_bytes = (uint64_t)1 << bel_source_page_bits(source),
	};
	trace->seed = simulation->fleet.seed;
	return 0;
}
