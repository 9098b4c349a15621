/* SPDX-License-Identifier: MIT */
/*
 * mq.c: MQ, multi-queue (Zhou, Philbin and Li, USENIX ATC 2001): LRU queues by the logarithm of a
 * page's reference count; a page not referenced for a lifetime goes down one queue.
 *
 * State:
 * - Queues Q0 ... Q(m-1) of resident pages, in order of entering the queue. A count and an expiry
 *   time per page.
 * - Qout: ghost entries with counts, in order of eviction, at most floor(out% of the frames).
 *
 * On a hit at time t:
 * 1. Add 1 to the page's count. Move it to the recent end of queue min(log2(count), m - 1),
 *    rounded down. It expires at t + lifetime.
 * 2. For k = 1 ... m - 1: if the least recent page of Qk expires at t or before, move it to the
 *    recent end of Q(k-1). It then expires at t + 1 + lifetime.
 *
 * On a fault at time t:
 * 1. If no frame is free, evict the least recent page of the lowest queue that is not empty, into
 *    Qout. If Qout is too long, its oldest entry is forgotten.
 * 2. If the page has an entry in Qout, remove the entry and continue its count; otherwise the
 *    count is 0.
 * 3. Load the page and treat the reference as a hit.
 *
 * The lifetime is a parameter; the paper also estimates it from the trace. A page that is dropped
 * leaves no ghost entry.
 *
 * Cost: O(1) per reference, O(m) when pages expire; 24 bytes per page.
 */
#include "list.h"

#define QUEUES_MOST 32

#define REMEMBERED QUEUES_MOST /* instead of a queue: in Qout */

struct mq {
	uint64_t frames, lifetime, out_most;
	uint64_t due; /* no page expires before this time */
	uint32_t queues;
	struct bel_list queue[QUEUES_MOST], out; /* recent ends are heads */
	struct bel_link *link;
	/* In one structure, which a reference reads and changes: one cache line instead of four. */
	struct known {
		uint64_t expires;
		uint32_t count; /* of a page that is resident or in Qout; at most 2^31 */
		uint8_t at;     /* of a resident page: its queue */
	} * page;
};

static void mq_init(void *self, const struct bel_env *env)
{
	struct mq *mq = self;

	mq->frames = env->frames;
	mq->queues = (uint32_t)env->param[0];
	mq->lifetime = (uint64_t)env->param[1];
	mq->out_most = (uint64_t)((double)env->frames * env->param[2] / 100);
	mq->due = BEL_NEVER;
	for (uint32_t k = 0; k < mq->queues; k++)
		bel_list_init(&mq->queue[k]);
	bel_list_init(&mq->out);
	env->page_array(env->host, &mq->link, sizeof(*mq->link));
	env->page_array(env->host, &mq->page, sizeof(*mq->page));
}

/* Puts a page that is in no queue at the recent end of Qk. */
BEL_INLINE void enter(struct mq *mq, uint32_t page, uint32_t k, uint64_t expires)
{
	struct known *const about = &mq->page[page];

	about->at = (uint8_t)k;
	about->expires = expires;
	bel_list_push(&mq->queue[k], mq->link, page);
	if (k && expires < mq->due)
		mq->due = expires;
}

/*
 * The tail of a list was taken off. Fetches what is read of the page before the new tail. Zipf,
 * 1 M pages: together with struct known, 2.8 -> 1.95 s of CPU.
 */
BEL_INLINE void fetch_behind(const struct mq *mq, const struct bel_list *list)
{
	const uint32_t page = bel_list_fetch_behind(list, mq->link);

	if (page != BEL_NO_PAGE)
		__builtin_prefetch(&mq->page[page], 1);
}

/* Step 2 of a hit. Then finds the time when the next page expires. */
static void demote(struct mq *mq, uint64_t now)
{
	mq->due = BEL_NEVER;
	for (uint32_t k = 1; k < mq->queues; k++) {
		uint32_t page = mq->queue[k].tail;

		if (page != BEL_NO_PAGE && mq->page[page].expires <= now) {
			bel_list_remove(&mq->queue[k], mq->link, page);
			fetch_behind(mq, &mq->queue[k]);
			enter(mq, page, k - 1, now + 1 + mq->lifetime);
			page = mq->queue[k].tail;
		}
		if (page != BEL_NO_PAGE && mq->page[page].expires < mq->due)
			mq->due = mq->page[page].expires;
	}
}

/* n references in a row to a resident page. No page expires before the last of them. */
BEL_INLINE void refer(struct mq *mq, uint32_t page, uint64_t last, uint64_t n)
{
	struct known *const about = &mq->page[page];
	const uint64_t sum = about->count + n;
	const uint32_t count = sum < 1u << 31 ? (uint32_t)sum : 1u << 31;
	const uint32_t from = about->at;
	uint32_t k = 31 - (uint32_t)__builtin_clz(count);

	if (k >= mq->queues)
		k = mq->queues - 1;
	about->count = count;
	if (from == k) {
		/* Later than `due`, which is at most the time at which it would have expired. */
		about->expires = last + mq->lifetime;
		bel_list_to_head(&mq->queue[k], mq->link, page);
	} else {
		bel_list_remove(&mq->queue[from], mq->link, page);
		enter(mq, page, k, last + mq->lifetime);
	}
	if (mq->due <= last)
		demote(mq, last);
}

static void mq_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct mq *mq = self;
	const uint64_t last = bel_last(now, ref);

	while (now < last && mq->due < last) {
		const uint64_t to = mq->due > now ? mq->due : now;

		refer(mq, ref.page, to, to - now + 1);
		now = to + 1;
	}
	refer(mq, ref.page, last, last - now + 1);
}

static uint32_t mq_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	const struct mq *mq = self;
	uint32_t page = BEL_NO_PAGE;

	(void)now;
	(void)out;
	for (uint32_t k = 0; k < mq->queues && page == BEL_NO_PAGE; k++)
		page = mq->queue[k].tail;
	return page;
}

static void mq_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct mq *mq = self;
	const uint32_t page = mq_victim(mq, now, out);

	struct bel_list *const queue = &mq->queue[mq->page[page].at];

	bel_list_remove(queue, mq->link, page);
	fetch_behind(mq, queue);
	if (queue->count >= BEL_LIST_FAR)
		__builtin_prefetch(&out->state[queue->tail], 1);
	bel_list_push(&mq->out, mq->link, page);
	mq->page[page].at = REMEMBERED;
	bel_evict(out, page);
	if (mq->out.count > mq->out_most) {
		mq->page[mq->out.tail].at = 0;
		bel_list_remove(&mq->out, mq->link, mq->out.tail);
	}
}

static void mq_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct mq *mq = self;

	if (bel_resident(out) == mq->frames)
		mq_evict(mq, now, out);
	if (mq->page[ref.page].at == REMEMBERED)
		bel_list_remove(&mq->out, mq->link, ref.page);
	else
		mq->page[ref.page].count = 0;
	/* mq_hit() takes the page from a queue. */
	bel_list_push(&mq->queue[0], mq->link, ref.page);
	mq->page[ref.page].at = 0;
	mq_hit(mq, now, ref);
}

static void mq_drop(void *self, uint32_t page)
{
	struct mq *mq = self;

	bel_list_remove(&mq->queue[mq->page[page].at], mq->link, page);
	mq->page[page].at = 0;
}

static const struct bel_hooks mq_hooks = {
	.hit = mq_hit,
	.fault = mq_fault,
	.drop = mq_drop,
};

static const struct bel_param mq_params[] = {
	{"queues", "", BEL_PARAM_INTEGER, 8, 1, QUEUES_MOST, "number of queues"},
	{"lifetime", "references", BEL_PARAM_INTEGER, 10000, 1, 4503599627370496.0,
		"time without a reference after which a page goes down one queue"},
	{"out", "% of the frames", BEL_PARAM_INTEGER, 400, 0, 10000,
		"ghost entries, which keep the counts of evicted pages"},
	{.name = NULL},
};

static void mq_show(void *self, const struct bel_show *show)
{
	const struct mq *mq = self;

	for (uint32_t k = 0; k < mq->queues; k++)
		bel_list_show(&mq->queue[k], mq->link, show, BEL_SHOW_OTHER);
}

BEL_RUN(mq, mq_hooks, 0)

static const struct bel_policy mq = {
	BEL_POLICY_BASE(mq, struct mq),
	.name = "mq",
	.title = "multi-queue: LRU queues by the logarithm of the reference count",
	.source = "Y. Zhou, J. Philbin, K. Li, The multi-queue replacement algorithm for second "
		  "level buffer caches, USENIX Annual Technical Conference 2001",
	.params = mq_params,
	.victim = mq_victim,
	.evict = mq_evict,
	.show = mq_show,
	.aliases = "multi-queue",
};

BEL_POLICY(mq);
