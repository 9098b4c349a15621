/* SPDX-License-Identifier: MIT */
/* pass_stream.h: the inside of a pass, for lib/pass alone. */
#ifndef BEL_PASS_STREAM_H
#define BEL_PASS_STREAM_H

#include <xxhash.h>

#include "pool.h"
#include "stage.h"
#include "stream_replay.h"

struct bel_stream {
	struct bel_pass *pass;
	struct bel_filter filter; /* that makes it of the stream that it is a child of */
	void *self;               /* the filter's */
	struct bel_stream *child, *sibling;
	struct bel_stream *following; /* in the list of all */
	XXH3_state_t *digest;         /* NULL: nobody asks */
	unsigned page_bits;
	uint64_t now; /* references so far */
	struct bel_granules pages;
	struct bel_replay *kept; /* NULL: nobody needs it again */
	bool events;             /* a consumer wants them */
	struct bel_next_uses *next_uses;
	struct bel_batch ahead; /* of next_uses */
	size_t ahead_at;
	uint64_t *next; /* room for those of one chunk */
	size_t next_capacity;
	size_t consumers; /* that are being served */
	uint32_t seen;    /* pages that were handed to them, where intervals are cut */
	struct bel_stage stage[2];
	struct bel_granule *granule; /* a copy, where threads look while the input's grows */
	uint32_t granules, granule_capacity;
};

/* A consumer and the stream that it sees. */
struct bel_attachment {
	struct bel_stream *stream;
	const struct bel_consumer *consumer;
	void *self;
	struct bel_err *own;
};

struct bel_pass {
	struct bel_pass_setup setup;
	struct bel_pass_input input;
	struct bel_stream *first, *last; /* all streams; the first is the input's */
	struct bel_attachment *waiting, *active;
	size_t waiting_count, waiting_capacity, active_count, active_capacity;
	struct bel_pool *pool; /* of the present reading */
	bool threaded, read, partial;
	unsigned filling; /* the side of the stages that is being filled */
};

/* ---- serve.c: from streams to consumers ---- */

/* Makes stages and threads for the active consumers. */
int bel_serve_begin(struct bel_pass *pass, struct bel_err *err);

/* A chunk of one stream to its consumers. */
int bel_serve_chunk(struct bel_stream *stream, const struct bel_chunk *chunk,
	struct bel_granules pages, struct bel_err *err);

/* The last interval, and all that is on its way; then each consumer's finish(). */
int bel_serve_end(struct bel_pass *pass, struct bel_err *err);
void bel_serve_release(struct bel_pass *pass);

#endif
