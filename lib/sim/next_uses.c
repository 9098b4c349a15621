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

/* Whether a run's word holds it entirely. */
static inline bool fits(struct bel_run run)
{
	return run.page < (1u << PAGE_BITS) - 1 && run.info < 1u << INFO_BITS;
}

/* Stores those of the runs that do not fit into a word. */
static int add_wide(
	struct bel_next_uses *la, const struct bel_run *runs, size_t count, struct bel_err *err)
{
	size_t wide = 0;

	for (size_t i = 0; i < count; i++) {
		la->wide_run[wide] = runs[i];
		wide += !fits(runs[i]);
	}
	return bel_spool_append(la->wide, la->wide_run, wide, err);
}

/* Stores at most BATCH runs. */
static int add(
	struct bel_next_uses *la, const struct bel_run *runs, size_t count, struct bel_err *err)
{
	uint32_t *const room = bel_spool_room(la->packed, count);
	uint32_t *const word = room ? room : la->word;
	uint64_t references = 0;
	uint32_t last = 0, wide = 0;

	/* The compiler makes vectors of this loop. */
	for (size_t i = 0; i < count; i++) {
		const struct bel_run run = runs[i];
		const uint32_t is_wide = fits(run) ? 0 : UINT32_MAX;

		references += bel_run_count(run);
		last = run.page > last ? run.page : last;
		wide |= is_wide;
		word[i] = (run.page << INFO_BITS | run.info) | is_wide;
	}
	la->references += references;
	if (count && last >= la->pages)
		la->pages = last + 1;
	if (wide && add_wide(la, runs, count, err) < 0)
		return BEL_FAIL;
	return bel_spool_append(la->packed, word, count, err);
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

/*
 * Reads the words of the runs from `first` on, and with them wide runs from `wide_at` on: those
 * before it, if the batch is read backwards. NULL: failed. *wide: how many there are.
 */
static const uint32_t *read_words(struct bel_next_uses *la, uint64_t first, size_t count,
	uint64_t wide_at, bool backwards, size_t *wide, struct bel_err *err)
{
	const uint32_t *const word = bel_spool_view(la->packed, first, la->word, count, err);
	size_t found = 0;

	*wide = 0;
	if (!word || !bel_spool_count(la->wide))
		return word;
	for (size_t i = 0; i < count; i++)
		found += word[i] == WIDE;
	*wide = found;
	wide_at -= backwards ? found : 0;
	return bel_spool_read(la->wide, wide_at, la->wide_run, found, err) < 0 ? NULL : word;
}

static inline struct bel_run unpack(uint32_t word)
{
	return (struct bel_run){word >> INFO_BITS, word & ((1u << INFO_BITS) - 1)};
}

/*
 * Stores the distances of the runs of `word`, which end before `now`. Returns the time of the
 * first run, or negative. The batch has `wide` wide runs.
 */
static int64_t walk(struct bel_next_uses *la, const uint32_t *word, size_t count, size_t wide,
	uint64_t now, uint64_t *coming, struct bel_err *err)
{
	uint16_t *const room = bel_spool_room(la->near, count);
	uint16_t *const delta = room ? room : la->delta;
	size_t mid = 0;

	for (size_t i = count; i-- > 0;) {
		const struct bel_run run = __builtin_expect(word[i] == WIDE, 0)
						   ? la->wide_run[--wide]
						   : unpack(word[i]);
		const uint64_t next = coming[run.page];
		uint64_t distance;

		now -= bel_run_count(run);
		coming[run.page] = now;
		distance = next == BEL_NEVER ? 0 : next - now;
		delta[i] = (uint16_t)distance;
		if (distance < MID && distance < la->escape)
			continue;
		delta[i] = MID;
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
	if (bel_spool_append(la->mid, la->middle, mid, err) < 0 ||
		bel_spool_append(la->near, delta, count, err) < 0)
		return BEL_FAIL;
	return (int64_t)now;
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
		size_t wide;
		const uint32_t *const word =
			read_words(la, start, count, wide_end, true, &wide, err);

		now = word ? walk(la, word, count, wide, (uint64_t)now, coming, err) : BEL_FAIL;
		wide_end -= wide;
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

/* Fills la->run from the words of a batch, of which `wide` are wide. */
static void unpack_all(struct bel_next_uses *la, const uint32_t *word, size_t count, size_t wide)
{
	size_t at = 0;

	for (size_t i = 0; i < count; i++)
		la->run[i] = unpack(word[i]);
	for (size_t i = 0; at < wide; i++)
		if (word[i] == WIDE)
			la->run[i] = la->wide_run[at++];
}

/* Turns distances into times; returns the time after the batch in *now. */
static int compute_block(struct bel_next_uses *la, const uint16_t *delta, size_t count,
	uint64_t *now, struct bel_err *err)
{
	const uint32_t *middle;
	const uint32_t escape = la->escape;
	uint64_t time = *now;
	size_t mid;
	uint16_t mids = 0;

	/* Few bits for the sum, so that the compiler can use short vectors; a batch has fewer. */
	for (size_t i = 0; i < count; i++)
		mids = (uint16_t)(mids + (delta[i] == MID));
	mid = mids;
	la->mid_at -= mid;
	middle = bel_spool_view(la->mid, la->mid_at, la->middle, mid, err);
	if (!middle)
		return BEL_FAIL;
	for (size_t i = 0; i < count; i++) {
		uint64_t distance = delta[i];

		if (distance == MID)
			distance = middle[--mid];
		if (distance == escape) {
			const int r = bel_spool_read(la->far, --la->far_at, &distance, 1, err);

			if (r < 0)
				return r;
		}
		la->next[i] = distance ? time + distance : BEL_NEVER;
		time += bel_run_count(la->run[i]);
	}
	*now = time;
	return 0;
}

int bel_next_uses_read(struct bel_next_uses *la, struct bel_batch *batch, struct bel_err *err)
{
	const uint64_t total = bel_spool_count(la->packed), left = total - la->at;
	const size_t count = left < BATCH ? left : BATCH;
	const uint32_t *word;
	size_t wide;

	if (!count)
		return 0;
	word = read_words(la, la->at, count, la->wide_at, false, &wide, err);
	if (!word)
		return BEL_FAIL;
	unpack_all(la, word, count, wide);
	la->wide_at += wide;
	*batch = (struct bel_batch){.runs = la->run, .count = count, .now = la->now};
	la->at += count;
	if (la->turned) {
		const uint16_t *const delta =
			bel_spool_view(la->near, total - la->at, la->delta, count, err);

		batch->next = la->next;
		return delta && compute_block(la, delta, count, &la->now, err) == 0 ? 1 : BEL_FAIL;
	}
	for (size_t i = 0; i < count; i++)
		la->now += bel_run_count(la->run[i]);
	return 1;
}
