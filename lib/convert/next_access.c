/* SPDX-License-Identifier: MIT */
/* next_access.c: spools dense page numbers, goes through them once backwards, reads forwards. */
#include "next_access.h"

#include <stdlib.h>

#include "granule_map.h"

#define BATCH 8192 /* references handled at a time */

struct bel_next_access {
	struct bel_granule_map map;
	struct bel_spool *pages; /* dense numbers, in the order of the trace */
	/* Written backwards: the last batch comes first, but each batch is in forward order. */
	struct bel_spool *next;
	uint64_t at; /* reference to read next */
	uint32_t page[BATCH];
	uint64_t coming[BATCH];
	struct bel_access access[BATCH];
};

struct bel_next_access *bel_next_access_new(struct bel_spool_budget *budget, struct bel_err *err)
{
	struct bel_next_access *const next = calloc(1, sizeof(*next));

	if (!next) {
		bel_err_memory(err, "next accesses");
		return NULL;
	}
	if (bel_granule_map_init(&next->map, err) < 0) {
		free(next);
		return NULL;
	}
	next->pages = bel_spool_new(sizeof(*next->page), budget, err);
	next->next = bel_spool_new(sizeof(*next->coming), budget, err);
	if (next->pages && next->next)
		return next;
	bel_next_access_free(next);
	return NULL;
}

void bel_next_access_free(struct bel_next_access *next)
{
	if (!next)
		return;
	bel_granule_map_release(&next->map);
	bel_spool_free(next->pages);
	bel_spool_free(next->next);
	free(next);
}

int bel_next_access_add(struct bel_next_access *next, const struct bel_access *access, size_t count,
	struct bel_err *err)
{
	for (size_t done = 0; done < count;) {
		size_t n = 0;

		for (; n < BATCH && done < count; n++, done++) {
			next->page[n] =
				bel_granule_number(&next->map, 0, access[done].address, err);
			if (next->page[n] == BEL_GRANULE_NONE)
				return BEL_FAIL;
		}
		if (bel_spool_append(next->pages, next->page, n, err) < 0)
			return BEL_FAIL;
	}
	return 0;
}

int bel_next_access_turn(struct bel_next_access *next, struct bel_err *err)
{
	const uint32_t pages = next->map.count;
	uint64_t *const last = malloc((pages ? pages : 1) * sizeof(*last));
	uint64_t end = bel_spool_count(next->pages);
	int r = 0;

	if (!last)
		return bel_err_memory(err, "next accesses");
	for (uint32_t i = 0; i < pages; i++)
		last[i] = UINT64_MAX;
	while (!r && end) {
		const uint64_t start = (end - 1) / BATCH * BATCH;
		const size_t count = end - start;

		r = bel_spool_read(next->pages, start, next->page, count, err);
		for (size_t i = count; !r && i-- > 0;) {
			next->coming[i] = last[next->page[i]];
			last[next->page[i]] = start + i;
		}
		if (!r)
			r = bel_spool_append(next->next, next->coming, count, err);
		end = start;
	}
	free(last);
	next->at = 0;
	return r;
}

int bel_next_access_read(
	struct bel_next_access *next, struct bel_accesses *batch, struct bel_err *err)
{
	const uint64_t total = bel_spool_count(next->pages), left = total - next->at;
	const size_t count = left < BATCH ? left : BATCH;

	if (!count)
		return 0;
	if (bel_spool_read(next->pages, next->at, next->page, count, err) < 0 ||
		bel_spool_read(next->next, left - count, next->coming, count, err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; i < count; i++)
		next->access[i] =
			(struct bel_access){next->map.granule[next->page[i]].number, 1, BEL_LOAD};
	*batch = (struct bel_accesses){
		.access = next->access, .count = count, .capacity = BATCH, .next = next->coming};
	next->at += count;
	return 1;
}
