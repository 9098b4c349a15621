/* SPDX-License-Identifier: MIT */
/*
 * clock2q-plus.c: Clock2Q+ (Zhai et al., VLDB 2026, and the authors' program in libCacheSim): a
 * small FIFO queue in front of a clock. Hits soon after loading do not count, because they belong
 * to the reference that loaded the page.
 *
 * State:
 * - small: a FIFO queue of at least 1 page, floor(small x frames). clock: the other frames. ghost:
 *   floor(ghost x frames) ghost entries.
 * - A reference bit per page, kept by the policy.
 * - Correlation window: `window` times the size of the small queue, a real number of pages.
 *
 * On a hit:
 * 1. In the clock: set the bit.
 * 2. In the small queue: set the bit if at least as many pages as the window entered the small
 *    queue since this page did.
 *
 * On a fault:
 * 1. If the page has a ghost entry, remove it.
 * 2. If no frame is free, evict (below).
 * 3. A page that had a ghost entry enters the clock. So does any page before the first eviction,
 *    if the small queue has its size. All others enter the small queue. The bit is clear.
 *
 * Evict, until a page has left:
 * 1. If the clock holds more than its size, or the small queue is empty, the clock's hand moves
 *    on: it clears set bits and evicts the first page with a clear bit. A page that enters the
 *    clock is put where the hand comes last.
 * 2. Otherwise take the oldest page of the small queue. Bit set: clear it, move the page to the
 *    clock, and take the next one, even if the clock now holds more than its size. Bit clear: evict
 *    the page and give it the newest ghost entry; if there are too many, the oldest is forgotten.
 *    If the small queue is empty, go to 1.
 *
 * The ghost queue has half the frames, as in section 3.4 of the paper; the authors' program has
 * ghost=0.9. A page that is dropped leaves no ghost entry.
 *
 * Cost: O(1) per reference; 18 bytes per page.
 */
#include "list.h"

enum place { NOWHERE, SMALL, CLOCK, GHOST };

struct c2q {
	uint64_t frames, small_size, ghost_size;
	double window_pages;
	uint64_t entered; /* pages that entered small so far */
	struct bel_list small, clock, ghost;
	struct bel_link *link;
	uint64_t *entry; /* of a page of small: `entered` just after it entered */
	uint8_t *place, *bit;
	int evicted;
};

static void c2q_init(void *self, const struct bel_env *env)
{
	struct c2q *c2q = self;

	c2q->frames = env->frames;
	c2q->small_size = (uint64_t)((double)env->frames * env->param[0]);
	if (!c2q->small_size)
		c2q->small_size = 1;
	c2q->ghost_size = (uint64_t)((double)env->frames * env->param[1]);
	c2q->window_pages = (double)c2q->small_size * env->param[2];
	bel_list_init(&c2q->small);
	bel_list_init(&c2q->clock);
	bel_list_init(&c2q->ghost);
	env->page_array(env->host, &c2q->link, sizeof(*c2q->link));
	env->page_array(env->host, &c2q->entry, sizeof(*c2q->entry));
	env->page_array(env->host, &c2q->place, sizeof(*c2q->place));
	env->page_array(env->host, &c2q->bit, sizeof(*c2q->bit));
}

static void refer(struct c2q *c2q, uint32_t page)
{
	if (c2q->place[page] == CLOCK ||
		(double)(c2q->entered - c2q->entry[page]) >= c2q->window_pages)
		c2q->bit[page] = 1;
}

static void c2q_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct c2q *c2q = self;

	(void)now;
	if (!c2q->bit[ref.page])
		refer(c2q, ref.page);
}

static void enter_clock(struct c2q *c2q, uint32_t page)
{
	bel_list_push(&c2q->clock, c2q->link, page);
	c2q->place[page] = CLOCK;
}

static void enter_ghost(struct c2q *c2q, uint32_t page)
{
	c2q->place[page] = NOWHERE;
	if (!c2q->ghost_size)
		return;
	if (c2q->ghost.count == c2q->ghost_size) {
		const uint32_t oldest = c2q->ghost.tail;

		bel_list_remove(&c2q->ghost, c2q->link, oldest);
		c2q->place[oldest] = NOWHERE;
	}
	bel_list_push(&c2q->ghost, c2q->link, page);
	c2q->place[page] = GHOST;
}

/* The hand stands at the list's tail. Pages that it passes go to the head. */
static void evict_clock(struct c2q *c2q, struct bel_decision *out)
{
	uint32_t page;

	while (c2q->bit[page = c2q->clock.tail]) {
		c2q->bit[page] = 0;
		bel_list_to_head(&c2q->clock, c2q->link, page);
	}
	bel_list_remove(&c2q->clock, c2q->link, page);
	c2q->place[page] = NOWHERE;
	bel_evict(out, page);
}

/* If all pages of small enter the clock, no page leaves. */
static void evict_small(struct c2q *c2q, struct bel_decision *out)
{
	while (c2q->small.count) {
		const uint32_t page = c2q->small.tail;

		bel_list_remove(&c2q->small, c2q->link, page);
		if (!c2q->bit[page]) {
			enter_ghost(c2q, page);
			bel_evict(out, page);
			return;
		}
		c2q->bit[page] = 0;
		enter_clock(c2q, page);
	}
}

static void c2q_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct c2q *c2q = self;
	const uint64_t resident = bel_resident(out);

	(void)now;
	c2q->evicted = 1;
	while (bel_resident(out) == resident)
		if (!c2q->small.count || c2q->clock.count + c2q->small_size > c2q->frames)
			evict_clock(c2q, out);
		else
			evict_small(c2q, out);
}

static void c2q_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct c2q *c2q = self;
	const int ghost = c2q->place[ref.page] == GHOST;

	if (ghost)
		bel_list_remove(&c2q->ghost, c2q->link, ref.page);
	if (bel_resident(out) == c2q->frames)
		c2q_evict(c2q, now, out);
	c2q->bit[ref.page] = 0;
	if (ghost || (!c2q->evicted && c2q->small.count >= c2q->small_size)) {
		enter_clock(c2q, ref.page);
	} else {
		bel_list_push(&c2q->small, c2q->link, ref.page);
		c2q->place[ref.page] = SMALL;
		c2q->entry[ref.page] = ++c2q->entered;
	}
	if (bel_count(ref) > 1)
		refer(c2q, ref.page);
}

static void c2q_drop(void *self, uint32_t page)
{
	struct c2q *c2q = self;

	bel_list_remove(c2q->place[page] == SMALL ? &c2q->small : &c2q->clock, c2q->link, page);
	c2q->place[page] = NOWHERE;
}

static const struct bel_hooks c2q_hooks = {
	.hit = c2q_hit,
	.fault = c2q_fault,
	.drop = c2q_drop,
};

static const struct bel_param c2q_params[] = {
	{"small", "of frames", BEL_PARAM_REAL, 0.1, 0, 1, "size of the small queue"},
	{"ghost", "of frames", BEL_PARAM_REAL, 0.5, 0, 100, "most ghost entries"},
	{"window", "of small", BEL_PARAM_REAL, 0.5, 0, 1,
		"loads into the small queue before hits on a page in it count"},
	{.name = NULL},
};

static void c2q_report(void *self, struct bel_sink *sink)
{
	const struct c2q *c2q = self;

	sink->count(sink->host, "small_pages", c2q->small.count);
	sink->count(sink->host, "clock_pages", c2q->clock.count);
	sink->count(sink->host, "ghost_pages", c2q->ghost.count);
}

static void c2q_show(void *self, const struct bel_show *show)
{
	const struct c2q *c2q = self;
	const struct bel_list *lists[] = {&c2q->small, &c2q->clock};

	for (int i = 0; i < 2; i++)
		for (uint32_t page = lists[i]->tail; page != BEL_NO_PAGE;
			page = c2q->link[page].before) {
			show->order(show->host, page, BEL_SHOW_OTHER);
			show->bit(show->host, page, c2q->bit[page]);
		}
	if (c2q->clock.count)
		show->hand(show->host, c2q->clock.tail);
}

BEL_RUN(c2q, c2q_hooks, 0)

/* No victim(): looking for a victim moves pages between the queues. */
static const struct bel_policy clock2q_plus = {
	BEL_POLICY_BASE(c2q, struct c2q),
	.name = "clock2q-plus",
	.title = "Clock2Q+: a small FIFO queue and a clock; ignores hits just after loading",
	.source = "Y. Zhai, B. D. Marthen, S. Balivada, V. S. Bojji, E. Knauft, J. Rohilla and "
		  "others, Clock2Q+: a simple and efficient replacement algorithm for metadata "
		  "cache in VMware vSAN, VLDB 2026",
	.params = c2q_params,
	.evict = c2q_evict,
	.report = c2q_report,
	.show = c2q_show,
};

BEL_POLICY(clock2q_plus);
