/* SPDX-License-Identifier: MIT */
/*
 * curve_qd_lp_fifo.c: QD-LP-FIFO at up to 64 sizes at once, bit-sliced.
 * policies/qd-lp-fifo.c describes the policy.
 *
 * A count has two bits, each in a mask: so adding a hit at all sizes is three operations.
 */
#include "queue_sliced.h"

enum { SMALL, CLOCK }; /* queues of pages; the ghost entries have number 0 */

struct qdlp {
	struct bel_queue_sliced q;
	uint64_t small_size[BEL_QUEUE_SLICES];
};

static inline bool clock_exceeds(const struct qdlp *qdlp, unsigned s, uint64_t more)
{
	const struct bel_queue_size *const size = &qdlp->q.size[s];

	return size->queue[CLOCK].count + more + qdlp->small_size[s] > size->frames;
}

/* Evicts the oldest page of small with count 0, or a page of the clock. */
static inline void evict(struct qdlp *qdlp, unsigned s)
{
	struct bel_queue_sliced *const q = &qdlp->q;
	struct bel_queue_size *const size = &q->size[s];

	while (size->queue[SMALL].count) {
		const uint32_t page = bel_queue_pop(q, &size->queue[SMALL]);

		if (!bel_queue_counted(&q->page[page], s)) {
			bel_queue_evict(q, s, page);
			bel_ghost_renew(q, s, 0, page);
			return;
		}
		bel_queue_uncount(&q->page[page], s);
		bel_queue_push(&size->queue[CLOCK], page);
		if (clock_exceeds(qdlp, s, 0))
			break;
	}
	bel_queue_evict_uncounted(q, s, CLOCK);
}

static void fault(struct bel_queue_sliced *q, uint32_t page, uint64_t missing, uint64_t now)
{
	struct qdlp *const qdlp = (struct qdlp *)q;

	for (; missing; missing &= missing - 1) {
		const unsigned s = (unsigned)__builtin_ctzll(missing);
		struct bel_queue_size *const size = &q->size[s];
		const bool ghost = bel_ghost_take(q, s, 0, page);

		if (bel_queue_fault(size, now)) {
			if (ghost && size->queue[CLOCK].count && clock_exceeds(qdlp, s, 1))
				bel_queue_evict_uncounted(q, s, CLOCK);
			else
				evict(qdlp, s);
		}
		bel_queue_push(&size->queue[ghost ? CLOCK : SMALL], page);
	}
}

static int qdlp_feed(void *self, const struct bel_batch *batch, uint32_t pages, struct bel_err *err)
{
	return bel_queue_sliced_feed(self, batch, pages, BEL_QUEUE_COUNTS, fault, err);
}

static void *qdlp_create(const struct bel_curve_setup *setup, struct bel_err *err)
{
	struct qdlp *const qdlp = bel_queue_sliced_new(setup, sizeof(*qdlp), 2, "qd-lp-fifo", err);

	if (!qdlp)
		return NULL;
	for (size_t s = 0; s < setup->count; s++) {
		const double frames = (double)setup->x[s];

		qdlp->small_size[s] = (uint64_t)(frames * setup->param[0]);
		if (!qdlp->small_size[s])
			qdlp->small_size[s] = 1;
		qdlp->q.size[s].ghost_most[0] = (uint64_t)(frames * setup->param[1]);
	}
	return qdlp;
}

static void qdlp_report(const void *self, size_t index, struct bel_sink *sink)
{
	const struct bel_queue_size *const size =
		&((const struct bel_queue_sliced *)self)->size[index];

	sink->count(sink->host, "small_pages", size->queue[SMALL].count);
	sink->count(sink->host, "clock_pages", size->queue[CLOCK].count);
	sink->count(sink->host, "ghost_pages", size->ghosts[0]);
}

static const struct bel_param qdlp_params[] = {
	{"small", "of frames", BEL_PARAM_REAL, 0.1, 0, 1, "size of the small queue"},
	{"ghost", "of frames", BEL_PARAM_REAL, 0.9, 0, 100, "most ghost entries"},
	{.name = NULL},
};

static const struct bel_curve_algorithm qdlp_sliced = {
	.policy = "qd-lp-fifo",
	.name = "sliced",
	.source = "J. Yang, Z. Qiu, Y. Zhang, Y. Yue, K. V. Rashmi, FIFO can be better than LRU: "
		  "the power of lazy promotion and quick demotion, HotOS 2023",
	.caps = BEL_CURVE_SNAPSHOT | BEL_CURVE_WRITEBACKS,
	.most_sizes = BEL_QUEUE_SLICES,
	.least_sizes = 2,
	.least_frames = BEL_QUEUE_LEAST,
	.params = qdlp_params,
	.create = qdlp_create,
	.feed = qdlp_feed,
	.finish = bel_queue_sliced_curve,
	.snapshot = bel_queue_sliced_curve,
	.report = qdlp_report,
	.destroy = bel_queue_sliced_free,
};

BEL_CURVE(qdlp_sliced);
