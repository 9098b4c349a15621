/* SPDX-License-Identifier: MIT */
/* pass.c: streams and their readings: first of the input, then of what was kept. */
#include "pass.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pass_stream.h"

static struct bel_stream *new_stream(struct bel_pass *pass, struct bel_stream *of,
	const struct bel_filter *filter, void *self, struct bel_err *err)
{
	struct bel_stream *const stream = calloc(1, sizeof(*stream));

	if (!stream) {
		if (filter)
			filter->free(self);
		bel_err_memory(err, "a stream of references");
		return NULL;
	}
	stream->pass = pass;
	stream->self = self;
	if (filter) {
		struct bel_stream **end = &of->child;

		stream->filter = *filter;
		stream->page_bits = of->page_bits;
		while (*end)
			end = &(*end)->sibling;
		*end = stream;
	}
	if (pass->last)
		pass->last->following = stream;
	else
		pass->first = stream;
	pass->last = stream;
	return stream;
}

struct bel_pass *bel_pass_new(
	const struct bel_pass_setup *setup, const struct bel_pass_input *input, struct bel_err *err)
{
	struct bel_pass *const pass = calloc(1, sizeof(*pass));

	if (!pass) {
		bel_err_memory(err, "a pass");
		return NULL;
	}
	pass->setup = *setup;
	pass->input = *input;
	if (new_stream(pass, NULL, NULL, NULL, err)) {
		pass->first->page_bits = input->page_bits;
		return pass;
	}
	free(pass);
	return NULL;
}

void bel_pass_free(struct bel_pass *pass)
{
	struct bel_stream *stream, *following;

	if (!pass)
		return;
	bel_serve_release(pass);
	for (stream = pass->first; stream; stream = following) {
		following = stream->following;
		if (stream->filter.free)
			stream->filter.free(stream->self);
		bel_replay_free(stream->kept);
		for (unsigned side = 0; side < 2; side++)
			bel_stage_release(&stream->stage[side]);
		free(stream->next);
		free(stream->granule);
		free(stream);
	}
	free(pass->waiting);
	free(pass->active);
	free(pass);
}

struct bel_stream *bel_pass_input(struct bel_pass *pass)
{
	return pass->first;
}

struct bel_stream *bel_pass_filter(struct bel_pass *pass, struct bel_stream *of,
	const struct bel_filter *filter, void *self, struct bel_err *err)
{
	return new_stream(pass, of, filter, self, err);
}

void bel_pass_keep_events(struct bel_stream *stream)
{
	stream->events = true;
}

int bel_pass_keep(struct bel_stream *stream, struct bel_err *err)
{
	if (stream->kept)
		return BEL_OK;
	return bel_replay_new(&stream->kept, &stream->pass->setup.keep, stream->events, err);
}

void bel_pass_next_uses(struct bel_stream *stream, struct bel_next_uses *next_uses)
{
	stream->next_uses = next_uses;
}

uint64_t bel_stream_references(const struct bel_stream *stream)
{
	return stream->now;
}

uint32_t bel_stream_pages(const struct bel_stream *stream)
{
	return stream->pages.count;
}

uint64_t bel_stream_page_bytes(const struct bel_stream *stream)
{
	return (uint64_t)1 << stream->page_bits;
}

void bel_stream_digest(const struct bel_stream *stream, char text[17])
{
	bel_run_digest_text(&stream->digest, text);
}

int bel_pass_attach(struct bel_pass *pass, struct bel_stream *stream,
	const struct bel_consumer *consumer, void *self, struct bel_err *own, struct bel_err *err)
{
	if (pass->read && !stream->kept)
		return bel_fail(err, "the stream was not kept and cannot be read again");
	if (pass->waiting_count == pass->waiting_capacity) {
		const size_t capacity = pass->waiting_capacity ? 2 * pass->waiting_capacity : 16;
		struct bel_attachment *const grown =
			reallocarray(pass->waiting, capacity, sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "consumers");
		pass->waiting = grown;
		pass->waiting_capacity = capacity;
	}
	pass->waiting[pass->waiting_count++] = (struct bel_attachment){
		.stream = stream, .consumer = consumer, .self = self, .own = own};
	stream->events |= (consumer->caps & BEL_CONSUMER_EVENTS) != 0;
	if (!pass->read && consumer->caps & BEL_CONSUMER_NEXT_USE)
		return bel_pass_keep(stream, err);
	return BEL_OK;
}

/* Activates the waiting consumers that can be served in this reading. */
static int choose_active(struct bel_pass *pass, struct bel_err *err)
{
	size_t left = 0;

	if (pass->waiting_count > pass->active_capacity) {
		free(pass->active);
		pass->active = calloc(pass->waiting_count, sizeof(*pass->active));
		pass->active_capacity = pass->active ? pass->waiting_count : 0;
		if (!pass->active)
			return bel_err_memory(err, "consumers");
	}
	pass->active_count = 0;
	for (size_t i = 0; i < pass->waiting_count; i++) {
		const struct bel_attachment one = pass->waiting[i];

		if (!pass->read && one.consumer->caps & BEL_CONSUMER_NEXT_USE)
			pass->waiting[left++] = one;
		else
			pass->active[pass->active_count++] = one;
	}
	pass->waiting_count = left;
	return BEL_OK;
}

/* Passes a chunk of a stream to its consumers, its store, and the streams made from it. */
static int give(struct bel_stream *stream, const struct bel_chunk *chunk, struct bel_granules pages,
	struct bel_err *err)
{
	stream->pages = pages;
	if (bel_serve_chunk(stream, chunk, pages, err) < 0)
		return BEL_FAIL;
	stream->now += chunk->references;
	if (stream->digested)
		bel_run_digest_add(&stream->digest, chunk->runs, chunk->count);
	if (stream->kept && bel_replay_add(stream->kept, chunk, err) < 0)
		return BEL_FAIL;
	for (struct bel_stream *child = stream->child; child; child = child->sibling) {
		int again = 1;

		while (again > 0) {
			struct bel_granules of = pages;
			struct bel_chunk out;

			again = child->filter.take(child->self, chunk, &of, &out, err);
			if (again < 0 || give(child, &out, of, err) < 0)
				return BEL_FAIL;
		}
	}
	return BEL_OK;
}

/* At the end, passes on what filters still hold, each before the streams made from it. */
static int give_rest(struct bel_stream *stream, struct bel_err *err)
{
	for (struct bel_stream *child = stream->child; child; child = child->sibling) {
		struct bel_granules of = stream->pages;
		struct bel_chunk out;

		if (child->filter.end && (child->filter.end(child->self, &of, &out, err) < 0 ||
						 give(child, &out, of, err) < 0))
			return BEL_FAIL;
		if (give_rest(child, err) < 0)
			return BEL_FAIL;
	}
	return BEL_OK;
}

static void report(const struct bel_pass *pass, uint64_t references, double fraction)
{
	if (pass->setup.progress)
		pass->setup.progress(pass->setup.progress_host, references, fraction);
}

/* Whether all consumers have failed and no others will follow. */
static bool in_vain(const struct bel_pass *pass)
{
	if (pass->threaded || pass->waiting_count || !pass->active_count)
		return false;
	for (const struct bel_stream *s = pass->first; s; s = s->following)
		if (s->kept)
			return false;
	for (size_t i = 0; i < pass->active_count; i++)
		if (!pass->active[i].own->code)
			return false;
	return true;
}

static int read_input(struct bel_pass *pass, struct bel_err *err)
{
	const struct bel_pass_input *const input = &pass->input;
	const volatile sig_atomic_t *const stop = pass->setup.stop;
	struct bel_chunk chunk;
	int r = 0;

	while (!(stop && *stop) && (r = input->next(input->self, &chunk, err)) > 0) {
		r = give(pass->first, &chunk, input->pages(input->self), err);
		if (r < 0)
			return r;
		report(pass, pass->first->now, input->fraction(input->self));
		if (in_vain(pass))
			return BEL_OK;
	}
	pass->partial = stop && *stop;
	return r < 0 ? r : give_rest(pass->first, err);
}

/* Reads the next uses of a chunk's runs, for consumers that number pages themselves. */
static int read_ahead(struct bel_stream *stream, size_t count, struct bel_err *err)
{
	if (count > stream->next_capacity) {
		uint64_t *const grown = reallocarray(stream->next, count, sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "next uses");
		stream->next = grown;
		stream->next_capacity = count;
	}
	for (size_t have = 0; have < count;) {
		const size_t left = stream->ahead.count - stream->ahead_at;
		const size_t n = left < count - have ? left : count - have;

		if (!left) {
			const int r = bel_next_uses_read(stream->next_uses, &stream->ahead, err);

			if (r <= 0)
				return r < 0 ? r : bel_fail(err, "next uses end too early");
			stream->ahead_at = 0;
			continue;
		}
		memcpy(stream->next + have, stream->ahead.next + stream->ahead_at,
			n * sizeof(*stream->next));
		stream->ahead_at += n;
		have += n;
	}
	return BEL_OK;
}

static int replay(struct bel_stream *stream, bool next_uses, struct bel_err *err)
{
	const struct bel_pass *const pass = stream->pass;
	struct bel_chunk chunk;
	uint64_t now = 0;
	int r = bel_replay_begin(stream->kept, next_uses && !stream->next_uses, err);

	if (r == 0 && stream->next_uses) {
		bel_next_uses_rewind(stream->next_uses);
		stream->ahead.count = stream->ahead_at = 0;
	}
	while (r >= 0 && (r = bel_replay_next(stream->kept, &chunk, err)) > 0) {
		if (next_uses && stream->next_uses) {
			if (read_ahead(stream, chunk.count, err) < 0)
				return BEL_FAIL;
			chunk.next = stream->next;
		}
		r = bel_serve_chunk(stream, &chunk, stream->pages, err);
		now += chunk.references;
		report(pass, now, (double)now / (double)(stream->now + 1));
	}
	return r;
}

/* Reads the kept streams that have consumers, one after the other. */
static int read_kept(struct bel_pass *pass, struct bel_err *err)
{
	for (struct bel_stream *s = pass->first; s; s = s->following) {
		bool next_uses = false;

		if (!s->consumers)
			continue;
		for (size_t i = 0; i < pass->active_count; i++)
			next_uses |= pass->active[i].stream == s &&
				     pass->active[i].consumer->caps & BEL_CONSUMER_NEXT_USE;
		if (replay(s, next_uses, err) < 0)
			return BEL_FAIL;
	}
	return BEL_OK;
}

int bel_pass_run(struct bel_pass *pass, struct bel_err *err)
{
	int r;

	do {
		r = choose_active(pass, err);
		if (r == 0)
			r = bel_serve_begin(pass, err);
		if (r == 0)
			r = pass->read ? read_kept(pass, err) : read_input(pass, err);
		if (r == 0)
			r = bel_serve_end(pass, err);
		bel_serve_release(pass);
		pass->read = true;
		if (r == 0 && pass->setup.between)
			r = pass->setup.between(pass->setup.host, err);
	} while (r == 0 && pass->waiting_count);
	return r < 0 ? r : BEL_OK;
}

bool bel_pass_partial(const struct bel_pass *pass)
{
	return pass->partial;
}
