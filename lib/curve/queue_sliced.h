/* SPDX-License-Identifier: MIT */
/*
 * queue_sliced.h: the fault curve, at up to 64 sizes at once, of a policy that promotes lazily: a
 * hit changes only a bit or a small counter of its page; only a fault moves pages in the queues.
 *
 * Each page has a few masks: bit s of a mask belongs to size s. So a hit at all sizes is a few
 * operations on masks. Only the sizes that miss are visited one by one. Each size has its own
 * queues of pages, and the policy's own rule for them.
 *
 *	static void fault(struct bel_queue_sliced *q, uint32_t page, uint64_t missing, uint64_t now)
 *	{
 *		for (; missing; missing &= missing - 1) {
 *			const unsigned s = (unsigned)__builtin_ctzll(missing);
 *			struct bel_queue_size *const size = &q->size[s];
 *
 *			if (bel_queue_fault(size, now))
 *				bel_queue_evict(q, s, bel_queue_pop(q, &size->queue[0]));
 *			bel_queue_push(&size->queue[0], page);
 *		}
 *	}
 *
 * A ghost entry can leave from the middle of its queue, when its page faults. It stays in the queue
 * as a stale entry, which is passed over later. So a queue is an array, and needs no links. A page
 * has at most one stale entry in a queue, and it is older than the page's ghost entry.
 *
 * This pays where most references hit at most sizes: 64 sizes of a captured program take a tenth of
 * the time of one engine per size, or less. Where nearly every reference misses at nearly all sizes
 * it gains little: for uniform references to 20,000 pages, 64 sizes up to 19,000 take from 0.8
 * (S3-FIFO) to 1.1 times (CART) as long, so CART leaves large sizes to engines.
 *
 * Memory: 64 bytes per page; per frame of each size that the pages can fill, 4 bytes for each queue
 * of pages, and about 8 bytes per ghost entry.
 */
#ifndef BEL_QUEUE_SLICED_H
#define BEL_QUEUE_SLICED_H

#include "curve.h"
#include "page_queue.h"

enum {
	BEL_QUEUE_SLICES = 64,
	/* Below, most runs miss: sort, 1 to 7 frames: 1.1 to 1.4 times the time of engines. */
	BEL_QUEUE_LEAST = 8,
	BEL_QUEUE_KINDS = 2, /* queues of pages, and queues of ghost entries, of a size */
	BEL_QUEUE_AHEAD = 16 /* runs whose pages are fetched before they are needed */
};

/*
 * One page; a cache line. low and high are the policy's: a counter of two bits, or a referenced bit
 * and one more. At sizes where the page is not resident they have no meaning.
 */
struct bel_queue_page {
	uint64_t resident, dirty, low, high;
	uint64_t ghost[BEL_QUEUE_KINDS];
	union {
		/* An older entry in the queue of ghosts has no meaning. */
		uint64_t stale[BEL_QUEUE_KINDS];
		struct bel_stale counted; /* of CLOCK-Pro, which has one queue and counts these */
	};
};

/* One size. */
struct bel_queue_size {
	uint64_t frames, resident, faults, writebacks;
	uint64_t load_times; /* sum of the times of the faults that found a free frame */
	struct bel_queue queue[BEL_QUEUE_KINDS];
	struct bel_queue ghost[BEL_QUEUE_KINDS];
	uint64_t ghosts[BEL_QUEUE_KINDS];     /* entries that are not stale */
	uint64_t ghost_most[BEL_QUEUE_KINDS]; /* the policy sets it; 0: no such queue */
};

struct bel_queue_sliced {
	struct bel_curve_setup setup;
	const char *policy;
	struct bel_queue_page *page;
	uint32_t pages, capacity;
	unsigned queues; /* queues of pages that the policy uses */
	uint64_t used;   /* the bits that belong to a size */
	uint64_t references;
	struct bel_queue_size size[BEL_QUEUE_SLICES];
};

/* ---- queues ---- */

/*
 * Takes the oldest page. The next fault at this size looks at the page after it, which is fetched
 * now: 5% less time where nearly every reference misses (uniform references to 20,000 pages, 64
 * sizes up to 19,000).
 */
BEL_INLINE uint32_t bel_queue_pop(const struct bel_queue_sliced *q, struct bel_queue *queue)
{
	const uint32_t page = bel_queue_take(queue);

	__builtin_prefetch(&q->page[bel_queue_oldest(queue)]);
	return page;
}

/* ---- faults and evictions ---- */

/* Counts a fault. Whether a page has to leave; if not, the page takes a free frame. */
BEL_INLINE bool bel_queue_fault(struct bel_queue_size *size, uint64_t now)
{
	size->faults++;
	if (size->resident == size->frames)
		return true;
	size->resident++;
	size->load_times += now;
	return false;
}

/* The page, which is in no queue any more, leaves size s. */
BEL_INLINE void bel_queue_evict(struct bel_queue_sliced *q, unsigned s, uint32_t page)
{
	struct bel_queue_page *const at = &q->page[page];

	at->resident &= ~(UINT64_C(1) << s);
	q->size[s].writebacks += at->dirty >> s & 1;
	at->dirty &= ~(UINT64_C(1) << s);
}

/* ---- ghost entries of size s, of queue k ---- */

/* Removes all stale entries. */
void bel_ghost_compact(struct bel_queue_sliced *q, unsigned s, unsigned k);

/* Removes the page's ghost entry, if it has one. */
BEL_INLINE bool bel_ghost_take(struct bel_queue_sliced *q, unsigned s, unsigned k, uint32_t page)
{
	struct bel_queue_page *const at = &q->page[page];
	const uint64_t bit = UINT64_C(1) << s;

	if (!(at->ghost[k] & bit))
		return false;
	if (at->stale[k] & bit)
		bel_ghost_compact(q, s, k);
	at->ghost[k] &= ~bit;
	at->stale[k] |= bit;
	q->size[s].ghosts[k]--;
	return true;
}

/* Removes the oldest ghost entry; there is one. */
BEL_INLINE void bel_ghost_forget(struct bel_queue_sliced *q, unsigned s, unsigned k)
{
	struct bel_queue_size *const size = &q->size[s];
	const uint64_t bit = UINT64_C(1) << s;

	for (;;) {
		struct bel_queue_page *const at = &q->page[bel_queue_pop(q, &size->ghost[k])];

		if (!(at->stale[k] & bit)) {
			at->ghost[k] &= ~bit;
			size->ghosts[k]--;
			return;
		}
		at->stale[k] &= ~bit;
	}
}

/* Makes the newest ghost entry. There are fewer than ghost_most. */
BEL_INLINE void bel_ghost_enter(struct bel_queue_sliced *q, unsigned s, unsigned k, uint32_t page)
{
	struct bel_queue_size *const size = &q->size[s];

	if (size->ghost[k].count == size->ghost[k].capacity)
		bel_ghost_compact(q, s, k);
	bel_queue_push(&size->ghost[k], page);
	q->page[page].ghost[k] |= UINT64_C(1) << s;
	size->ghosts[k]++;
}

/* The same, for a policy that forgets the oldest entry if there are ghost_most already. */
BEL_INLINE void bel_ghost_renew(struct bel_queue_sliced *q, unsigned s, unsigned k, uint32_t page)
{
	struct bel_queue_size *const size = &q->size[s];

	if (!size->ghost_most[k])
		return;
	if (size->ghosts[k] == size->ghost_most[k])
		bel_ghost_forget(q, s, k);
	bel_ghost_enter(q, s, k, page);
}

/* ---- pages with a counter of hits ---- */

BEL_INLINE unsigned bel_queue_counted(const struct bel_queue_page *page, unsigned s)
{
	return (unsigned)(page->low >> s & 1) + 2 * (unsigned)(page->high >> s & 1);
}

BEL_INLINE void bel_queue_uncount(struct bel_queue_page *page, unsigned s)
{
	page->low &= ~(UINT64_C(1) << s);
	page->high &= ~(UINT64_C(1) << s);
}

/* Evicts the oldest page with count 0. Those before it lose 1 and go to the young end. */
BEL_INLINE void bel_queue_evict_uncounted(struct bel_queue_sliced *q, unsigned s, unsigned k)
{
	struct bel_queue *const queue = &q->size[s].queue[k];
	const uint64_t bit = UINT64_C(1) << s;

	for (;;) {
		const uint32_t page = bel_queue_pop(q, queue);
		struct bel_queue_page *const at = &q->page[page];

		if (!((at->low | at->high) & bit)) {
			bel_queue_evict(q, s, page);
			return;
		}
		at->high &= ~bit | at->low;
		at->low ^= bit;
		bel_queue_push(queue, page);
	}
}

/* ---- the whole ---- */

/*
 * Allocates a structure of so many bytes whose first member is a struct bel_queue_sliced; the other
 * bytes are zero. `queues`: queues of pages that the policy uses. NULL, with BEL_USAGE if the setup
 * does not name 1 to 64 sizes.
 */
void *bel_queue_sliced_new(const struct bel_curve_setup *setup, size_t bytes, unsigned queues,
	const char *policy, struct bel_err *err);

void bel_queue_sliced_free(void *q);

/* Makes room for these pages and for the queues that they can fill. */
int bel_queue_sliced_reserve(struct bel_queue_sliced *q, uint32_t pages, struct bel_err *err);

/* finish() and snapshot() of all: faults, write-backs, dirty and mean resident pages so far. */
int bel_queue_sliced_curve(void *q, struct bel_curve *curve, struct bel_err *err);

enum bel_queue_hits {
	BEL_QUEUE_COUNTS,      /* low and high are a counter of hits, at most 3; loaded with 0 */
	BEL_QUEUE_BIT,         /* low is a referenced bit; a page is loaded with it clear */
	BEL_QUEUE_BIT_AT_LOAD, /* low is a referenced bit; a page is loaded with it set */
};

/* Adds `hits` to the counters of a page at the sizes of `in`. */
BEL_INLINE void bel_queue_count(struct bel_queue_page *page, uint64_t in, uint32_t hits)
{
	if (hits > 2) {
		page->low |= in;
		page->high |= in;
		return;
	}
	for (; hits; hits--) {
		const uint64_t low = page->low, high = page->high;

		page->low = (low & ~in) | (in & (~low | high));
		page->high = high | (in & low);
	}
}

/* The references of a run after a load are hits: so folded and unfolded traces are equal. */
BEL_INLINE void bel_queue_load(
	struct bel_queue_page *page, uint64_t missing, uint32_t count, enum bel_queue_hits hits)
{
	const uint32_t after = count > 4 ? 3 : count - 1;
	const bool low =
		hits == BEL_QUEUE_COUNTS ? after & 1 : after > 0 || hits == BEL_QUEUE_BIT_AT_LOAD;

	page->low = (page->low & ~missing) | (low ? missing : 0);
	if (hits == BEL_QUEUE_COUNTS)
		page->high = (page->high & ~missing) | (after & 2 ? missing : 0);
}

/*
 * Feeds a batch. `fault` makes a page resident at the sizes where it is missing. It may set `high`
 * at these sizes if this is not a counter.
 */
BEL_INLINE int bel_queue_sliced_feed(struct bel_queue_sliced *q, const struct bel_batch *batch,
	uint32_t pages, const enum bel_queue_hits hits,
	void (*fault)(struct bel_queue_sliced *q, uint32_t page, uint64_t missing, uint64_t now),
	struct bel_err *err)
{
	const uint64_t used = q->used;
	uint64_t now = q->references;

	if (bel_queue_sliced_reserve(q, pages, err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; i < batch->count; i++) {
		const struct bel_run run = batch->runs[i];
		const uint32_t count = bel_run_count(run);
		struct bel_queue_page *const page = &q->page[run.page];
		const uint64_t in = page->resident, missing = used & ~in;

		if (i + BEL_QUEUE_AHEAD < batch->count)
			__builtin_prefetch(&q->page[batch->runs[i + BEL_QUEUE_AHEAD].page]);
		if (hits != BEL_QUEUE_COUNTS)
			page->low |= in;
		else if (~(page->low & page->high) & in)
			bel_queue_count(page, in, count);
		if (missing) {
			fault(q, run.page, missing, now);
			bel_queue_load(page, missing, count, hits);
			page->resident = used;
		}
		if (run.info & BEL_RUN_WRITE)
			page->dirty = used;
		now += count;
	}
	q->references = now;
	return BEL_OK;
}

#endif
