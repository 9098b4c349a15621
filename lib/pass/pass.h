/* SPDX-License-Identifier: MIT */
/*
 * pass.h: reads a trace once and feeds any number of consumers.
 *
 * A stream is a sequence of references: the input, or what a filter makes of another stream
 * (larger pages, a sample of the pages, fewer runs). A consumer is attached to one stream and sees
 * all of it, in order. Consumers are engines with one policy and one size, curve algorithms,
 * machines and analyses.
 *
 *	struct bel_pass *pass = bel_pass_new(&setup, &input, &err);
 *	struct bel_stream *pages = bel_pass_input(pass);
 *
 *	bel_pass_attach(pass, pages, &consumer, self, &self_err, &err);
 *	bel_pass_run(pass, &err);
 *	bel_pass_free(pass);
 *
 * The first reading reads the input. It serves all consumers that need no information beforehand.
 * A stream is kept (in memory; beyond a budget, in a file) if a consumer has to read it later:
 * because it needs next uses, or because bel_pass_keep() was called. Further readings replay what
 * was kept. After each reading, setup.between() may attach consumers for another one. The run ends
 * when no consumer is left after a reading.
 *
 * Threads: the calling thread decodes one stage while the other threads feed the consumers with
 * the stage before it. A consumer is never used by two threads at the same time. What a consumer
 * sees does not depend on the number of threads.
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
	BEL_CONSUMER_EVENTS = 0x2,   /* it needs address spaces, events and page addresses */
};

struct bel_consumer {
	uint32_t caps; /* enum bel_consumer_cap */
	/*
	 * A piece of the stream, valid until feed() returns. `pages`: more than any page number in
	 * it. With NEXT_USE, chunk->next is set. With EVENTS, the chunk has the stream's space,
	 * events, kinds and page addresses. Without EVENTS, one piece may hold runs of several
	 * spaces. A stream that was kept has no kinds.
	 */
	int (*feed)(void *self, const struct bel_chunk *chunk, struct bel_granules pages,
		struct bel_err *err);
	/* An interval ends here, also the trace's last one. NULL: not needed. */
	int (*cut)(void *self, struct bel_err *err);
	/* The reading is over. NULL: not needed. */
	int (*finish)(void *self, struct bel_err *err);
};

/*
 * Where references come from. All functions but fraction() work as the bel_source_...() of that
 * name.
 */
struct bel_pass_input {
	int (*next)(void *self, struct bel_chunk *chunk, struct bel_err *err);
	struct bel_granules (*pages)(const void *self);
	double (*fraction)(const void *self); /* share read so far; negative: not known */
	void *self;
	unsigned page_bits;
};

/* A whole source. It must outlive the pass. */
struct bel_pass_input bel_pass_source(struct bel_source *source);

struct bel_pass_setup {
	unsigned threads;  /* including the caller's; at least 1 */
	uint64_t interval; /* references between two cuts; 0: no cuts. Not with EVENTS */
	struct bel_next_uses_setup keep;
	const volatile sig_atomic_t *stop; /* may be NULL; when set, the trace ends early */
	/*
	 * Called after each reading, while no other thread runs. It may attach consumers. May be
	 * NULL.
	 */
	int (*between)(void *host, struct bel_err *err);
	void *host;
	/* Called now and then while reading; fraction is that of the input. May be NULL. */
	void (*progress)(void *progress_host, uint64_t references, double fraction);
	void *progress_host;
};

struct bel_pass *bel_pass_new(const struct bel_pass_setup *setup,
	const struct bel_pass_input *input, struct bel_err *err);
void bel_pass_free(struct bel_pass *pass); /* NULL is allowed */

/* ---- streams; the pass owns them. Filters are added before bel_pass_run(). ---- */

struct bel_stream *bel_pass_input(struct bel_pass *pass);

/* Pages of 1 << page_bits bytes. With EVENTS, two runs are not joined across an event. */
struct bel_stream *bel_pass_coarsen(
	struct bel_pass *pass, struct bel_stream *of, unsigned page_bits, struct bel_err *err);

#define BEL_PASS_REDUCTION "phase"

/*
 * Whether the reduction below holds for a built-in policy with default parameters and this number of
 * frames, and saves time there. With few frames it costs more than it saves: bel-curve -f 4:248:4
 * took .182 s with it on a trace of gzip, .115 without.
 */
bool bel_pass_reduction_pays(const char *policy, uint64_t frames);

/*
 * Leaves out runs that LRU and OPT do not need with `min_frames` frames or more (reduce.h), by the
 * method BEL_PASS_REDUCTION. If most runs would remain, it stops leaving out runs.
 */
struct bel_stream *bel_pass_reduce(
	struct bel_pass *pass, struct bel_stream *of, uint64_t min_frames, struct bel_err *err);

/* A filter made by the caller. */
struct bel_filter {
	/*
	 * Processes a chunk. 1: use *out, then offer the same chunk again; 0: the chunk is done.
	 * *out is valid until the next call. *pages is that of *in and is changed to that of *out.
	 */
	int (*take)(void *self, const struct bel_chunk *in, struct bel_granules *pages,
		struct bel_chunk *out, struct bel_err *err);
	/* Gives what the filter still holds at the end. NULL: it never holds anything. */
	int (*end)(
		void *self, struct bel_granules *pages, struct bel_chunk *out, struct bel_err *err);
	void (*free)(void *self);
};
struct bel_stream *bel_pass_filter(struct bel_pass *pass, struct bel_stream *of,
	const struct bel_filter *filter, void *self, struct bel_err *err);

/* Keeps events of the stream, too, if it is kept: for consumers of later readings. Call it first. */
void bel_pass_keep_events(struct bel_stream *stream);

/* Keeps the stream in the first reading, for consumers of later readings. */
int bel_pass_keep(struct bel_stream *stream, struct bel_err *err);

/*
 * Sets the next uses that the stream's consumers see, one per run, instead of those of the
 * stream's own pages. This is for consumers that number pages themselves. They must be computed
 * before the consumers run. They belong to the caller.
 */
void bel_pass_next_uses(struct bel_stream *stream, struct bel_next_uses *next_uses);

/* Counts so far. */
uint64_t bel_stream_references(const struct bel_stream *stream);
uint32_t bel_stream_pages(const struct bel_stream *stream);
uint64_t bel_stream_page_bytes(const struct bel_stream *stream);

/* The digest (run_digest.h) of a coarsened stream; bel_source_digest() gives that of the input. */
void bel_stream_digest(const struct bel_stream *stream, char text[17]);

/* ---- consumers ---- */

/*
 * Serves `self` in the next possible reading. After the first reading, the stream must have been
 * kept. The consumer's own errors go to *own, which outlives the reading. A consumer with an error
 * is fed no more; the others continue.
 */
int bel_pass_attach(struct bel_pass *pass, struct bel_stream *stream,
	const struct bel_consumer *consumer, void *self, struct bel_err *own, struct bel_err *err);

/* Reads until no consumer is left. Negative: the input failed, or the stored stream. */
int bel_pass_run(struct bel_pass *pass, struct bel_err *err);

/* Whether setup.stop ended the trace early. */
bool bel_pass_partial(const struct bel_pass *pass);

#endif
