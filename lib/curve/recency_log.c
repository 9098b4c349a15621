/* SPDX-License-Identifier: MIT */
/* recency_log.c: appending the recent pages to the log, and removing its gaps. */
#include "recency_log.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
	PAGES_MIN = 64,
	FEW = 24,       /* pages that insertion sorts faster than counting */
	DIGIT_BITS = 8, /* a page's time is sorted by such digits */
	DIGITS = 1 << DIGIT_BITS,
	TIME_SHIFT = 32, /* a sort key is a time and, below it, a number */
};

int bel_recency_init(
	struct bel_recency_log *log, size_t hands, uint32_t pending, struct bel_err *err)
{
	*log = (struct bel_recency_log){
		.hands = hands, .head = 1, .pending = pending | BEL_RECENCY_LOGGED};
	log->hand = malloc(hands * sizeof(*log->hand));
	if (!log->hand)
		return bel_err_memory(err, "a curve");
	for (size_t h = 0; h < hands; h++)
		log->hand[h] = 1;
	return bel_recency_reserve(log, 1, 0, err);
}

void bel_recency_release(struct bel_recency_log *log)
{
	free(log->number);
	free(log->page);
	free(log->at);
	free(log->recent);
	free(log->key);
	free(log->spare);
	free(log->hand);
	free(log->moved);
}

/* Resizes *array, which has elements of `width` bytes. */
static void grow(void *array, size_t count, size_t width, bool *failed)
{
	void *old, *grown;

	memcpy(&old, array, sizeof(old));
	grown = reallocarray(old, count, width);
	if (grown)
		memcpy(array, &grown, sizeof(grown));
	else
		*failed = true;
}

int bel_recency_reserve(
	struct bel_recency_log *log, uint32_t pages, size_t runs, struct bel_err *err)
{
	size_t capacity = log->capacity ? log->capacity : PAGES_MIN, room;
	bool failed = false;

	if (runs > UINT32_MAX - log->clock)
		bel_recency_append(log);
	if (pages < log->capacity)
		return BEL_OK;
	while (capacity <= pages)
		capacity += capacity / 2;
	/*
	 * Each page is in the log once. The rest of the room makes packing rare, also in proportion
	 * to the hands that it moves.
	 */
	room = 2 * capacity + log->hands;
	if (room > UINT32_MAX)
		return bel_too_much(err, "the curve of a policy with recency lists takes at most "
					 "2^30 pages");
	log->room = (uint32_t)room;
	grow(&log->number, log->room, sizeof(*log->number), &failed);
	grow(&log->moved, room + 1, sizeof(*log->moved), &failed);
	grow(&log->page, capacity, sizeof(*log->page), &failed);
	grow(&log->at, capacity, sizeof(*log->at), &failed);
	grow(&log->recent, capacity, sizeof(*log->recent), &failed);
	grow(&log->key, capacity, sizeof(*log->key), &failed);
	grow(&log->spare, capacity, sizeof(*log->spare), &failed);
	if (failed)
		return bel_err_memory(err, "pages of a curve");
	log->number[0] = 0;
	for (size_t i = log->capacity; i < capacity; i++) {
		/* A page that was never referenced counts as logged at the gap. */
		log->page[i] = (struct bel_recency_page){0, log->pending};
		log->at[i] = 0;
	}
	log->capacity = (uint32_t)capacity;
	return BEL_OK;
}

/* Removes the gaps from the log. */
static void pack(struct bel_recency_log *log)
{
	uint32_t to = 1;

	log->moved[0] = 1;
	for (uint32_t i = 1; i < log->head; i++) {
		const uint32_t number = log->number[i];

		log->moved[i] = to;
		if (!number)
			continue;
		log->at[number] = to;
		log->number[to++] = number;
	}
	log->moved[log->head] = to;
	log->head = to;
	for (size_t h = 0; h < log->hands; h++)
		log->hand[h] = log->moved[log->hand[h]];
}

/* Few numbers, which are mostly in order already. */
static void sort_few(const struct bel_recency_page *page, uint32_t *number, uint32_t count)
{
	for (uint32_t i = 1; i < count; i++) {
		const uint32_t moves = number[i], last = page[moves].last;
		uint32_t to = i;

		for (; to && page[number[to - 1]].last > last; to--)
			number[to] = number[to - 1];
		number[to] = moves;
	}
}

/* Radix sort, from the lowest digit of the time. A digit that all times share is passed over. */
static void sort_many(struct bel_recency_log *log)
{
	const uint32_t count = log->recents;
	uint64_t *from = log->key, *to = log->spare;

	for (uint32_t i = 0; i < count; i++) {
		const uint32_t number = log->recent[i];

		from[i] = (uint64_t)log->page[number].last << TIME_SHIFT | number;
	}
	for (unsigned shift = TIME_SHIFT; shift < 2 * TIME_SHIFT; shift += DIGIT_BITS) {
		uint32_t place[DIGITS] = {0}, sum = 0;
		uint64_t *const sorted = to;

		for (uint32_t i = 0; i < count; i++)
			place[from[i] >> shift & (DIGITS - 1)]++;
		if (place[from[0] >> shift & (DIGITS - 1)] == count)
			continue;
		for (size_t digit = 0; digit < DIGITS; digit++) {
			const uint32_t equal = place[digit];

			place[digit] = sum;
			sum += equal;
		}
		for (uint32_t i = 0; i < count; i++)
			to[place[from[i] >> shift & (DIGITS - 1)]++] = from[i];
		to = from;
		from = sorted;
	}
	for (uint32_t i = 0; i < count; i++)
		log->recent[i] = (uint32_t)from[i];
}

void bel_recency_append(struct bel_recency_log *log)
{
	if (log->recents > log->room - log->head)
		pack(log);
	if (log->recents <= FEW)
		sort_few(log->page, log->recent, log->recents);
	else
		sort_many(log);
	for (uint32_t i = 0; i < log->recents; i++) {
		const uint32_t number = log->recent[i];

		log->page[number].pending |= BEL_RECENCY_LOGGED;
		log->at[number] = log->head;
		log->number[log->head++] = number;
	}
	log->recents = 0;
	log->clock = 0;
}
