/* SPDX-License-Identifier: MIT */
/* pass_stream.h: internal structures of a pass; only for lib/pass. */
#ifndef BEL_PASS_STREAM_H
#define BEL_PASS_STREAM_H

#include "pool.h"
#include "run_digest.h"
#include "stage.h"
#include "stream_replay.h"

struct bel_stream {
	struct bel_pass *pass;
	struct bel_filter filter; /* makes this stream from its parent */
	void *self;               /* the filter's */
	struct bel_stream *child, *sibling;
	struct bel_stream *following; /* next in the list of all streams */
	bool digested;                /* `digest` is needed */
	struct bel_run_digest digest;
	unsigned page_bits;
	uint64_t now; /* references so far */
	struct bel_granules pages;
	struct bel_replay *kept; /* NULL: the stream is not kept */
	bool events;             /* a consumer needs events */
	struct bel_next_uses *next_uses;
	struct bel_batch ahead; /* the present batch of next_uses */
	size_t ahead_at;
	uint64_t *next; /* the next uses of one chunk */
	size_t next_capacity;
	size_t consumers; /* number of consumers being served */
	uint32_t seen;    /* pages passed to consumers so far; only if intervals are cut */
	struct bel_stage stage[2];
	struct bel_granule *granule; /* a copy for threads, as the input's array may move */
	uint32_t granules, granule_capacity;
};

/* A consumer and the stream that it sees. */
struct bel_attachment {
	struct bel_stream *stream;
	const struct bel_consumer *consumer;
	void *self;
	struct bel_err *own;
	uint64_t ns; /* CPU time that it took for the last stage; only with threads */
};

struct bel_pass {
	struct bel_pass_setup setup;
	struct bel_pass_input input;
	struct bel_stream *first, *last; /* list of all streams; the first is the input */
	struct bel_attachment *waiting, *active;
	size_t waiting_count, waiting_capacity, active_count, active_capacity;
	struct bel_pool *pool; /* for the present reading */
	bool threaded, read, partial;
	unsigned filling; /* which stage of each pair is being filled */
};

/* ---- serve.c: from streams to consumers ---- */

/* Makes stages and threads for the active consumers. */
int bel_serve_begin(struct bel_pass *pass, struct bel_err *err);

/* Passes a chunk of a stream to its consumers. */
int bel_serve_chunk(struct bel_stream *stream, const struct bel_chunk *chunk,
	struct bel_granules pages, struct bel_err *err);

/* Ends the last interval, delivers what is still held, then calls each consumer's finish(). */
int bel_serve_end(struct bel_pass *pass, struct bel_err *err);
void bel_serve_release(struct bel_pass *pass);

#endif
