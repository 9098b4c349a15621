/* SPDX-License-Identifier: MIT */
/*
 * 2q.c: 2Q, full version (Johnson and Shasha, VLDB 1994): new pages pass through a FIFO queue; a
 * page that faults again after leaving it joins an LRU list.
 *
 * State:
 * - A1in: resident pages, in order of loading.
 * - A1out: ghost entries, the numbers of pages evicted from A1in, in order of eviction.
 * - Am: resident pages, in order of last reference.
 * - Kin and Kout: kin% and kout% of the frames, rounded down.
 *
 * On a hit:
 * 1. In A1in: nothing changes.
 * 2. In Am: the page becomes the most recent page of Am.
 *
 * On a fault:
 * 1. If no frame is free, evict. If A1in holds more than Kin pages, or Am is empty, the oldest
 *    page of A1in leaves and gets the newest entry of A1out; if A1out now has more than Kout
 *    entries, the oldest is forgotten. Otherwise the least recent page of Am leaves, without a
 *    ghost entry.
 * 2. If the page has an entry in A1out, remove the entry and load the page into Am. Otherwise load
 *    it into A1in.
 *
 * The paper does not say when the entry of step 2 is removed. By default it still counts towards
 * Kout in step 1, but is never the entry that is forgotten there. early=on, as in libCacheSim: it
 * is removed before step 1. A page that is dropped leaves no ghost entry.
 *
 * Cost: O(1) per reference; 9 bytes per page.
 */
#include "list.h"

enum queue { NOWHERE, A1IN, A1OUT, AM };

struct two_queues {
	uint64_t frames, kin, kout;
	int early;                       /* the faulting page leaves A1out before the eviction */
	struct bel_list a1in, a1out, am; /* the oldest page at the tail */
	struct bel_link *link;
	uint8_t *queue; /* of a page: the list it is on */
};

static void two_init(void *self, const struct bel_env *env)
{
	struct two_queues *two = self;

	two->frames = env->frames;
	two->kin = (uint64_t)((double)env->frames * env->param[0] / 100);
	two->kout = (uint64_t)((double)env->frames * env->param[1] / 100);
	two->early = env->param[2] != 0;
	bel_list_init(&two->a1in);
	bel_list_init(&two->a1out);
	bel_list_init(&two->am);
	env->page_array(env->host, &two->link, sizeof(*two->link));
	env->page_array(env->host, &two->queue, sizeof(*two->queue));
}

static void two_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct two_queues *two = self;

	(void)now;
	if (two->queue[ref.page] == AM)
		bel_list_to_head(&two->am, two->link, ref.page);
}

static uint32_t two_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	const struct two_queues *two = self;

	(void)now;
	(void)out;
	return two->a1in.count <= two->kin && two->am.count ? two->am.tail : two->a1in.tail;
}

/* Evicts a page. A1out keeps at most `kout` entries. */
static void reclaim(struct two_queues *two, uint64_t kout, struct bel_decision *out)
{
	uint32_t victim;

	if (two->a1in.count <= two->kin && two->am.count) {
		victim = two->am.tail;
		bel_list_remove(&two->am, two->link, victim);
		two->queue[victim] = NOWHERE;
		bel_evict(out, victim);
		return;
	}
	victim = two->a1in.tail;
	bel_list_remove(&two->a1in, two->link, victim);
	bel_list_push(&two->a1out, two->link, victim);
	two->queue[victim] = A1OUT;
	bel_evict(out, victim);
	if (two->a1out.count > kout) {
		two->queue[two->a1out.tail] = NOWHERE;
		bel_list_remove(&two->a1out, two->link, two->a1out.tail);
	}
}

static void two_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct two_queues *two = self;

	(void)now;
	reclaim(two, two->kout, out);
}

static void two_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct two_queues *two = self;
	const int was_out = two->queue[ref.page] == A1OUT;

	(void)now;
	if (was_out)
		bel_list_remove(&two->a1out, two->link, ref.page);
	if (bel_resident(out) == two->frames)
		reclaim(two, two->kout - (was_out && !two->early), out);
	bel_list_push(was_out ? &two->am : &two->a1in, two->link, ref.page);
	two->queue[ref.page] = was_out ? AM : A1IN;
}

static void two_drop(void *self, uint32_t page)
{
	struct two_queues *two = self;

	bel_list_remove(two->queue[page] == AM ? &two->am : &two->a1in, two->link, page);
	two->queue[page] = NOWHERE;
}

static const struct bel_hooks two_hooks = {
	.hit = two_hit,
	.fault = two_fault,
	.drop = two_drop,
};

static const struct bel_param two_params[] = {
	{"kin", "% of the frames", BEL_PARAM_REAL, 25, 0, 100,
		"A1in gives up its oldest page when it holds more than this"},
	{"kout", "% of the frames", BEL_PARAM_REAL, 50, 0, 1000, "most ghost entries in A1out"},
	{"early", "", BEL_PARAM_SWITCH, 0, 0, 1,
		"the ghost entry of the faulting page is removed before the eviction"},
	{.name = NULL},
};

static void two_report(void *self, struct bel_sink *sink)
{
	const struct two_queues *two = self;

	sink->count(sink->host, "a1in_pages", two->a1in.count);
	sink->count(sink->host, "am_pages", two->am.count);
}

static void two_show(void *self, const struct bel_show *show)
{
	const struct two_queues *two = self;

	/* If A1in holds more than Kin pages, it loses the next page. */
	if (two->a1in.count > two->kin) {
		bel_list_show(&two->a1in, two->link, show, BEL_SHOW_OTHER);
		bel_list_show(&two->am, two->link, show, BEL_SHOW_OTHER);
	} else {
		bel_list_show(&two->am, two->link, show, BEL_SHOW_OTHER);
		bel_list_show(&two->a1in, two->link, show, BEL_SHOW_OTHER);
	}
}

BEL_RUN(two, two_hooks, 0)

static const struct bel_policy two = {
	BEL_POLICY_BASE(two, struct two_queues),
	.name = "2q",
	.title = "2Q: a FIFO queue for new pages, an LRU list for those that fault again",
	.source = "T. Johnson, D. Shasha, 2Q: a low overhead high performance buffer management "
		  "replacement algorithm, VLDB 1994",
	.params = two_params,
	.victim = two_victim,
	.evict = two_evict,
	.report = two_report,
	.show = two_show,
	.aliases = "two-queue, TwoQ",
};

BEL_POLICY(two);
