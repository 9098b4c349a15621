/* SPDX-License-Identifier: MIT */
/* blame_counter.c: finds the faults, victims and write-backs of an engine, and counts them. */
#include "blame_counter.h"

#include <stdlib.h>
#include <string.h>

enum {
	MANY_PAGES = 1 << 17, /* so many are no longer in the cache */
	AHEAD = 32,           /* runs */
};

struct bel_blame_counter *bel_blame_counter_new(
	const struct bel_blame_counter_setup *setup, struct bel_err *err)
{
	struct bel_blame_counter *const counter = calloc(1, sizeof(*counter));

	if (!counter) {
		bel_err_memory(err, "counts by key");
		return NULL;
	}
	counter->line.width = 1;
	counter->keys = bel_blame_keys_new(
		setup->by, setup->page_bits, setup->near_pages, setup->near_renewed, err);
	if (counter->keys && !setup->sim.spec)
		return counter;
	counter->sim = counter->keys ? bel_sim_new(&setup->sim, err) : NULL;
	if (!counter->sim || bel_sim_list_victims(counter->sim, err) < 0) {
		bel_blame_counter_free(counter);
		return NULL;
	}
	counter->over_time = setup->over_time;
	counter->references = setup->references;
	counter->ticks = setup->sim.spec->policy->hooks->tick != NULL;
	counter->future = (setup->sim.spec->policy->caps & BEL_POLICY_FUTURE) != 0;
	return counter;
}

void bel_blame_counter_free(struct bel_blame_counter *counter)
{
	if (!counter)
		return;
	bel_sim_free(counter->sim);
	bel_blame_keys_free(counter->keys);
	free(counter->count);
	free(counter->evictor);
	bel_blame_timeline_release(&counter->line);
	free(counter);
}

static int reserve_pages(struct bel_blame_counter *counter, uint32_t pages, struct bel_err *err)
{
	uint32_t *grown;

	if (bel_sim_reserve(counter->sim, pages, err) < 0)
		return BEL_FAIL;
	if (pages <= counter->pages)
		return BEL_OK;
	pages += pages / 2;
	grown = reallocarray(counter->evictor, pages, sizeof(*grown));
	if (!grown)
		return bel_err_memory(err, "counts by key");
	memset(grown + counter->pages, 0, (pages - counter->pages) * sizeof(*grown));
	counter->evictor = grown;
	counter->pages = pages;
	return BEL_OK;
}

/* The counts of the key of a reference to the page now. */
static struct bel_blame_count *count_of(struct bel_blame_counter *counter, uint32_t page,
	struct bel_granules pages, uint32_t *key, struct bel_err *err)
{
	struct bel_blame_count *grown;
	uint32_t capacity;

	if (bel_blame_keys_find(counter->keys, page, pages, key, err) < 0)
		return NULL;
	if (*key >= counter->capacity) {
		capacity = *key + *key / 2 + 16;
		grown = reallocarray(counter->count, capacity, sizeof(*grown));
		if (!grown) {
			bel_err_memory(err, "counts by key");
			return NULL;
		}
		memset(grown + counter->capacity, 0,
			(capacity - counter->capacity) * sizeof(*grown));
		counter->count = grown;
		counter->capacity = capacity;
	}
	return &counter->count[*key];
}

/* ---- references ---- */

static int count_run(struct bel_blame_counter *counter, struct bel_run run,
	struct bel_granules pages, struct bel_err *err)
{
	uint32_t key;
	struct bel_blame_count *const to = count_of(counter, run.page, pages, &key, err);

	if (!to)
		return BEL_FAIL;
	to->references += bel_run_count(run);
	return BEL_OK;
}

static int count_references(struct bel_blame_counter *counter, const struct bel_run *runs,
	size_t count, struct bel_granules pages, struct bel_err *err)
{
	const bool ahead = pages.count > MANY_PAGES;

	for (size_t i = 0; i < count; i++) {
		if (ahead && i + AHEAD < count)
			__builtin_prefetch(&counter->keys->page[runs[i + AHEAD].page]);
		bel_blame_keys_refer(counter->keys, runs[i].page);
		if (count_run(counter, runs[i], pages, err) < 0)
			return BEL_FAIL;
	}
	return BEL_OK;
}

/* ---- faults ---- */

/* The page is not resident and is referenced now. `seen`: not for the first time. */
static int count_fault(struct bel_blame_counter *counter, uint32_t page, bool seen, uint64_t now,
	struct bel_granules pages, struct bel_err *err)
{
	uint32_t key;
	struct bel_blame_count *const to = count_of(counter, page, pages, &key, err);

	if (!to)
		return BEL_FAIL;
	to->faults++;
	to->compulsory += !seen;
	if (counter->evictor[page])
		counter->count[counter->evictor[page] - 1].needed++;
	counter->evictor[page] = 0;
	return counter->over_time ? bel_blame_timeline_add(&counter->line, key, now, err) : BEL_OK;
}

/* The pages that were evicted at a reference to the page. */
static int count_victims(struct bel_blame_counter *counter, uint32_t page,
	struct bel_granules pages, struct bel_err *err)
{
	uint32_t victims, key;
	const struct bel_victim *const victim = bel_sim_victims(counter->sim, &victims);
	struct bel_blame_count *to;

	if (!victims)
		return BEL_OK;
	to = count_of(counter, page, pages, &key, err);
	if (!to)
		return BEL_FAIL;
	for (uint32_t i = 0; i < victims; i++) {
		to->evictions++;
		to->writebacks += (victim[i].state & BEL_PAGE_DIRTY) != 0;
		counter->evictor[victim[i].page] = key + 1;
	}
	return BEL_OK;
}

/* Feeds the engine with runs up to time `end`; only at the last one it may fault or evict. */
static int feed_part(struct bel_blame_counter *counter, const struct bel_batch *batch, uint64_t end,
	uint8_t last_state, struct bel_granules pages, struct bel_err *err)
{
	const struct bel_run last = batch->runs[batch->count - 1];
	const uint32_t page = last.page;

	if (!(last_state & BEL_PAGE_RESIDENT) &&
		count_fault(counter, page, last_state & BEL_PAGE_SEEN, end - bel_run_count(last),
			pages, err) < 0)
		return BEL_FAIL;
	if (bel_sim_feed(counter->sim, batch, err) < 0)
		return BEL_FAIL;
	return count_victims(counter, page, pages, err);
}

/*
 * With many pages, what is stored about a page is on its way from memory when the page is
 * referenced. Zipf, 1 M pages: 5.0 -> 3.6 s.
 */
static void look_ahead(const struct bel_blame_counter *counter, uint32_t page)
{
	bel_sim_prefetch(counter->sim, page);
	__builtin_prefetch(&counter->evictor[page]);
	__builtin_prefetch(&counter->keys->page[page]);
}

static int count_faults(struct bel_blame_counter *counter, const struct bel_run *runs,
	const uint64_t *next, size_t count, struct bel_granules pages, struct bel_err *err)
{
	uint32_t known;
	const uint8_t *const state = bel_sim_state(counter->sim, &known);
	const bool ahead = pages.count > MANY_PAGES;
	struct bel_batch batch;

	for (size_t i = 0; i < count; i += batch.count) {
		uint64_t end = counter->now;
		uint8_t last;

		batch = (struct bel_batch){
			.runs = runs + i, .next = next ? next + i : NULL, .now = counter->now};
		do {
			bel_blame_keys_refer(counter->keys, runs[i + batch.count].page);
			if (counter->references &&
				count_run(counter, runs[i + batch.count], pages, err) < 0)
				return BEL_FAIL;
			if (ahead && i + batch.count + AHEAD < count)
				look_ahead(counter, runs[i + batch.count + AHEAD].page);
			last = state[runs[i + batch.count].page];
			end += bel_run_count(runs[i + batch.count]);
			batch.count++;
		} while (last & BEL_PAGE_RESIDENT && !counter->ticks && i + batch.count < count);
		if (feed_part(counter, &batch, end, last, pages, err) < 0)
			return BEL_FAIL;
		counter->now = end;
	}
	return BEL_OK;
}

/* ---- the consumer ---- */

static int feed_runs(struct bel_blame_counter *counter, const struct bel_chunk *chunk, size_t from,
	size_t to, struct bel_granules pages, struct bel_err *err)
{
	const struct bel_run *const runs = chunk->runs + from;

	if (counter->sim)
		return count_faults(counter, runs, chunk->next ? chunk->next + from : NULL,
			to - from, pages, err);
	return count_references(counter, runs, to - from, pages, err);
}

static int feed(
	void *self, const struct bel_chunk *chunk, struct bel_granules pages, struct bel_err *err)
{
	struct bel_blame_counter *const counter = self;
	size_t from = 0;

	if (bel_blame_keys_chunk(counter->keys, chunk->space, pages, err) < 0 ||
		(counter->sim && reserve_pages(counter, pages.count, err) < 0))
		return BEL_FAIL;
	for (size_t i = 0; i <= chunk->event_count; i++) {
		const struct bel_event *const event =
			i < chunk->event_count ? &chunk->events[i] : NULL;
		const size_t to = event && event->at < chunk->count ? event->at : chunk->count;

		if (to > from && feed_runs(counter, chunk, from, to, pages, err) < 0)
			return BEL_FAIL;
		from = to > from ? to : from;
		if (event && bel_blame_keys_event(counter->keys, event, err) < 0)
			return BEL_FAIL;
	}
	return BEL_OK;
}

/* The counts may wait for those of OPT, in the second reading: what counted them is freed now. */
static int finish(void *self, struct bel_err *err)
{
	struct bel_blame_counter *const counter = self;
	struct bel_blame_count *less;

	bel_sim_free(counter->sim);
	free(counter->evictor);
	counter->sim = NULL;
	counter->evictor = NULL;
	bel_blame_keys_close(counter->keys);
	less = reallocarray(counter->count, (size_t)counter->keys->key.count + 1, sizeof(*less));
	if (less)
		counter->count = less;
	return bel_blame_timeline_end(&counter->line, err);
}

const struct bel_consumer *bel_blame_counter_consumer(const struct bel_blame_counter *counter)
{
	static const struct bel_consumer plain = {
		.caps = BEL_CONSUMER_EVENTS, .feed = feed, .finish = finish};
	static const struct bel_consumer knows_future = {
		.caps = BEL_CONSUMER_EVENTS | BEL_CONSUMER_NEXT_USE,
		.feed = feed,
		.finish = finish};

	return counter->future ? &knows_future : &plain;
}
