/* SPDX-License-Identifier: MIT */
/* filter.c: the origins of streams: a source, or another stream. */
#include <stdlib.h>

#include "coarsen.h"
#include "pass_stream.h"
#include "reduce.h"
#include "reduction_scope.h"

/* ---- a source ---- */

static int source_next(void *self, struct bel_chunk *chunk, struct bel_err *err)
{
	return bel_source_next(self, chunk, err);
}

static struct bel_granules source_pages(const void *self)
{
	return bel_source_pages(self);
}

static double source_fraction(const void *self)
{
	return bel_source_fraction(self);
}

struct bel_pass_input bel_pass_source(struct bel_source *source)
{
	return (struct bel_pass_input){
		.next = source_next,
		.pages = source_pages,
		.fraction = source_fraction,
		.self = source,
		.page_bits = bel_source_page_bits(source),
	};
}

/* ---- larger pages ---- */

static int coarsen_take(void *self, const struct bel_chunk *in, struct bel_granules *pages,
	struct bel_chunk *out, struct bel_err *err)
{
	const int r = bel_coarsen_add(self, in, *pages, out, err);

	*pages = bel_coarsen_granules(self);
	return r;
}

static int coarsen_end(
	void *self, struct bel_granules *pages, struct bel_chunk *out, struct bel_err *err)
{
	(void)err;
	bel_coarsen_end(self, out);
	*pages = bel_coarsen_granules(self);
	return BEL_OK;
}

static void coarsen_free(void *self)
{
	bel_coarsen_free(self);
}

struct bel_stream *bel_pass_coarsen(
	struct bel_pass *pass, struct bel_stream *of, unsigned page_bits, struct bel_err *err)
{
	static const struct bel_filter filter = {coarsen_take, coarsen_end, coarsen_free};
	struct bel_coarsen *const coarsen = bel_coarsen_new(page_bits - of->page_bits, false, err);
	struct bel_stream *const stream =
		coarsen ? bel_pass_filter(pass, of, &filter, coarsen, err) : NULL;

	if (!stream)
		return NULL;
	stream->page_bits = page_bits;
	stream->digested = true;
	return stream;
}

/* ---- fewer runs ---- */

enum {
	LEAST_FRAMES = 64,
	TRIAL = 1 << 20, /* runs of the trial; at least half of them must be left out */
};

struct reduction {
	struct bel_reducer *reducer; /* NULL: the trial failed and the reducer is empty */
	bool whole;                  /* no more runs are left out */
};

static int reduce_take(void *self, const struct bel_chunk *in, struct bel_granules *pages,
	struct bel_chunk *out, struct bel_err *err)
{
	struct reduction *const reduction = self;
	struct bel_reducer *const reducer = reduction->reducer;
	/* Processes and events have no effect here. */
	const struct bel_chunk plain = {
		.runs = in->runs, .count = in->count, .references = in->references};
	const struct bel_chunk *less = in;
	int r = 0;

	if (reduction->whole) {
		bel_reducer_free(reducer); /* what it held was given in the last call */
		reduction->reducer = NULL;
	} else if (bel_reducer_read(reducer) < TRIAL ||
		   bel_reducer_kept(reducer) <= bel_reducer_read(reducer) / 2) {
		r = bel_reducer_chunk(reducer, &plain, pages->count, &less, err);
	} else {
		reduction->whole = true;
		r = bel_reducer_end(reducer, &less, err) < 0 ? BEL_FAIL : 1;
	}
	if (r >= 0)
		*out = *less;
	return r;
}

static int reduce_end(
	void *self, struct bel_granules *pages, struct bel_chunk *out, struct bel_err *err)
{
	const struct reduction *const reduction = self;
	const struct bel_chunk *less;

	(void)pages;
	*out = (struct bel_chunk){.count = 0};
	if (reduction->whole)
		return BEL_OK;
	if (bel_reducer_end(reduction->reducer, &less, err) < 0)
		return BEL_FAIL;
	*out = *less;
	return BEL_OK;
}

static void reduce_free(void *self)
{
	struct reduction *const reduction = self;

	bel_reducer_free(reduction->reducer);
	free(reduction);
}

bool bel_pass_reduction_pays(const char *policy, uint64_t frames)
{
	const struct bel_trace_info reduced = {
		.valid_policies = bel_reduction_holds_for(BEL_PASS_REDUCTION),
		.min_frames = LEAST_FRAMES,
	};
	struct bel_err why;

	return bel_reduction_scope_check(&reduced, policy, frames, &why) == BEL_OK;
}

struct bel_stream *bel_pass_reduce(
	struct bel_pass *pass, struct bel_stream *of, uint64_t min_frames, struct bel_err *err)
{
	static const struct bel_filter filter = {reduce_take, reduce_end, reduce_free};
	struct reduction *const reduction = calloc(1, sizeof(*reduction));

	if (!reduction) {
		bel_err_memory(err, "a reduction");
		return NULL;
	}
	if (bel_reducer_new(&reduction->reducer, BEL_PASS_REDUCTION, min_frames, err) < 0) {
		free(reduction);
		return NULL;
	}
	return bel_pass_filter(pass, of, &filter, reduction, err);
}
