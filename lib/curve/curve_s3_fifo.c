/* SPDX-License-Identifier: MIT */
/*
 * curve_s3_fifo.c: S3-FIFO at up to 64 sizes at once, bit-sliced. policies/s3-fifo.c describes the
 * policy.
 *
 * A count has two bits, each in a mask: so adding a hit at all sizes is three operations.
 */
#include <stdlib.h>

#include "queue_sliced.h"

enum { SMALL, MAIN }; /* queues of pages; the ghost entries have number 0 */

struct s3 {
	struct bel_queue_sliced q;
	uint64_t small_size[BEL_QUEUE_SLICES];
	unsigned threshold;
	bool fill;
};

/* Evicts the oldest page of main with count 0. */
static inline void evict_main(struct bel_queue_sliced *q, unsigned s)
{
	struct bel_queue *const main = &q->size[s].queue[MAIN];
	const uint64_t bit = UINT64_C(1) << s;

	for (;;) {
		const uint32_t page = bel_queue_pop(q, main);
		struct bel_queue_page *const at = &q->page[page];

		if (!((at->low | at->high) & bit)) {
			bel_queue_evict(q, s, page);
			return;
		}
		/* Subtracts 1: high loses its bit if low has none, and low changes. */
		at->high &= ~bit | at->low;
		at->low ^= bit;
		bel_queue_push(main, page);
	}
}

/* Evicts the oldest page of small below the threshold; moves those before it to main. */
static inline bool evict_small(struct s3 *s3, unsigned s)
{
	struct bel_queue_sliced *const q = &s3->q;
	struct bel_queue_size *const size = &q->size[s];
	const uint64_t bit = UINT64_C(1) << s;

	while (size->queue[SMALL].count) {
		const uint32_t page = bel_queue_pop(q, &size->queue[SMALL]);
		struct bel_queue_page *const at = &q->page[page];

		if ((at->low >> s & 1) + 2 * (at->high >> s & 1) < s3->threshold) {
			bel_queue_evict(q, s, page);
			if (!size->ghost_most[0])
				return true;
			if (size->ghosts[0] == size->ghost_most[0])
				bel_ghost_forget(q, s, 0);
			bel_ghost_enter(q, s, 0, page);
			return true;
		}
		at->low &= ~bit;
		at->high &= ~bit;
		bel_queue_push(&size->queue[MAIN], page);
	}
	return false;
}

static inline void evict(struct s3 *s3, unsigned s)
{
	const struct bel_queue_size *const size = &s3->q.size[s];

	do {
		if (!size->queue[SMALL].count ||
			size->queue[MAIN].count + s3->small_size[s] > size->frames) {
			evict_main(&s3->q, s);
			return;
		}
	} while (!evict_small(s3, s));
}

static void fault(struct bel_queue_sliced *q, uint32_t page, uint64_t missing, uint64_t now)
{
	struct s3 *const s3 = (struct s3 *)q;

	for (; missing; missing &= missing - 1) {
		const unsigned s = (unsigned)__builtin_ctzll(missing);
		struct bel_queue_size *const size = &q->size[s];
		bool to_main = bel_ghost_take(q, s, 0, page);

		if (bel_queue_fault(size, now))
			evict(s3, s);
		else if (s3->fill && size->queue[SMALL].count >= s3->small_size[s])
			to_main = true;
		bel_queue_push(&size->queue[to_main ? MAIN : SMALL], page);
	}
}

static int s3_feed(void *self, const struct bel_batch *batch, uint32_t pages, struct bel_err *err)
{
	return bel_queue_sliced_feed(self, batch, pages, BEL_QUEUE_COUNTS, fault, err);
}

static void *s3_create(const struct bel_curve_setup *setup, struct bel_err *err)
{
	struct s3 *s3 = calloc(1, sizeof(*s3));

	if (!s3) {
		bel_err_memory(err, "s3-fifo");
		return NULL;
	}
	if (bel_queue_sliced_init(&s3->q, setup, 2, "s3-fifo", err) < 0) {
		free(s3);
		return NULL;
	}
	s3->threshold = (unsigned)setup->param[2];
	s3->fill = setup->param[3] != 0;
	for (size_t s = 0; s < setup->count; s++) {
		const double frames = (double)setup->x[s];

		s3->small_size[s] = (uint64_t)(frames * setup->param[0]);
		if (!s3->small_size[s])
			s3->small_size[s] = 1;
		s3->q.size[s].ghost_most[0] = (uint64_t)(frames * setup->param[1]);
	}
	return s3;
}

static int s3_snapshot(void *self, struct bel_curve *curve, struct bel_err *err)
{
	if (bel_queue_sliced_curve(self, curve, err) < 0)
		return BEL_FAIL;
	curve->policy = "s3-fifo";
	curve->algorithm = "bit-sliced, 64 sizes";
	return BEL_OK;
}

static const struct bel_param s3_params[] = {
	{"small", "of frames", BEL_PARAM_REAL, 0.1, 0, 1, "size of the small queue"},
	{"ghost", "of frames", BEL_PARAM_REAL, 0.9, 0, 100, "most ghost entries"},
	{"threshold", "hits", BEL_PARAM_INTEGER, 2, 1, 3,
		"hits from which a page moves from the small to the main queue"},
	{"fill", "", BEL_PARAM_SWITCH, 0, 0, 1,
		"before the first eviction, pages beyond the size of small enter main"},
	{.name = NULL},
};

static const struct bel_curve_algorithm s3_sliced = {
	.policy = "s3-fifo",
	.name = "sliced",
	.source = "J. Yang, Y. Zhang, Z. Qiu, Y. Yue, K. V. Rashmi, FIFO queues are all you need "
		  "for cache eviction, SOSP 2023",
	.caps = BEL_CURVE_SNAPSHOT | BEL_CURVE_WRITEBACKS,
	.most_sizes = BEL_QUEUE_SLICES,
	.params = s3_params,
	.create = s3_create,
	.feed = s3_feed,
	.finish = s3_snapshot,
	.snapshot = s3_snapshot,
	.destroy = bel_queue_sliced_free,
};

BEL_CURVE(s3_sliced);
