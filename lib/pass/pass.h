/* SPDX-License-Identifier: MIT */
/*
 * pass.h: a trace is read once, for as many consumers as there are.
 *
 * A stream is a sequence of references: those of the input, or what a filter makes of another
 * stream (larger pages, some of the pages, fewer runs). A consumer is attached to a
 * stream and sees all of it, in order: an engine with one policy and one size, a curve
 * algorithm, a machine, an analysis.
 *
 *	struct bel_pass *pass = bel_pass_new(&setup, &input, &err);
 *	struct bel_stream *pages = bel_pass_input(pass);
 *
 *	bel_pass_attach(pass, pages, &consumer, self, &self_err, &err);
 *	bel_pass_run(pass, &err);
 *	bel_pass_free(pass);
 *
 * The first reading reads the input and serves all consumers that need to know nothing
 * beforehand. A stream is kept (in memory, beyond a budget in a file) if a consumer has to see it
 * later: because it needs next uses, or because bel_pass_keep() asks for it. Further readings
 * replay what was kept. After each reading, setup.between() may attach consumers for another one.
 * The run ends when a reading leaves nobody to serve.
 *
 * While the calling thread decodes a stage, the other threads feed the consumers with the stage
 * before it. One consumer is never in two threads at a time. What a consumer sees does not
 * depend on the number of threads.
 */
#ifndef BEL_PASS_H
#define BEL_PASS_H

#include <signal.h>

#include "next_uses.h"
#include "source.h"

struct bel_pass;
struct bel_stream;

enum bel_consumer_cap {
	BEL_CONSUMER_NEXT_USE = 0x1, /* it needs the next use of each run's page */
	BEL_CONSUMER_EVENTS = 0x2,   /* it needs spaces, events and where pages are */
};

struct bel_consumer {
	uint32_t caps; /* enum bel_consumer_cap */
	/*
	 * A piece of the stream, valid until it returns. `pages`: more than any page number in it.
	 * chunk->next is set for NEXT_USE. Space, events, kinds and the places of pages are those
	 * of the stream for EVENTS; else pieces of several spaces are one. What was kept has no
	 * kinds.
	 */
	int (*feed)(void *self, const struct bel_chunk *chunk, struct bel_granules pages,
		struct bel_err *err);
	/* An interval ends here, the trace's last one too. NULL: it does not matter. */
	int (*cut)(void *self, struct bel_err *err);
	/* The reading is over. NULL: nothing is left to do. */
	int (*finish)(void *self, struct bel_err *err);
};

/* Where references come from. All functions but fraction are as bel_source_...() of that name. */
struct bel_pass_input {
	int (*next)(void *self, struct bel_chunk *chunk, struct bel_err *err);
	struct bel_granules (*pages)(const void *self);
	double (*fraction)(const void *self); /* share that was read; negative: not known */
	void *self;
	unsigned page_bits;
};

/* All of a source, which outlives the pass. */
struct bel_pass_input bel_pass_source(struct bel_source *source);

struct bel_pass_setup {
	unsigned threads;  /* the caller's among them; at least 1 */
	uint64_t interval; /* references between two cuts; 0: none. Not with EVENTS */
	struct bel_next_uses_setup keep;
	const volatile sig_atomic_t *stop; /* NULL, or set: the trace ends here */
	/* Called after each reading, nobody else running; may attach consumers. NULL: no more. */
	int (*between)(void *host, struct bel_err *err);
	void *host;
	/* Called now and then while reading; fraction as of the input. NULL: nobody asks. */
	void (*progress)(void *progress_host, uint64_t references, double fraction);
	void *progress_host;
};

struct bel_pass *bel_pass_new(const struct bel_pass_setup *setup,
	const struct bel_pass_input *input, struct bel_err *err);
void bel_pass_free(struct bel_pass *pass); /* NULL is allowed */

/* ---- streams; the pass owns them. Filters are added before bel_pass_run(). ---- */

struct bel_stream *bel_pass_input(struct bel_pass *pass);

/* Pages of 1 << page_bits bytes. With events, what stands between two runs keeps them apart. */
struct bel_stream *bel_pass_coarsen(
	struct bel_pass *pass, struct bel_stream *of, unsigned page_bits, struct bel_err *err);

#define BEL_PASS_REDUCTION "phase"

/*
 * What LRU and OPT need of a stream with that many frames or more (reduce.h). If it turns out
 * that most runs stay, all do from there on. By the method BEL_PASS_REDUCTION.
 */
struct bel_stream *bel_pass_reduce(
	struct bel_pass *pass, struct bel_stream *of, uint64_t min_frames, struct bel_err *err);

/* What a filter of the caller's making leaves of another stream. */
struct bel_filter {
	/*
	 * Takes a chunk; *out is valid until the next call. 1: use *out, then offer the chunk
	 * again; 0: it is taken. *pages is those of *in; it becomes those of *out.
	 */
	int (*take)(void *self, const struct bel_chunk *in, struct bel_granules *pages,
		struct bel_chunk *out, struct bel_err *err);
	/* What is held at the end. NULL: nothing ever is. */
	int (*end)(
		void *self, struct bel_granules *pages, struct bel_chunk *out, struct bel_err *err);
	void (*free)(void *self);
};
struct bel_stream *bel_pass_filter(struct bel_pass *pass, struct bel_stream *of,
	const struct bel_filter *filter, void *self, struct bel_err *err);

/* In the first reading, keeps the stream for others. */
int bel_pass_keep(struct bel_stream *stream, struct bel_err *err);

/*
 * The consumers' next uses are these, one a run, instead of those of the stream's own pages. For
 * consumers that number pages by themselves. To be turned by then; stays the caller's.
 */
void bel_pass_next_uses(struct bel_stream *stream, struct bel_next_uses *next_uses);

/* So far. */
uint64_t bel_stream_references(const struct bel_stream *stream);
uint32_t bel_stream_pages(const struct bel_stream *stream);
uint64_t bel_stream_page_bytes(const struct bel_stream *stream);

/* XXH3-64 of the runs of a coarsened stream, as bel_source_digest() gives it of the input's. */
void bel_stream_digest(const struct bel_stream *stream, char text[17]);

/* ---- consumers ---- */

/*
 * Serves `self` in the next reading that can; after the first, only on a stream that was kept. Its
 * own errors go to *own, which outlives the reading. A consumer with an error is fed no more, and
 * the others go on.
 */
int bel_pass_attach(struct bel_pass *pass, struct bel_stream *stream,
	const struct bel_consumer *consumer, void *self, struct bel_err *own, struct bel_err *err);

/* Reads until nobody is left to serve. Negative: the input failed, or what was kept. */
int bel_pass_run(struct bel_pass *pass, struct bel_err *err);

/* Whether setup.stop ended the trace before its end. */
bool bel_pass_partial(const struct bel_pass *pass);

#endif
