/* SPDX-License-Identifier: MIT */
/* curve_reduce.c: curves from less than the whole trace, where it is worth it. */
#include "curve_reduce.h"

#include "guarantee.h"
#include "number.h"

#define METHOD "phase"

enum {
	LEAST_FRAMES = 4, /* below, there is not much to leave out */
	TRIAL = 1 << 20,  /* runs, of which half must go for it to go on */
};

/* Shares of the footprint come too late in a pipe, and a file shall not differ. */
int curve_reduce_assign(struct curve_run *run, struct curve_job *job, struct bel_err *err)
{
	const struct bel_trace_info reduced = {
		.holds_for = bel_reduction_holds_for(METHOD),
		.least_frames = LEAST_FRAMES,
	};
	struct curve_stream *stream;
	struct bel_err why;

	if (!job->algorithm || !job->count || job->windows || job->sampled || run->how->interval ||
		bel_frames_need_footprint(run->how->frames) ||
		bel_source_info(run->source)->holds_for ||
		bel_guarantee_check(&reduced, job->want->name, job->x[0], &why) < 0)
		return BEL_OK;
	job->stream += BEL_STREAM_REDUCED * run->sizes;
	stream = &run->stream[job->stream];
	if (stream->reducer)
		return BEL_OK; /* the sizes are the same for all jobs */
	stream->least_frames = job->x[0];
	return bel_reducer_new(&stream->reducer, METHOD, stream->least_frames, err);
}

int curve_reduce_take(struct curve_stream *stream, const struct bel_chunk *chunk, uint32_t pages,
	const struct bel_chunk **less, struct bel_err *err)
{
	/* Neither processes nor events matter here. */
	const struct bel_chunk plain = {
		.runs = chunk->runs, .count = chunk->count, .references = chunk->references};
	const struct bel_reducer *reducer = stream->reducer;

	*less = chunk;
	if (stream->whole) {
		bel_reducer_free(stream->reducer); /* what it held last is taken now */
		stream->reducer = NULL;
		return 0;
	}
	if (bel_reducer_read(reducer) < TRIAL ||
		bel_reducer_kept(reducer) <= bel_reducer_read(reducer) / 2)
		return bel_reducer_chunk(stream->reducer, &plain, pages, less, err);
	stream->whole = true;
	return bel_reducer_end(stream->reducer, less, err) < 0 ? BEL_FAIL : 1;
}

int curve_reduce_end(
	struct curve_stream *stream, const struct bel_chunk **less, struct bel_err *err)
{
	static const struct bel_chunk nothing;

	*less = &nothing;
	return stream->whole ? BEL_OK : bel_reducer_end(stream->reducer, less, err);
}
