/* SPDX-License-Identifier: MIT */
/*
 * blame_counter.h: counts what one engine does by the key of the reference that causes it.
 *
 *	struct bel_blame_counter *counter = bel_blame_counter_new(&setup, &err);
 *
 *	bel_pass_attach(pass, stream, bel_blame_counter_consumer(counter), counter, &own, &err);
 *	... after the pass: counter->count[key], counter->keys ...
 *	bel_blame_counter_free(counter);
 *
 * An eviction or a write-back belongs to the reference at which it happens. An evicted page that is
 * referenced again was still needed.
 *
 * The engine is not changed and not slowed down: a page becomes not resident only when another one
 * faults, so the engine is fed up to each run whose page is not resident. A policy with tick() may
 * evict at any reference, so it is fed run by run.
 *
 * Memory: that of the engine and of the keys, 12 bytes per page, 48 bytes per key.
 */
#ifndef BEL_BLAME_COUNTER_H
#define BEL_BLAME_COUNTER_H

#include "blame_keys.h"
#include "blame_timeline.h"
#include "pass.h"
#include "sim.h"

struct bel_blame_count {
	uint64_t references;
	uint64_t faults, compulsory;
	uint64_t evictions, needed; /* of the evicted pages, those that are referenced again */
	uint64_t writebacks;
};

struct bel_blame_counter {
	struct bel_blame_keys *keys;
	struct bel_blame_count *count;  /* keys->key.count elements */
	struct bel_blame_timeline line; /* empty if it was not asked for */

	/* Private members. */
	uint32_t capacity;
	struct bel_sim *sim; /* NULL: it counts only references */
	bool references, ticks, future, over_time;
	uint32_t *evictor; /* of each page: the key that last evicted it, plus 1; 0: none */
	uint32_t pages;
	uint64_t now;
};

struct bel_blame_counter_setup {
	const struct bel_blame_by *by;
	unsigned page_bits, near_pages; /* as bel_blame_keys_new() takes them */
	bool near_renewed;
	struct bel_sim_setup sim; /* spec NULL: no engine, counts only references */
	bool references;          /* also count the references of all keys; with an engine */
	bool over_time;           /* also keep faults over time */
};

struct bel_blame_counter *bel_blame_counter_new(
	const struct bel_blame_counter_setup *setup, struct bel_err *err);
void bel_blame_counter_free(struct bel_blame_counter *counter); /* NULL is allowed */

const struct bel_consumer *bel_blame_counter_consumer(const struct bel_blame_counter *counter);

#endif
