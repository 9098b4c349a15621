/* SPDX-License-Identifier: MIT */
/*
 * curve_reduce.h: curves from less than the whole trace (lib/trace/reduce.h), where the sizes
 * that are asked for allow it.
 *
 * The jobs of a page size that allow it share one stream, which the reduced trace is given to.
 */
#ifndef BEL_CURVE_REDUCE_H
#define BEL_CURVE_REDUCE_H

#include "curve_run.h"

/* Makes a job, whose stream is a whole one and which has its sizes, count a reduced one. */
int curve_reduce_assign(struct curve_run *run, struct curve_job *job, struct bel_err *err);

/*
 * What the jobs of the stream need of a chunk; *less is valid until the next call. 1: offer the
 * chunk again; 0: it is taken.
 */
int curve_reduce_take(struct curve_stream *stream, const struct bel_chunk *chunk, uint32_t pages,
	const struct bel_chunk **less, struct bel_err *err);

/* What is held at the end; at most one call. */
int curve_reduce_end(
	struct curve_stream *stream, const struct bel_chunk **less, struct bel_err *err);

#endif
