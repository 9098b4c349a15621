/* SPDX-License-Identifier: MIT */
/*
 * heap.h: finds the page with the least key. Keys may change; a change costs O(log n).
 *
 * A key is two numbers, compared in order. The first is what the policy ranks by; the second
 * decides between equal ones (for example the time of the last reference, or the page's number).
 * All keys must differ: the order of equal keys is not defined.
 *
 *	struct bel_heap heap;                               inside the policy's instance
 *	bel_heap_create(&self->heap, env);                  in init(); nothing to destroy
 *	bel_heap_set(&self->heap, page, (struct bel_key){count, now});    adds or moves
 *	if (bel_heap_least(&self->heap, &page)) ...
 *	bel_heap_remove(&self->heap, page);
 *	bel_heap_replace(&self->heap, victim, page, key);   removes one, adds another
 *
 * A policy that mostly changes the least key needs no places of pages. With bel_heap_create_top(), they
 * are kept only from the first bel_heap_remove() on; until then bel_heap_add() adds pages, and
 * bel_heap_set(), bel_heap_lower() and bel_heap_replace() must not be called:
 *
 *	bel_heap_create_top(&self->heap, env);
 *	bel_heap_add(&self->heap, page, key);                adds a page that is not in the heap
 *
 * To change many keys at once, change heap.entry[at].key and then call bel_heap_mend().
 *
 * A heap of many pages would outgrow the cache. So only entries with low keys are kept as a heap:
 * those below `bound`, the first `near` ones. The others follow in any order, and a change among
 * them is one store. When no near entry is left, about a sixteenth of the others, those with the
 * lowest keys, become near. When more than a quarter is near, most of those become far.
 */
#ifndef BELADY_HEAP_H
#define BELADY_HEAP_H

#include "policy.h"

/*
 * Children of an entry. A page that goes down writes one entry and one place for each level. With
 * four children there are half as many levels as with two, and those are what costs once
 * the arrays outgrow the cache.
 */
#define BEL_HEAP_WAYS 4
#define BEL_HEAP_THREE (1 + BEL_HEAP_WAYS + BEL_HEAP_WAYS * BEL_HEAP_WAYS) /* in three levels */

/* From this many near entries on, they outgrow the cache: those two levels down are fetched ahead. */
#define BEL_HEAP_LARGE 32768

/* Up to this many entries are all near. */
#define BEL_HEAP_SMALL 4096

/* Keys that are compared to find a bound. */
#define BEL_HEAP_SAMPLE 128

struct bel_key {
	uint64_t major, minor;
};

struct bel_heap_entry {
	struct bel_key key;
	uint32_t page;
};

/* 28 bytes per page. Policies read entry and size only. */
struct bel_heap {
	struct bel_heap_entry *entry; /* [0, size) */
	uint32_t *place;              /* of a page: its entry's index + 1; 0: not in the heap */
	uint32_t size;
	uint32_t near;        /* entries [0, near) are a heap; 0 only if size is 0 */
	uint32_t coming;      /* a page that came near the top: its key is wanted soon */
	int placed;           /* `place` is kept */
	struct bel_key bound; /* keys of near entries are less than it, all others are not */
};

#define BEL_HEAP_NO_BOUND ((struct bel_key){BEL_NEVER, BEL_NEVER}) /* above all keys */

BEL_INLINE void bel_heap_start(struct bel_heap *heap, const struct bel_env *env, int placed)
{
	heap->size = heap->near = heap->coming = 0;
	heap->placed = placed;
	heap->bound = BEL_HEAP_NO_BOUND;
	bel_page_list(env, &heap->entry, sizeof(*heap->entry));
}

/* Registers the arrays. If that fails, the engine reports it. */
BEL_INLINE void bel_heap_create(struct bel_heap *heap, const struct bel_env *env)
{
	bel_heap_start(heap, env, 1);
	env->page_array(env->host, &heap->place, sizeof(*heap->place));
}

/*
 * Without places. With many pages, nearly each store of a place is a cache miss, and a page that goes
 * down makes one at each level.
 */
BEL_INLINE void bel_heap_create_top(struct bel_heap *heap, const struct bel_env *env)
{
	bel_heap_start(heap, env, 0);
	bel_page_list(env, &heap->place, sizeof(*heap->place));
}

BEL_INLINE int bel_key_less(struct bel_key a, struct bel_key b)
{
	return a.major != b.major ? a.major < b.major : a.minor < b.minor;
}

BEL_INLINE int bel_heap_has(const struct bel_heap *heap, uint32_t page)
{
	return heap->place[page] != 0;
}

BEL_INLINE struct bel_key bel_heap_key(const struct bel_heap *heap, uint32_t page)
{
	return heap->entry[heap->place[page] - 1].key;
}

BEL_INLINE void bel_heap_put(struct bel_heap *heap, uint32_t at, struct bel_heap_entry entry)
{
	heap->entry[at] = entry;
	if (heap->placed)
		heap->place[entry.page] = at + 1;
}

/*
 * Of the entries from `first` on, up to BEL_HEAP_WAYS, the one with the least key. The compiler makes
 * conditional moves of this: which child is less cannot be predicted.
 */
BEL_INLINE uint32_t bel_heap_least_of(const struct bel_heap *heap, uint32_t first)
{
	const uint32_t left = heap->near - first;
	const uint32_t count = left < BEL_HEAP_WAYS ? left : BEL_HEAP_WAYS;
	uint32_t least = first;

	for (uint32_t i = 1; i < count; i++)
		least = bel_key_less(heap->entry[first + i].key, heap->entry[least].key) ? first + i
											 : least;
	return least;
}

/*
 * The children of the children of an entry follow each other. `child` is its first child. Zipf,
 * 250,000 frames: LRFU takes 14% less time.
 */
BEL_INLINE void bel_heap_fetch_ahead(const struct bel_heap *heap, uint64_t child)
{
	const uint64_t first = BEL_HEAP_WAYS * child + 1;
	const char *const from = (const char *)(heap->entry + first);

	if (heap->near < BEL_HEAP_LARGE || first >= heap->near)
		return;
	for (size_t at = 0; at <= BEL_HEAP_WAYS * BEL_HEAP_WAYS * sizeof(*heap->entry); at += 64)
		__builtin_prefetch(from + at, 1);
}

/* Entry `at` is free: the new entry goes there or below. */
BEL_INLINE void bel_heap_sink(struct bel_heap *heap, uint32_t at, struct bel_heap_entry entry)
{
	uint64_t child;

	while ((child = (uint64_t)BEL_HEAP_WAYS * at + 1) < heap->near) {
		uint32_t least;

		bel_heap_fetch_ahead(heap, child);
		least = bel_heap_least_of(heap, (uint32_t)child);
		if (!bel_key_less(heap->entry[least].key, entry.key))
			break;
		bel_heap_put(heap, at, heap->entry[least]);
		/* It comes to the fourth level, and will be on top after some changes of that. */
		if (at - BEL_HEAP_THREE < BEL_HEAP_WAYS * BEL_HEAP_WAYS * BEL_HEAP_WAYS)
			heap->coming = heap->entry[least].page;
		at = least;
	}
	bel_heap_put(heap, at, entry);
}

/* Entry `at` is free: makes free the place of the new entry, there or above. */
BEL_INLINE uint32_t bel_heap_rise(struct bel_heap *heap, uint32_t at, struct bel_heap_entry entry)
{
	while (at && bel_key_less(entry.key, heap->entry[(at - 1) / BEL_HEAP_WAYS].key)) {
		bel_heap_put(heap, at, heap->entry[(at - 1) / BEL_HEAP_WAYS]);
		at = (at - 1) / BEL_HEAP_WAYS;
	}
	return at;
}

/* Entry `at` is free: the new entry goes there, above or below. */
static __attribute__((unused)) void bel_heap_settle(
	struct bel_heap *heap, uint32_t at, struct bel_heap_entry entry)
{
	const uint32_t to = bel_heap_rise(heap, at, entry);

	/* An entry that has risen is less than all below it. */
	if (to != at)
		bel_heap_put(heap, to, entry);
	else
		bel_heap_sink(heap, at, entry);
}

/*
 * About this share of the first `count` keys is less than the key returned, at least one key. Or
 * up to twice as many, if then no keys of equal `major` are on both sides: in LFU, a page loaded
 * now goes behind the others with one reference, and should stay near them.
 */
static __attribute__((noinline, unused)) struct bel_key bel_heap_pivot(
	const struct bel_heap *heap, uint32_t count, double share)
{
	struct bel_key sample[BEL_HEAP_SAMPLE];
	const uint32_t most = BEL_HEAP_SAMPLE - 1, at = (uint32_t)(share * BEL_HEAP_SAMPLE);
	const uint32_t once = at < 1 ? 1 : at < most ? at : most;
	const uint32_t twice = 2 * once < most ? 2 * once : most;

	for (uint32_t i = 0; i < BEL_HEAP_SAMPLE; i++) {
		const struct bel_key key = heap->entry[(uint64_t)i * count / BEL_HEAP_SAMPLE].key;
		uint32_t to = i;

		for (; to && bel_key_less(key, sample[to - 1]); to--)
			sample[to] = sample[to - 1];
		sample[to] = key;
	}
	if (sample[twice].major > sample[once].major)
		return (struct bel_key){sample[once].major + 1, 0};
	return sample[once];
}

/* Of the first `count` entries, those with the lowest keys become near, and the others far. */
static __attribute__((noinline, unused)) void bel_heap_divide(struct bel_heap *heap, uint32_t count)
{
	const uint32_t few =
		heap->size / 16 > BEL_HEAP_SMALL / 4 ? heap->size / 16 : BEL_HEAP_SMALL / 4;
	uint32_t low = 0, high = count;

	heap->bound = BEL_HEAP_NO_BOUND;
	if (heap->size > BEL_HEAP_SMALL)
		heap->bound = bel_heap_pivot(heap, count, (double)few / count);
	for (;;) {
		struct bel_heap_entry entry;

		while (low < high && bel_key_less(heap->entry[low].key, heap->bound))
			low++;
		while (low < high && !bel_key_less(heap->entry[high - 1].key, heap->bound))
			high--;
		if (low == high)
			break;
		entry = heap->entry[low];
		bel_heap_put(heap, low, heap->entry[high - 1]);
		bel_heap_put(heap, high - 1, entry);
	}
	heap->near = low;
	for (uint32_t at = low / BEL_HEAP_WAYS + 1; at-- > 0;)
		if (at < low)
			bel_heap_sink(heap, at, heap->entry[at]);
}

/* Restores the heap after keys were changed in place, in O(size). */
static __attribute__((unused)) void bel_heap_mend(struct bel_heap *heap)
{
	bel_heap_divide(heap, heap->size);
}

/* Near entry `at` is free: makes free the place behind the near entries instead. */
BEL_INLINE uint32_t bel_heap_shorten(struct bel_heap *heap, uint32_t at)
{
	const uint32_t last = --heap->near;

	if (at != last)
		bel_heap_settle(heap, at, heap->entry[last]);
	return last;
}

/* Entry `at` is free, near or not: the new entry goes where its key belongs. */
static __attribute__((unused)) void bel_heap_place(
	struct bel_heap *heap, uint32_t at, struct bel_heap_entry entry)
{
	const int near = bel_key_less(entry.key, heap->bound);

	if (at < heap->near) {
		if (__builtin_expect(near, 1)) {
			bel_heap_settle(heap, at, entry);
			return;
		}
		bel_heap_put(heap, bel_heap_shorten(heap, at), entry);
		if (__builtin_expect(!heap->near, 0))
			bel_heap_divide(heap, heap->size);
		return;
	}
	if (!near) {
		bel_heap_put(heap, at, entry);
		return;
	}
	if (at != heap->near)
		bel_heap_put(heap, at, heap->entry[heap->near]);
	at = heap->near++;
	bel_heap_put(heap, bel_heap_rise(heap, at, entry), entry);
	if (__builtin_expect(heap->near > BEL_HEAP_SMALL && heap->near > heap->size / 4, 0))
		bel_heap_divide(heap, heap->near);
}

/* Adds a page with this key, or changes its key. */
BEL_INLINE void bel_heap_set(struct bel_heap *heap, uint32_t page, struct bel_key key)
{
	const uint32_t at = heap->place[page] ? heap->place[page] - 1 : heap->size++;

	bel_heap_place(heap, at, (struct bel_heap_entry){.key = key, .page = page});
}

/* Adds a page that is not in the heap. */
BEL_INLINE void bel_heap_add(struct bel_heap *heap, uint32_t page, struct bel_key key)
{
	bel_heap_place(heap, heap->size++, (struct bel_heap_entry){.key = key, .page = page});
}

/* The key of a page of the heap becomes less. */
BEL_INLINE void bel_heap_lower(struct bel_heap *heap, uint32_t page, struct bel_key key)
{
	const struct bel_heap_entry entry = {.key = key, .page = page};
	const uint32_t at = heap->place[page] - 1;
	uint32_t to;

	if (at >= heap->near) {
		bel_heap_place(heap, at, entry);
		return;
	}
	to = bel_heap_rise(heap, at, entry);
	heap->entry[to] = entry;
	if (to != at)
		heap->place[page] = to + 1;
}

/* Places are kept from now on. */
static __attribute__((noinline, cold, unused)) void bel_heap_find_places(struct bel_heap *heap)
{
	heap->placed = 1;
	for (uint32_t at = 0; at < heap->size; at++)
		heap->place[heap->entry[at].page] = at + 1;
}

/* Removes a page, if it is in the heap. */
BEL_INLINE void bel_heap_remove(struct bel_heap *heap, uint32_t page)
{
	uint32_t at;

	if (!heap->placed)
		bel_heap_find_places(heap);
	at = heap->place[page];
	if (!at--)
		return;
	heap->place[page] = 0;
	if (at < heap->near)
		at = bel_heap_shorten(heap, at);
	if (at != --heap->size)
		bel_heap_put(heap, at, heap->entry[heap->size]);
	if (__builtin_expect(!heap->near, 0))
		bel_heap_divide(heap, heap->size);
}

/* Removes all pages. */
static __attribute__((unused)) void bel_heap_clear(struct bel_heap *heap)
{
	for (; heap->size; heap->size--)
		heap->place[heap->entry[heap->size - 1].page] = 0;
	heap->near = 0;
	heap->bound = BEL_HEAP_NO_BOUND;
}

/*
 * A page leaves and another one enters. Cheaper than bel_heap_remove() and bel_heap_set(): the new
 * page takes the place of the old one, and mostly stays near it.
 */
BEL_INLINE void bel_heap_replace(
	struct bel_heap *heap, uint32_t leaves, uint32_t enters, struct bel_key key)
{
	const uint32_t at = heap->place[leaves] - 1;

	heap->place[leaves] = 0;
	bel_heap_place(heap, at, (struct bel_heap_entry){.key = key, .page = enters});
}

/* 1 with the page of the least key; 0 if the heap is empty. */
BEL_INLINE int bel_heap_least(const struct bel_heap *heap, uint32_t *page)
{
	if (!heap->size)
		return 0;
	*page = heap->entry[0].page;
	return 1;
}

/* The same of the page with the least key, which need not be looked up. */
BEL_INLINE void bel_heap_replace_least(struct bel_heap *heap, uint32_t enters, struct bel_key key)
{
	if (heap->placed)
		heap->place[heap->entry[0].page] = 0;
	bel_heap_place(heap, 0, (struct bel_heap_entry){.key = key, .page = enters});
}

/* Changes the key of the page that has the least. */
BEL_INLINE void bel_heap_set_least(struct bel_heap *heap, struct bel_key key)
{
	bel_heap_place(heap, 0, (struct bel_heap_entry){.key = key, .page = heap->entry[0].page});
}

/*
 * Fetches the element of a page array for a page that may soon have the least key. Useful if
 * keys may be out of date: what they depend on is then read next. Call it after each change of the
 * least key: of the entries on the four highest levels, only the one that came there last was not
 * fetched.
 */
BEL_INLINE void bel_heap_fetch_next(const struct bel_heap *heap, const void *array, size_t width)
{
	if (heap->near == heap->size)
		return;
	__builtin_prefetch((const char *)array + heap->coming * width);
	if (heap->placed)
		__builtin_prefetch(&heap->place[heap->coming], 1);
}

/* For show(): the pages by key, the least first, in O(size^2). */
static __attribute__((unused)) void bel_heap_show(
	const struct bel_heap *heap, const struct bel_show *show, enum bel_show_by by)
{
	const struct bel_heap_entry *last = NULL;

	for (uint32_t shown = 0; shown < heap->size; shown++) {
		const struct bel_heap_entry *best = NULL, *entry = heap->entry;

		for (; entry < heap->entry + heap->size; entry++)
			if ((!last || bel_key_less(last->key, entry->key)) &&
				(!best || bel_key_less(entry->key, best->key)))
				best = entry;
		if (!best)
			return;
		show->order(show->host, best->page, by);
		last = best;
	}
}

#endif
