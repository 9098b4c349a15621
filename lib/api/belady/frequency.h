/* SPDX-License-Identifier: MIT */
/*
 * frequency.h: finds the page with the fewest references. A reference costs two stores; finding
 * that page costs O(log n) on average.
 *
 * Among pages with equal counts it is the page referenced longest ago, or with latest_first the
 * page referenced last. A reference does not change the heap: its keys are updated only when the
 * least page is wanted. Counts only grow, so if the key on top is up to date, it is the least.
 *
 *	struct bel_frequency often;                           inside the policy's instance
 *	bel_frequency_create(&often, env, 0);                 in init(); nothing to destroy
 *	often.use[page].count = 0;                            a count is kept until it is set
 *	bel_frequency_refer(&often, page, n, time);           n references, the last at `time`
 *	bel_frequency_enter(&often, page);                    after the refer() of its load
 *	bel_frequency_leave(&often, bel_frequency_least(&often));
 */
#ifndef BELADY_FREQUENCY_H
#define BELADY_FREQUENCY_H

#include "heap.h"

/* 44 bytes per page. */
struct bel_frequency {
	struct bel_heap heap; /* its keys may be out of date */
	struct bel_uses {
		uint64_t count;
		uint64_t time; /* of a page's last reference */
	} * use;
	int latest_first;
};

/* Registers the arrays. If that fails, the engine reports it. */
BEL_INLINE void bel_frequency_create(
	struct bel_frequency *often, const struct bel_env *env, int latest_first)
{
	often->latest_first = latest_first;
	bel_heap_create(&often->heap, env);
	env->page_array(env->host, &often->use, sizeof(*often->use));
}

BEL_INLINE void bel_frequency_refer(
	struct bel_frequency *often, uint32_t page, uint32_t n, uint64_t time)
{
	often->use[page].count += n;
	often->use[page].time = time;
}

BEL_INLINE struct bel_key bel_frequency_key(const struct bel_frequency *often, uint32_t page)
{
	const uint64_t time = often->use[page].time;

	return (struct bel_key){.major = often->use[page].count,
		.minor = often->latest_first ? BEL_NEVER - time : time};
}

/* Fetches what is read of a page that may leave soon. */
BEL_INLINE void bel_frequency_fetch(const struct bel_frequency *often, uint32_t page)
{
	__builtin_prefetch(&often->use[page], 1);
	__builtin_prefetch(&often->heap.place[page], 1);
}

BEL_INLINE void bel_frequency_enter(struct bel_frequency *often, uint32_t page)
{
	bel_heap_set(&often->heap, page, bel_frequency_key(often, page));
}

/* One page leaves and another enters; cheaper than the two functions for that. */
BEL_INLINE void bel_frequency_replace(struct bel_frequency *often, uint32_t leaves, uint32_t enters)
{
	bel_heap_replace(&often->heap, leaves, enters, bel_frequency_key(often, enters));
}

BEL_INLINE void bel_frequency_leave(struct bel_frequency *often, uint32_t page)
{
	bel_heap_remove(&often->heap, page);
}

/* The page with the fewest references; UINT32_MAX if there is none. */
static __attribute__((unused)) uint32_t bel_frequency_least(struct bel_frequency *often)
{
	uint32_t page = UINT32_MAX;

	while (bel_heap_least(&often->heap, &page)) {
		const struct bel_key key = bel_frequency_key(often, page);

		if (!bel_key_less(often->heap.entry[0].key, key))
			break;
		bel_heap_set_least(&often->heap, key);
		bel_heap_fetch_next(&often->heap, often->use, sizeof(*often->use));
	}
	return page;
}

#endif
