/* SPDX-License-Identifier: MIT */
/*
 * random_stream.h: makes exact traces from a seed: references that cross pages, in up to three
 * address spaces, with events of every type between them.
 *
 *	struct random_stream s;
 *	random_stream_make(&s, &rng, 2000);
 *	... s.batch[0 .. s.batches - 1] ...
 *	random_stream_release(&s);
 */
#ifndef BEL_RANDOM_STREAM_H
#define BEL_RANDOM_STREAM_H

#include "rng.h"
#include "trace.h"

struct random_stream {
	struct bel_trace_info info; /* exact: granule_bits 0 */
	struct bel_accesses *batch; /* no batch is without references and events */
	size_t batches;
};

void random_stream_make(struct random_stream *s, struct bel_rng *rng, size_t max_count);
void random_stream_release(struct random_stream *s);

#endif
