/* SPDX-License-Identifier: MIT */
/* serve.c: feeds the consumers of a reading in parallel, on all cores. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pass_stream.h"

static int clear_stage(struct bel_stream *stream, unsigned side, uint64_t now, struct bel_err *err)
{
	stream->stage[side].events = stream->events;
	return bel_stage_clear(&stream->stage[side], now,
		bel_stage_capacity(stream->pages.count, stream->consumers), err);
}

int bel_serve_begin(struct bel_pass *pass, struct bel_err *err)
{
	size_t others = pass->setup.threads > 1 ? pass->setup.threads - 1 : 0;

	for (struct bel_stream *s = pass->first; s; s = s->following)
		s->consumers = s->seen = 0;
	for (size_t i = 0; i < pass->active_count; i++)
		pass->active[i].stream->consumers++;
	for (struct bel_stream *s = pass->first; s; s = s->following) {
		for (unsigned side = 0; s->consumers && side < 2; side++)
			if (clear_stage(s, side, 0, err) < 0)
				return BEL_FAIL;
	}
	/* The caller's thread decodes, then helps. */
	others = others < pass->active_count ? others : pass->active_count;
	pass->threaded = others > 0;
	pass->filling = 0;
	pass->pool = bel_pool_new(others, err);
	return pass->pool ? BEL_OK : BEL_FAIL;
}

void bel_serve_release(struct bel_pass *pass)
{
	bel_pool_free(pass->pool);
	pass->pool = NULL;
	pass->active_count = 0;
}

static uint64_t thread_ns(void)
{
	struct timespec now = {.tv_sec = 0};

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* A task of the pool: feeds one consumer with the stage that is not being filled. */
static void feed(void *argument, size_t index)
{
	const struct bel_pass *const pass = argument;
	struct bel_attachment *const to = &pass->active[index];
	const uint64_t before = pass->threaded ? thread_ns() : 0;
	const struct bel_stage *const stage = &to->stream->stage[!pass->filling];
	const struct bel_granule *const granule =
		pass->threaded ? to->stream->granule : to->stream->pages.granule;

	if (!to->own->code)
		bel_stage_feed(stage, to->consumer, to->self, granule, to->own);
	to->ns = pass->threaded ? thread_ns() - before : 0;
}

static int longest_first(const void *a, const void *b)
{
	const uint64_t one = ((const struct bel_attachment *)a)->ns;
	const uint64_t other = ((const struct bel_attachment *)b)->ns;

	return one < other ? 1 : one > other ? -1 : 0;
}

static void finish(void *argument, size_t index)
{
	const struct bel_pass *const pass = argument;
	const struct bel_attachment *const to = &pass->active[index];

	if (!to->own->code && to->consumer->finish)
		to->consumer->finish(to->self, to->own);
}

/* Threads use the page addresses of a stage while the input may move its own array. */
static int copy_granules(struct bel_stream *stream, struct bel_err *err)
{
	const uint32_t count = stream->pages.count;

	if (!stream->pages.granule || count == stream->granules)
		return BEL_OK;
	if (count > stream->granule_capacity) {
		const uint32_t capacity = count + count / 2;
		struct bel_granule *const grown =
			reallocarray(stream->granule, capacity, sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "pages");
		stream->granule = grown;
		stream->granule_capacity = capacity;
	}
	memcpy(stream->granule + stream->granules, stream->pages.granule + stream->granules,
		(count - stream->granules) * sizeof(*stream->granule));
	stream->granules = count;
	return BEL_OK;
}

/* Passes the filled stages to the consumers and starts to fill the others. */
static int hand_over(struct bel_pass *pass, struct bel_err *err)
{
	bel_pool_wait(pass->pool);
	for (struct bel_stream *s = pass->first; s; s = s->following) {
		if (!s->consumers)
			continue;
		if (clear_stage(s, !pass->filling, s->stage[pass->filling].end, err) < 0)
			return BEL_FAIL;
		if (pass->threaded && s->events && copy_granules(s, err) < 0)
			return BEL_FAIL;
	}
	pass->filling = !pass->filling;
	/*
	 * A long task that starts last would keep one thread busy while the others wait. With
	 * bel-sim -p lru,arc,lirs,s3-fifo on 1 M pages, lirs takes 11.4 of 20.6 s.
	 */
	if (pass->threaded)
		qsort(pass->active, pass->active_count, sizeof(*pass->active), longest_first);
	bel_pool_start(pass->pool, feed, pass, pass->active_count);
	if (!pass->threaded)
		bel_pool_wait(pass->pool);
	return BEL_OK;
}

static int add_all(struct bel_stream *stream, const struct bel_chunk *chunk, uint32_t pages,
	struct bel_err *err)
{
	struct bel_pass *const pass = stream->pass;
	size_t from = 0;
	int r;

	for (;;) {
		struct bel_stage *const stage = &stream->stage[pass->filling];

		stage->pages = pages > stage->pages ? pages : stage->pages;
		r = bel_stage_add(stage, chunk, &from, err);
		if (r)
			return r < 0 ? r : BEL_OK;
		if (hand_over(pass, err) < 0)
			return BEL_FAIL;
	}
}

/* A run that crosses the end of an interval is cut there. */
static int add_run(struct bel_stream *stream, struct bel_run run, const uint64_t *next,
	uint32_t pages, struct bel_err *err)
{
	const uint64_t interval = stream->pass->setup.interval;
	const uint32_t flags = run.info & BEL_RUN_FLAGS;
	uint64_t left = bel_run_count(run);

	while (left) {
		struct bel_stage *stage = &stream->stage[stream->pass->filling];
		const uint64_t to_end = interval - stage->end % interval;
		const uint64_t n = left < to_end ? left : to_end;
		const struct bel_run piece = bel_run_make(run.page, (uint32_t)n, flags);
		const uint64_t soon = stage->end + n;
		const struct bel_chunk chunk = {
			.runs = &piece,
			.count = 1,
			.next = next && left > n ? &soon : next,
			.references = n,
		};

		left -= n;
		if (add_all(stream, &chunk, pages, err) < 0)
			return BEL_FAIL;
		stage = &stream->stage[stream->pass->filling];
		if (n == to_end && bel_stage_cut(stage, pages, err) < 0)
			return BEL_FAIL;
	}
	return BEL_OK;
}

static int add_cut(struct bel_stream *stream, const struct bel_chunk *chunk, struct bel_err *err)
{
	uint32_t seen = stream->seen;

	for (size_t i = 0; i < chunk->count; i++) {
		seen += chunk->runs[i].page == seen;
		if (add_run(stream, chunk->runs[i], chunk->next ? chunk->next + i : NULL, seen,
			    err) < 0)
			return BEL_FAIL;
	}
	stream->seen = seen;
	return BEL_OK;
}

/* For one consumer without threads: no copy is needed. */
static void feed_directly(
	const struct bel_pass *pass, const struct bel_chunk *chunk, struct bel_granules pages)
{
	const struct bel_attachment *const to = &pass->active[0];
	struct bel_stage *const stage = &to->stream->stage[0];
	struct bel_chunk direct = *chunk;

	direct.now = stage->end;
	stage->end += chunk->references;
	/* A piece without runs may have events, and kinds of the runs to come. */
	if (!to->own->code && (chunk->count || to->consumer->caps & BEL_CONSUMER_EVENTS))
		to->consumer->feed(to->self, &direct, pages, to->own);
}

int bel_serve_chunk(struct bel_stream *stream, const struct bel_chunk *chunk,
	struct bel_granules pages, struct bel_err *err)
{
	struct bel_pass *const pass = stream->pass;

	if (!stream->consumers)
		return BEL_OK;
	if (!pass->threaded && pass->active_count == 1 && !pass->setup.interval) {
		feed_directly(pass, chunk, pages);
		return BEL_OK;
	}
	return pass->setup.interval ? add_cut(stream, chunk, err)
				    : add_all(stream, chunk, pages.count, err);
}

int bel_serve_end(struct bel_pass *pass, struct bel_err *err)
{
	const uint64_t interval = pass->setup.interval;

	for (struct bel_stream *s = pass->first; interval && s; s = s->following) {
		struct bel_stage *const stage = &s->stage[pass->filling];

		if (s->consumers && stage->end % interval && bel_stage_cut(stage, s->seen, err) < 0)
			return BEL_FAIL;
	}
	if (hand_over(pass, err) < 0)
		return BEL_FAIL;
	bel_pool_wait(pass->pool);
	bel_pool_start(pass->pool, finish, pass, pass->active_count);
	bel_pool_wait(pass->pool);
	return BEL_OK;
}
