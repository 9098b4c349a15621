/* SPDX-License-Identifier: MIT */
/*
 * test_pass.c: what consumers see of a stream is the stream: all of it, in order, its events where
 * they were, its next uses right; whatever the number of threads, and again when it is kept.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pass.h"
#include "rng.h"

enum { CHUNKS = 300, MAX_RUNS = 400, MAX_EVENTS = 3, PAGES = 3000, RUNS = CHUNKS * MAX_RUNS };

/* A trace with two spaces, chunks without runs, and events anywhere. */
static struct bel_run runs[RUNS];
static uint64_t next_use[RUNS];
static struct bel_granule granule[PAGES];
static struct bel_event event[CHUNKS * MAX_EVENTS];
static struct bel_chunk chunk[CHUNKS];
static uint32_t known[CHUNKS]; /* pages by the end of each chunk */
static size_t run_count, event_count;
static uint64_t references;

static void make_events(struct bel_chunk *c, struct bel_rng *rng)
{
	static const char *const name[] = {NULL, "begin", "a long name of a mark"};
	uint64_t at = 0;

	c->events = event + event_count;
	c->event_count = bel_rng_below(rng, MAX_EVENTS + 1);
	for (size_t i = 0; i < c->event_count; i++) {
		at += bel_rng_below(rng, c->count - at + 1);
		event[event_count] = (struct bel_event){.type = BEL_EVENT_THREAD,
			.space = c->space,
			.at = at,
			.value = event_count,
			.name = name[bel_rng_below(rng, 3)]};
		event_count++;
	}
}

static int make_trace(void **state)
{
	static uint64_t coming[PAGES];
	struct bel_rng rng;
	uint64_t now;
	uint32_t pages = 0;

	(void)state;
	bel_rng_seed(&rng, 4);
	for (size_t k = 0; k < CHUNKS; k++) {
		struct bel_chunk *const c = &chunk[k];

		c->space = (uint32_t)bel_rng_below(&rng, 2);
		c->runs = runs + run_count;
		c->count = bel_rng_below(&rng, 5) ? bel_rng_below(&rng, MAX_RUNS) : 0;
		c->now = references;
		for (size_t i = 0; i < c->count; i++) {
			const uint32_t count = 1 + (uint32_t)bel_rng_below(&rng, 9);
			const bool fresh = pages < PAGES && (!pages || !bel_rng_below(&rng, 9));
			const uint32_t page = fresh ? pages : (uint32_t)bel_rng_below(&rng, pages);

			if (fresh)
				granule[pages++] =
					(struct bel_granule){bel_rng_below(&rng, 20000), c->space};
			runs[run_count++] = bel_run_make(page, count, BEL_RUN_DATA);
			c->references += count;
		}
		references += c->references;
		make_events(c, &rng);
		known[k] = pages;
	}
	memset(coming, 0xff, sizeof(coming));
	now = references;
	for (size_t i = run_count; i-- > 0;) {
		next_use[i] = coming[runs[i].page];
		now -= bel_run_count(runs[i]);
		coming[runs[i].page] = now;
	}
	return 0;
}

/* ---- the input ---- */

static int give_next(void *self, struct bel_chunk *out, struct bel_err *err)
{
	size_t *const at = self;

	(void)err;
	if (*at == CHUNKS)
		return 0;
	*out = chunk[(*at)++];
	return 1;
}

static struct bel_granules give_pages(const void *self)
{
	const size_t at = *(const size_t *)self;

	return (struct bel_granules){granule, known[at - 1]};
}

static double fraction(const void *self)
{
	return (double)*(const size_t *)self / CHUNKS;
}

/* ---- a consumer that holds what it sees against the trace ---- */

struct witness {
	bool events, next_uses, places;
	size_t runs, event, cuts, finished, fail_at;
	uint64_t now, left; /* left: of a run that was cut */
	uint64_t interval;
};

static void see_events(struct witness *w, const struct bel_chunk *c)
{
	const uint64_t first = w->runs;

	for (size_t i = 0; i < c->event_count; i++) {
		const struct bel_event *const e = &event[w->event++], *const got = &c->events[i];
		const struct bel_chunk *of = chunk;

		while (e < of->events || e >= of->events + of->event_count)
			of++;
		assert_int_equal(got->value, e->value);
		assert_int_equal(first + got->at, (uint64_t)(of->runs - runs) + e->at);
		if (e->name)
			assert_string_equal(got->name, e->name);
		else
			assert_null(got->name);
	}
}

static int see(
	void *self, const struct bel_chunk *c, struct bel_granules pages, struct bel_err *err)
{
	struct witness *const w = self;

	assert_int_equal(c->now, w->now);
	if (w->events)
		see_events(w, c);
	for (size_t i = 0; i < c->count; i++) {
		const struct bel_run *const want = &runs[w->runs];
		const uint64_t count = bel_run_count(c->runs[i]);

		if (w->fail_at && w->runs == w->fail_at)
			return bel_fail(err, "enough");
		if (!w->left)
			w->left = bel_run_count(*want);
		assert_int_equal(c->runs[i].page, want->page);
		assert_true(c->runs[i].page < pages.count);
		if (w->places)
			assert_int_equal(
				pages.granule[want->page].number, granule[want->page].number);
		w->left -= count;
		w->now += count;
		if (w->next_uses)
			assert_int_equal(c->next[i], w->left ? w->now : next_use[w->runs]);
		w->runs += !w->left;
	}
	assert_int_equal(w->now - c->now, c->references);
	return 0;
}

static int cut(void *self, struct bel_err *err)
{
	struct witness *const w = self;

	(void)err;
	w->cuts++;
	assert_true(w->now % w->interval == 0 || w->now == references);
	return 0;
}

static int finish(void *self, struct bel_err *err)
{
	(void)err;
	((struct witness *)self)->finished++;
	return 0;
}

static const struct bel_consumer plain = {.feed = see, .cut = cut, .finish = finish};
static const struct bel_consumer with_events = {
	.caps = BEL_CONSUMER_EVENTS, .feed = see, .finish = finish};
static const struct bel_consumer with_all = {
	.caps = BEL_CONSUMER_EVENTS | BEL_CONSUMER_NEXT_USE, .feed = see, .finish = finish};
static const struct bel_consumer with_next = {
	.caps = BEL_CONSUMER_NEXT_USE, .feed = see, .cut = cut, .finish = finish};

static struct bel_err err;

static struct bel_pass *pass_of(struct bel_pass_setup *setup, size_t *at)
{
	const struct bel_pass_input input = {.next = give_next,
		.pages = give_pages,
		.fraction = fraction,
		.self = at,
		.page_bits = 12};
	struct bel_pass *pass;

	*at = 0;
	setup->keep.memory = 1 << 22;
	setup->keep.dir = ".";
	pass = bel_pass_new(setup, &input, &err);
	assert_non_null(pass);
	return pass;
}

static void attach(struct bel_pass *pass, const struct bel_consumer *consumer, struct witness *w,
	struct bel_err *own)
{
	own->code = 0;
	assert_int_equal(bel_pass_attach(pass, bel_pass_input(pass), consumer, w, own, &err), 0);
}

static void check_seen(const struct witness *w, const struct bel_err *own)
{
	assert_int_equal(own->code, 0);
	assert_int_equal(w->runs, run_count);
	assert_int_equal(w->now, references);
	assert_int_equal(w->event, w->events ? event_count : 0);
	assert_int_equal(w->finished, 1);
}

static void all_is_seen(void **state)
{
	(void)state;
	for (unsigned threads = 1; threads <= 4; threads++) {
		for (size_t count = 1; count <= 3; count++) {
			struct bel_pass_setup setup = {.threads = threads};
			struct witness w[3] = {{.events = true, .places = true},
				{.next_uses = false},
				{.events = true, .next_uses = true, .places = true}};
			const struct bel_consumer *const by[3] = {&with_events, &plain, &with_all};
			struct bel_err own[3];
			size_t at;
			struct bel_pass *pass = pass_of(&setup, &at);

			for (size_t i = 0; i < count; i++)
				attach(pass, by[i], &w[i], &own[i]);
			assert_int_equal(bel_pass_run(pass, &err), 0);
			for (size_t i = 0; i < count; i++)
				check_seen(&w[i], &own[i]);
			assert_int_equal(bel_stream_references(bel_pass_input(pass)), references);
			assert_false(bel_pass_partial(pass));
			bel_pass_free(pass);
		}
	}
}

static void intervals_are_cut(void **state)
{
	static const uint64_t intervals[] = {1, 7, 1000, 1 << 20};

	(void)state;
	for (size_t k = 0; k < 4; k++) {
		for (unsigned threads = 1; threads <= 3; threads++) {
			struct bel_pass_setup setup = {
				.threads = threads, .interval = intervals[k]};
			struct witness w[2] = {{.interval = intervals[k]},
				{.interval = intervals[k], .next_uses = true}};
			struct bel_err own[2];
			size_t at;
			struct bel_pass *pass = pass_of(&setup, &at);

			attach(pass, &plain, &w[0], &own[0]);
			attach(pass, &with_next, &w[1], &own[1]);
			assert_int_equal(bel_pass_run(pass, &err), 0);
			for (size_t i = 0; i < 2; i++) {
				check_seen(&w[i], &own[i]);
				assert_int_equal(
					w[i].cuts, (references + intervals[k] - 1) / intervals[k]);
			}
			bel_pass_free(pass);
		}
	}
}

/* After the first reading a second consumer comes, after that a third. */
struct later {
	struct bel_pass *pass;
	struct witness w[3];
	struct bel_err own[3];
	size_t readings;
};

static int attach_later(void *host, struct bel_err *e)
{
	struct later *const later = host;

	(void)e;
	if (++later->readings < 3)
		attach(later->pass, later->readings == 1 ? &with_events : &with_all,
			&later->w[later->readings], &later->own[later->readings]);
	return 0;
}

static void kept_streams_are_read_again(void **state)
{
	(void)state;
	for (unsigned threads = 1; threads <= 2; threads++) {
		struct later later = {.w = {{.events = true}, {.events = true, .places = true},
					      {.events = true, .next_uses = true}}};
		struct bel_pass_setup setup = {
			.threads = threads, .between = attach_later, .host = &later};
		size_t at;

		later.pass = pass_of(&setup, &at);
		attach(later.pass, &with_events, &later.w[0], &later.own[0]);
		assert_int_equal(bel_pass_keep(bel_pass_input(later.pass), &err), 0);
		assert_int_equal(bel_pass_run(later.pass, &err), 0);
		assert_int_equal(later.readings, 3);
		for (size_t i = 0; i < 3; i++)
			check_seen(&later.w[i], &later.own[i]);
		bel_pass_free(later.pass);
	}
}

static void one_that_fails_leaves_the_others_alone(void **state)
{
	(void)state;
	for (unsigned threads = 1; threads <= 3; threads++) {
		struct bel_pass_setup setup = {.threads = threads};
		struct witness w[2] = {{.fail_at = 20000}, {.events = true}};
		struct bel_err own[2];
		size_t at;
		struct bel_pass *pass = pass_of(&setup, &at);

		attach(pass, &plain, &w[0], &own[0]);
		attach(pass, &with_events, &w[1], &own[1]);
		assert_int_equal(bel_pass_run(pass, &err), 0);
		assert_string_equal(own[0].text, "enough");
		assert_int_equal(w[0].finished, 0);
		assert_int_equal(w[0].runs, 20000);
		check_seen(&w[1], &own[1]);
		bel_pass_free(pass);
	}
}

static int stop_soon(
	void *self, const struct bel_chunk *c, struct bel_granules pages, struct bel_err *e)
{
	(void)c;
	(void)pages;
	(void)e;
	*(sig_atomic_t *)self = 1;
	return 0;
}

static void a_pass_can_be_stopped(void **state)
{
	static const struct bel_consumer stopper = {.feed = stop_soon};
	sig_atomic_t stop = 0;
	struct bel_pass_setup setup = {.threads = 1, .stop = &stop};
	struct bel_err own = {.code = 0};
	size_t at;
	struct bel_pass *pass = pass_of(&setup, &at);

	(void)state;
	assert_int_equal(
		bel_pass_attach(pass, bel_pass_input(pass), &stopper, &stop, &own, &err), 0);
	assert_int_equal(bel_pass_run(pass, &err), 0);
	assert_true(bel_pass_partial(pass));
	assert_true(at < CHUNKS);
	/* It was not kept. */
	assert_int_equal(
		bel_pass_attach(pass, bel_pass_input(pass), &plain, &stop, &own, &err), BEL_FAIL);
	bel_pass_free(pass);
	bel_pass_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_is_seen),
		cmocka_unit_test(intervals_are_cut),
		cmocka_unit_test(kept_streams_are_read_again),
		cmocka_unit_test(one_that_fails_leaves_the_others_alone),
		cmocka_unit_test(a_pass_can_be_stopped),
	};

	return cmocka_run_group_tests(tests, make_trace, NULL);
}
