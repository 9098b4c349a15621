/* SPDX-License-Identifier: MIT */
/*
 * qd-lp-fifo.c: QD-LP-FIFO (Yang et al., HotOS 2023): quick demotion by a small FIFO queue, lazy
 * promotion by a clock with two bits.
 *
 * State:
 * - small: a FIFO queue of at least 1 page, floor(small x frames). clock: the other frames. ghost:
 *   floor(ghost x frames) ghost entries.
 * - A count of hits per resident page, at most 3.
 *
 * On a hit: add 1 to the count.
 *
 * On a fault:
 * 1. Remove the page's ghost entry, if it has one.
 * 2. If no frame is free, evict: from the clock if the page had a ghost entry and the clock is not
 *    empty and has its size, or if small is empty; otherwise from small.
 * 3. Load the page with count 0: into the clock if it had a ghost entry, otherwise into small.
 *
 * Evict from small:
 * 1. Take the oldest page of small. With count 0, evict it; it gets the newest ghost entry, and if
 *    there are too many the oldest is forgotten.
 * 2. With a higher count, move it to the clock, with count 0. If the clock then holds more than
 *    its size, or small is empty, evict from the clock. Otherwise go to 1.
 *
 * Evict from the clock: the hand passes pages with a count above 0 and subtracts 1. It evicts the
 * first page with count 0, which gets no ghost entry. A page that enters the clock is put where
 * the hand comes last.
 *
 * In the paper each queue has a size of its own. Here no page leaves while a frame is free, so
 * small may hold more at the start. A page that is dropped leaves no ghost entry.
 *
 * Cost: O(1) per reference; 10 bytes per page.
 */
#include "list.h"

#define COUNT_MAX 3

enum place { NOWHERE, SMALL, CLOCK, GHOST };

struct qdlp {
	uint64_t frames, small_size, ghost_size;
	struct bel_list small, clock, ghost;
	struct bel_link *link;
	uint8_t *place, *count;
};

static void qdlp_init(void *self, const struct bel_env *env)
{
	struct qdlp *qdlp = self;

	qdlp->frames = env->frames;
	qdlp->small_size = (uint64_t)((double)env->frames * env->param[0]);
	if (!qdlp->small_size)
		qdlp->small_size = 1;
	qdlp->ghost_size = (uint64_t)((double)env->frames * env->param[1]);
	bel_list_init(&qdlp->small);
	bel_list_init(&qdlp->clock);
	bel_list_init(&qdlp->ghost);
	env->page_array(env->host, &qdlp->link, sizeof(*qdlp->link));
	env->page_array(env->host, &qdlp->place, sizeof(*qdlp->place));
	env->page_array(env->host, &qdlp->count, sizeof(*qdlp->count));
}

static uint8_t add(uint8_t count, uint32_t hits)
{
	return hits > COUNT_MAX - (uint32_t)count ? COUNT_MAX : (uint8_t)(count + hits);
}

static void qdlp_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct qdlp *qdlp = self;

	(void)now;
	if (qdlp->count[ref.page] < COUNT_MAX)
		qdlp->count[ref.page] = add(qdlp->count[ref.page], bel_count(ref));
}

static void enter_clock(struct qdlp *qdlp, uint32_t page)
{
	bel_list_push(&qdlp->clock, qdlp->link, page);
	qdlp->place[page] = CLOCK;
}

static void enter_ghost(struct qdlp *qdlp, uint32_t page)
{
	qdlp->place[page] = NOWHERE;
	if (!qdlp->ghost_size)
		return;
	if (qdlp->ghost.count == qdlp->ghost_size) {
		const uint32_t oldest = qdlp->ghost.tail;

		bel_list_remove(&qdlp->ghost, qdlp->link, oldest);
		qdlp->place[oldest] = NOWHERE;
	}
	bel_list_push(&qdlp->ghost, qdlp->link, page);
	qdlp->place[page] = GHOST;
}

/* The hand stands at the list's tail. Pages that it passes go to the head. */
static void evict_clock(struct qdlp *qdlp, struct bel_decision *out)
{
	uint32_t page;

	while (qdlp->count[page = qdlp->clock.tail]) {
		qdlp->count[page]--;
		bel_list_to_head(&qdlp->clock, qdlp->link, page);
	}
	bel_list_remove(&qdlp->clock, qdlp->link, page);
	qdlp->place[page] = NOWHERE;
	bel_evict(out, page);
}

static int clock_exceeds(const struct qdlp *qdlp, uint64_t more)
{
	return qdlp->clock.count + more + qdlp->small_size > qdlp->frames;
}

static void qdlp_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct qdlp *qdlp = self;

	(void)now;
	while (qdlp->small.count) {
		const uint32_t page = qdlp->small.tail;

		bel_list_remove(&qdlp->small, qdlp->link, page);
		if (!qdlp->count[page]) {
			enter_ghost(qdlp, page);
			bel_evict(out, page);
			return;
		}
		qdlp->count[page] = 0;
		enter_clock(qdlp, page);
		if (clock_exceeds(qdlp, 0))
			break;
	}
	evict_clock(qdlp, out);
}

static void qdlp_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct qdlp *qdlp = self;
	const int ghost = qdlp->place[ref.page] == GHOST;

	if (ghost)
		bel_list_remove(&qdlp->ghost, qdlp->link, ref.page);
	if (bel_resident(out) == qdlp->frames) {
		if (ghost && qdlp->clock.count && clock_exceeds(qdlp, 1))
			evict_clock(qdlp, out);
		else
			qdlp_evict(qdlp, now, out);
	}
	qdlp->count[ref.page] = add(0, bel_count(ref) - 1);
	if (ghost) {
		enter_clock(qdlp, ref.page);
		return;
	}
	bel_list_push(&qdlp->small, qdlp->link, ref.page);
	qdlp->place[ref.page] = SMALL;
}

static void qdlp_drop(void *self, uint32_t page)
{
	struct qdlp *qdlp = self;

	bel_list_remove(qdlp->place[page] == SMALL ? &qdlp->small : &qdlp->clock, qdlp->link, page);
	qdlp->place[page] = NOWHERE;
}

static const struct bel_hooks qdlp_hooks = {
	.hit = qdlp_hit,
	.fault = qdlp_fault,
	.drop = qdlp_drop,
};

static const struct bel_param qdlp_params[] = {
	{"small", "of frames", BEL_PARAM_REAL, 0.1, 0, 1, "size of the small queue"},
	{"ghost", "of frames", BEL_PARAM_REAL, 0.9, 0, 100, "most ghost entries"},
	{.name = NULL},
};

static void qdlp_report(void *self, struct bel_sink *sink)
{
	const struct qdlp *qdlp = self;

	sink->count(sink->host, "small_pages", qdlp->small.count);
	sink->count(sink->host, "clock_pages", qdlp->clock.count);
	sink->count(sink->host, "ghost_pages", qdlp->ghost.count);
}

static void qdlp_show(void *self, const struct bel_show *show)
{
	const struct qdlp *qdlp = self;

	bel_list_show(&qdlp->small, qdlp->link, show, BEL_SHOW_OTHER);
	bel_list_show(&qdlp->clock, qdlp->link, show, BEL_SHOW_OTHER);
	if (qdlp->clock.count)
		show->hand(show->host, qdlp->clock.tail);
}

BEL_RUN(qdlp, qdlp_hooks, 0)

/* No victim(): looking for a victim moves pages between the queues. */
static const struct bel_policy qd_lp_fifo = {
	BEL_POLICY_BASE(qdlp, struct qdlp),
	.name = "qd-lp-fifo",
	.title = "QD-LP-FIFO: a small FIFO queue, a two-bit clock, and ghost entries",
	.source = "J. Yang, Z. Qiu, Y. Zhang, Y. Yue, K. V. Rashmi, FIFO can be better than LRU: "
		  "the power of lazy promotion and quick demotion, HotOS 2023",
	.params = qdlp_params,
	.evict = qdlp_evict,
	.report = qdlp_report,
	.show = qdlp_show,
	.aliases = "QDLP",
};

BEL_POLICY(qd_lp_fifo);
