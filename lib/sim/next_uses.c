/* SPDX-License-Identifier: MIT */
/* next_uses.c: computes next uses: store runs, walk backwards, read forwards. */
#include "next_uses.h"

#include <stdbool.h>
#include <stdlib.h>

#include "spool.h"

#define BATCH 16384 /* runs read and walked at a time */

/*
 * Most runs have few references, and most pages are used again soon. So a run takes 4 bytes if its
 * page and its count are small enough, and its distance 2 bytes. That is half of the 12 bytes of
 * full numbers, and with that half of the page faults that fresh memory costs.
 */
enum { INFO_BITS = 9, PAGE_BITS = 32 - INFO_BITS };

#define WIDE UINT32_MAX /* the run is in `wide` */
#define MID UINT16_MAX  /* the distance is in `mid` */

struct bel_next_uses {
	struct bel_spool_budget budget;
	uint32_t escape;
	struct bel_spool *packed; /* page and info in 32 bits, or WIDE */
	struct bel_spool *wide;   /* the runs that do not fit, in order */
	/*
	 * Distance in references from a run's first reference to the next use of its page. 0:
	 * never used again. MID: the distance is in `mid`; `escape` there: it is in `far`. The walk
	 * goes backwards, so batches are stored from last to first; inside a batch, the order is
	 * forwards. `mid` and `far` are entirely in backward order.
	 */
	struct bel_spool *near;
	struct bel_spool *mid;
	struct bel_spool *far;
	uint64_t references;
	uint32_t pages;
	bool turned;
	uint64_t at;      /* next run to read */
	uint64_t wide_at; /* the next element of `wide` */
	uint64_t now;     /* the time of the next run */
	uint64_t mid_at;  /* elements of `mid` not yet read */
	uint64_t far_at;  /* of `far` */
	struct bel_run run[BATCH];
	struct bel_run wide_run[BATCH];
	uint32_t word[BATCH];
	uint16_t delta[BATCH];
	uint32_t middle[BATCH];
	uint64_t next[BATCH];
};

struct bel_next_uses *bel_next_uses_new(
	const struct bel_next_uses_setup *setup, struct bel_err *err)
{
	struct bel_next_uses *la = calloc(1, sizeof(*la));

	if (!la) {
		bel_err_memory(err, "next uses");
		return NULL;
	}
	la->budget = (struct bel_spool_budget){.memory = setup->memory, .dir = setup->dir};
	la->escape = setup->escape ? setup->escape : UINT32_MAX;
	la->packed = bel_spool_new(sizeof(*la->word), &la->budget, err);
	la->wide = bel_spool_new(sizeof(*la->wide_run), &la->budget, err);
	la->near = bel_spool_new(sizeof(*la->delta), &la->budget, err);
	la->mid = bel_spool_new(sizeof(*la->middle), &la->budget, err);
	la->far = bel_spool_new(sizeof(*la->next), &la->budget, err);
	if (la->packed && la->wide && la->near && la->mid && la->far)
		return la;
	bel_next_uses_free(la);
	return NULL;
}

struct bel_spool_budget *bel_next_uses_budget(struct bel_next_uses *la)
{
	return &la->budget;
}

void bel_next_uses_free(struct bel_next_uses *la)
{
	if (!la)
		return;
	bel_spool_free(la->packed);
	bel_spool_free(la->wide);
	bel_spool_free(la->near);
	bel_spool_free(la->mid);
	bel_spool_free(la->far);
	free(la);
}

/* Stores at most BATCH runs. */
static int add(
	struct bel_next_uses *la, const struct bel_run *runs, size_t count, struct bel_err *err)
{
	uint64_t references = 0;
	uint32_t pages = la->pages;
	size_t wide = 0;

	for (size_t i = 0; i < count; i++) {
		const struct bel_run run = runs[i];
		const bool fits = run.page < (1u << PAGE_BITS) - 1 && run.info < 1u << INFO_BITS;

		references += bel_run_count(run);
		pages = run.page < pages ? pages : run.page + 1;
		la->word[i] = fits ? run.page << INFO_BITS | run.info : WIDE;
		la->wide_run[wide] = run;
		wide += !fits;
	}
	la->references += references;
	la->pages = pages;
	if (bel_spool_append(la->wide, la->wide_run, wide, err) < 0)
		return BEL_FAIL;
	return bel_spool_append(la->packed, la->word, count, err);
}

int bel_next_uses_add(
	struct bel_next_uses *la, const struct bel_run *runs, size_t count, struct bel_err *err)
{
	for (size_t done = 0; done < count; done += BATCH) {
		const size_t left = count - done;
		const int r = add(la, runs + done, left < BATCH ? left : BATCH, err);

		if (r < 0)
			return r;
	}
	return 0;
}

/* The number of WIDE words of a batch. */
static size_t count_wide(const struct bel_next_uses *la, size_t count)
{
	size_t wide = 0;

	for (size_t i = 0; i < count; i++)
		wide += la->word[i] == WIDE;
	return wide;
}

/* Fills la->run from the words of a batch; the first of its wide runs is `first`. */
static int unpack(
	struct bel_next_uses *la, size_t count, uint64_t first, size_t wide, struct bel_err *err)
{
	size_t at = 0;
	const int r = bel_spool_read(la->wide, first, la->wide_run, wide, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < count; i++) {
		const uint32_t word = la->word[i];

		la->run[i] = (struct bel_run){word >> INFO_BITS, word & ((1u << INFO_BITS) - 1)};
	}
	for (size_t i = 0; at < wide; i++)
		if (la->word[i] == WIDE)
			la->run[i] = la->wide_run[at++];
	return 0;
}

/*
 * Fills la->delta for `count` runs that end before `now`. Returns the time of the first run, or
 * negative.
 */
static int64_t walk(
	struct bel_next_uses *la, size_t count, uint64_t now, uint64_t *coming, struct bel_err *err)
{
	size_t mid = 0;

	for (size_t i = count; i-- > 0;) {
		const struct bel_run run = la->run[i];
		const uint64_t next = coming[run.page];
		uint64_t distance;

		now -= bel_run_count(run);
		coming[run.page] = now;
		distance = next == BEL_NEVER ? 0 : next - now;
		la->delta[i] = (uint16_t)distance;
		if (distance < MID && distance < la->escape)
			continue;
		la->delta[i] = MID;
		la->middle[mid] = la->escape;
		if (distance < la->escape) {
			la->middle[mid] = (uint32_t)distance;
		} else {
			const int r = bel_spool_append(la->far, &distance, 1, err);

			if (r < 0)
				return r;
		}
		mid++;
	}
	return bel_spool_append(la->mid, la->middle, mid, err) < 0 ? BEL_FAIL : (int64_t)now;
}

int bel_next_uses_compute(struct bel_next_uses *la, struct bel_err *err)
{
	uint64_t *coming = malloc((la->pages ? la->pages : 1) * sizeof(*coming));
	uint64_t end = bel_spool_count(la->packed), wide_end = bel_spool_count(la->wide);
	int64_t now = (int64_t)la->references;

	if (!coming)
		return bel_err_memory(err, "next uses");
	for (uint32_t page = 0; page < la->pages; page++)
		coming[page] = BEL_NEVER;
	while (end && now >= 0) {
		const uint64_t start = (end - 1) / BATCH * BATCH;
		const size_t count = end - start;
		int r = bel_spool_read(la->packed, start, la->word, count, err);

		if (r == 0) {
			const size_t wide = count_wide(la, count);

			wide_end -= wide;
			r = unpack(la, count, wide_end, wide, err);
		}
		now = r < 0 ? r : walk(la, count, (uint64_t)now, coming, err);
		if (now >= 0 && (r = bel_spool_append(la->near, la->delta, count, err)) < 0)
			now = r;
		end = start;
	}
	free(coming);
	if (now < 0)
		return (int)now;
	la->turned = true;
	bel_next_uses_rewind(la);
	return 0;
}

void bel_next_uses_rewind(struct bel_next_uses *la)
{
	la->at = 0;
	la->now = 0;
	la->wide_at = 0;
	la->mid_at = bel_spool_count(la->mid);
	la->far_at = bel_spool_count(la->far);
}

/* Turns distances into times; returns the time after the batch in *now. */
static int compute_block(struct bel_next_uses *la, size_t count, uint64_t *now, struct bel_err *err)
{
	size_t mid = 0;

	for (size_t i = 0; i < count; i++)
		mid += la->delta[i] == MID;
	la->mid_at -= mid;
	if (bel_spool_read(la->mid, la->mid_at, la->middle, mid, err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; i < count; i++) {
		uint64_t distance = la->delta[i];

		if (distance == MID)
			distance = la->middle[--mid];
		if (distance == la->escape) {
			const int r = bel_spool_read(la->far, --la->far_at, &distance, 1, err);

			if (r < 0)
				return r;
		}
		la->next[i] = distance ? *now + distance : BEL_NEVER;
		*now += bel_run_count(la->run[i]);
	}
	return 0;
}

int bel_next_uses_read(struct bel_next_uses *la, struct bel_batch *batch, struct bel_err *err)
{
	const uint64_t total = bel_spool_count(la->packed), left = total - la->at;
	const size_t count = left < BATCH ? left : BATCH;
	size_t wide;
	int r;

	if (!count)
		return 0;
	r = bel_spool_read(la->packed, la->at, la->word, count, err);
	if (r < 0)
		return r;
	wide = count_wide(la, count);
	r = unpack(la, count, la->wide_at, wide, err);
	la->wide_at += wide;
	*batch = (struct bel_batch){.runs = la->run, .count = count, .now = la->now};
	la->at += count;
	if (r == 0 && la->turned) {
		r = bel_spool_read(la->near, total - la->at, la->delta, count, err);
		if (r == 0)
			r = compute_block(la, count, &la->now, err);
		batch->next = la->next;
	} else {
		for (size_t i = 0; i < count; i++)
			la->now += bel_run_count(la->run[i]);
	}
	return r < 0 ? r : 1;
}
