/* SPDX-License-Identifier: MIT */
/*
 * curve_s3_fifo.c: S3-FIFO at up to 64 sizes at once, bit-sliced. policies/s3-fifo.c describes the
 * policy.
 *
 * A count has two bits, each in a mask: so adding a hit at all sizes is three operations.
 */
#include "queue_sliced.h"

enum { SMALL, MAIN }; /* queues of pages; the ghost entries have number 0 */

struct s3 {
	struct bel_queue_sliced q;
	uint64_t small_size[BEL_QUEUE_SLICES];
	unsigned threshold;
	bool fill;
};

/* Evicts the oldest page of small below the threshold; moves those before it to main. */
static inline bool evict_small(struct s3 *s3, unsigned s)
{
	struct bel_queue_sliced *const q = &s3->q;
	struct bel_queue_size *const size = &q->size[s];

	while (size->queue[SMALL].count) {
		const uint32_t page = bel_queue_pop(q, &size->queue[SMALL]);

		if (bel_queue_counted(&q->page[page], s) < s3->threshold) {
			bel_queue_evict(q, s, page);
			bel_ghost_renew(q, s, 0, page);
			return true;
		}
		bel_queue_uncount(&q->page[page], s);
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
			bel_queue_evict_uncounted(&s3->q, s, MAIN);
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
	struct s3 *const s3 = bel_queue_sliced_new(setup, sizeof(*s3), 2, "s3-fifo", err);

	if (!s3)
		return NULL;
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

static void s3_report(const void *self, size_t index, struct bel_sink *sink)
{
	const struct bel_queue_size *const size =
		&((const struct bel_queue_sliced *)self)->size[index];

	sink->count(sink->host, "small_pages", size->queue[SMALL].count);
	sink->count(sink->host, "main_pages", size->queue[MAIN].count);
	sink->count(sink->host, "ghost_pages", size->ghosts[0]);
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
	.least_sizes = 2,
	.least_frames = BEL_QUEUE_LEAST,
	.params = s3_params,
	.create = s3_create,
	.feed = s3_feed,
	.finish = bel_queue_sliced_curve,
	.snapshot = bel_queue_sliced_curve,
	.report = s3_report,
	.destroy = bel_queue_sliced_free,
};

BEL_CURVE(s3_sliced);
