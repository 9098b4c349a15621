/* SPDX-License-Identifier: MIT */
/*
 * curve_clock_pro.c: CLOCK-Pro at up to 64 sizes at once, bit-sliced. policies/clock-pro.c describes
 * the policy.
 *
 * A hit sets the referenced bit at all sizes. Each size has its clock, in three queues: hot pages,
 * resident cold pages, and pages in test. Hot and cold pages leave only at the hands, so these queues
 * are plain. A page leaves the test queue from the middle if it is referenced, and stays there as a
 * stale entry.
 *
 * HAND_hot ends the tests that began before the next hot page was put at the head. So the entries of
 * hot pages and tests have stamps. It has met its trigger, which is in test, exactly if it ended
 * that test: so the trigger needs no stamp, and cold pages need none.
 */
#include <stdlib.h>

#include "curve_split.h"
#include "hot_cold.h"
#include "queue_sliced.h"
#include "stamped_queue.h"

enum { COLD }; /* of the queues of pages; its pages have no stamps */

struct size {
	uint64_t cold_least, cold_most, hot_aim;
	int64_t credit;
	uint64_t stamps;
	uint64_t tests, ghosts; /* pages in test; those of them that are not resident */
	struct bel_stamped_queue hot, test;
};

/*
 * `ghost[0]` of a page of q says at which sizes it is in test, resident or not. `counted` counts its
 * stale entries in the test queue.
 */
struct pro {
	struct bel_queue_sliced q;
	bool adaptive, spare;
	uint64_t room; /* pages that there is room for */
	struct size size[BEL_QUEUE_SLICES];
};

/* ---- tests ---- */

static inline bool in_test(const struct pro *pro, unsigned s, uint32_t page)
{
	return pro->q.page[page].ghost[0] >> s & 1;
}

/* Removes all stale entries from the test queue. */
static void clean_tests(struct pro *pro, unsigned s)
{
	struct bel_stamped_queue *const test = &pro->size[s].test;
	const uint64_t bit = UINT64_C(1) << s, end = test->end;

	/* An older entry of a page is the stale one. */
	test->end = test->oldest;
	for (uint64_t at = test->oldest; at != end; at++) {
		const struct bel_stamped entry = *bel_stamped_at(test, at);

		if (!bel_stale_take(&pro->q.page[entry.page].counted, bit))
			bel_stamped_push(test, entry.stamp, entry.page);
	}
}

static inline void begin_test(struct pro *pro, unsigned s, uint32_t page)
{
	struct size *const size = &pro->size[s];

	if (bel_stamped_count(&size->test) == size->test.capacity)
		clean_tests(pro, s);
	bel_stamped_push(&size->test, size->stamps++, page);
	pro->q.page[page].ghost[0] |= UINT64_C(1) << s;
	size->tests++;
}

/* The page, if it is in test, leaves the test queue from the middle. */
static inline void leave_test(struct pro *pro, unsigned s, uint32_t page)
{
	struct bel_stale *const stale = &pro->q.page[page].counted;
	const uint64_t bit = UINT64_C(1) << s;

	if (!in_test(pro, s, page))
		return;
	if (stale->low & stale->high & bit)
		clean_tests(pro, s);
	stale->high |= stale->low & bit;
	stale->low ^= bit;
	pro->q.page[page].ghost[0] &= ~bit;
	pro->size[s].tests--;
}

/* The page of the oldest entry of a queue, which is looked at when the queue is next used. */
static inline void fetch_oldest(const struct pro *pro, const struct bel_stamped_queue *queue)
{
	__builtin_prefetch(&pro->q.page[bel_stamped_at(queue, queue->oldest)->page], 1);
}

/* The oldest entry of the test queue that is not stale; there is one. */
static inline const struct bel_stamped *oldest_test(struct pro *pro, unsigned s)
{
	struct bel_stamped_queue *const test = &pro->size[s].test;
	const uint64_t bit = UINT64_C(1) << s;

	while (bel_stale_take(&pro->q.page[bel_stamped_at(test, test->oldest)->page].counted, bit))
		test->oldest++;
	return bel_stamped_at(test, test->oldest);
}

/* Ends the oldest test. Whether it was that of a ghost entry. */
static inline bool end_test(struct pro *pro, unsigned s)
{
	struct size *const size = &pro->size[s];
	struct bel_queue_page *const page = &pro->q.page[oldest_test(pro, s)->page];

	size->test.oldest++;
	fetch_oldest(pro, &size->test);
	size->tests--;
	page->ghost[0] &= ~(UINT64_C(1) << s);
	if (page->resident >> s & 1)
		return false;
	size->ghosts--;
	size->credit -= pro->adaptive;
	return true;
}

/* ---- hands ---- */

enum { MET = 1, DEMOTED = 2 };

/* HAND_hot for a trigger in test, or BEL_NO_PAGE; returns MET, DEMOTED or both. */
static int run_hot(struct pro *pro, unsigned s, uint32_t trigger)
{
	struct size *const size = &pro->size[s];
	const uint64_t bit = UINT64_C(1) << s;
	int outcome = bel_stamped_count(&size->hot) ? 0 : MET;

	while (!outcome) {
		const uint32_t page = bel_stamped_at(&size->hot, size->hot.oldest++)->page;
		uint64_t next;

		fetch_oldest(pro, &size->hot);
		if (pro->q.page[page].low & bit) {
			pro->q.page[page].low &= ~bit;
			bel_stamped_push(&size->hot, size->stamps++, page);
		} else {
			bel_queue_push(&pro->q.size[s].queue[COLD], page);
			outcome = DEMOTED;
		}
		if (!bel_stamped_count(&size->hot))
			break;
		next = bel_stamped_at(&size->hot, size->hot.oldest)->stamp;
		while (size->tests && oldest_test(pro, s)->stamp < next)
			end_test(pro, s);
		if (trigger != BEL_NO_PAGE && !in_test(pro, s, trigger))
			outcome |= MET;
	}
	return outcome;
}

/* The oldest cold page goes to the head, as hot or in test. */
static inline void move_cold(struct pro *pro, unsigned s, bool hot)
{
	struct size *const size = &pro->size[s];
	struct bel_queue *const cold = &pro->q.size[s].queue[COLD];
	const uint32_t page = bel_queue_pop(&pro->q, cold);

	leave_test(pro, s, page);
	if (hot) {
		bel_stamped_push(&size->hot, size->stamps++, page);
	} else {
		bel_queue_push(cold, page);
		begin_test(pro, s, page);
	}
}

/* HAND_cold, step 3: the page at the hand is referenced and in test. */
static void referenced(struct pro *pro, unsigned s, uint32_t page)
{
	struct size *const size = &pro->size[s];
	struct bel_queue_page *const at = &pro->q.page[page];
	const uint64_t cold = pro->q.size[s].frames - size->hot_aim, bit = UINT64_C(1) << s;
	bool to_cold;
	int outcome;

	if ((size->credit > 0 && cold >= size->cold_most) ||
		(size->credit < 0 && cold <= size->cold_least))
		size->credit = 0;
	if (size->credit < 0) {
		at->low &= ~bit;
		move_cold(pro, s, true);
		size->hot_aim++;
		size->credit++;
		return;
	}
	/* HAND_hot may end tests, which changes the credit. */
	to_cold = size->credit > 0;
	outcome = run_hot(pro, s, page);
	if (outcome == MET || (to_cold && outcome & MET)) {
		at->low &= ~bit;
	} else if (to_cold) {
		move_cold(pro, s, false);
	} else {
		at->low &= ~bit;
		move_cold(pro, s, true);
	}
	if (to_cold && outcome & DEMOTED) {
		size->hot_aim--;
		size->credit--;
	}
}

/* HAND_cold. */
static void evict(struct pro *pro, unsigned s)
{
	struct size *const size = &pro->size[s];
	struct bel_queue *const cold = &pro->q.size[s].queue[COLD];
	const uint64_t bit = UINT64_C(1) << s;

	for (;;) {
		uint32_t page;

		while (!cold->count)
			run_hot(pro, s, BEL_NO_PAGE);
		page = bel_queue_oldest(cold);
		if (pro->q.page[page].low & bit && in_test(pro, s, page)) {
			referenced(pro, s, page);
		} else if (pro->q.page[page].low & bit && pro->spare) {
			pro->q.page[page].low &= ~bit;
			move_cold(pro, s, false);
		} else {
			bel_queue_pop(&pro->q, cold);
			bel_queue_evict(&pro->q, s, page);
			size->ghosts += in_test(pro, s, page);
			break;
		}
	}
	if (size->ghosts > pro->q.size[s].frames)
		while (!end_test(pro, s))
			;
}

static void fault(struct bel_queue_sliced *q, uint32_t page, uint64_t missing, uint64_t now)
{
	struct pro *const pro = (struct pro *)q;

	for (; missing; missing &= missing - 1) {
		const unsigned s = (unsigned)__builtin_ctzll(missing);
		struct size *const size = &pro->size[s];
		bool hot = false;

		if (!bel_queue_fault(&q->size[s], now)) {
			hot = bel_stamped_count(&size->hot) < size->hot_aim;
		} else {
			evict(pro, s);
			if (in_test(pro, s, page) && run_hot(pro, s, page) & DEMOTED) {
				hot = true;
				size->credit += pro->adaptive;
			}
		}
		/* Its ghost entry leaves. */
		size->ghosts -= in_test(pro, s, page);
		leave_test(pro, s, page);
		if (hot) {
			bel_stamped_push(&size->hot, size->stamps++, page);
		} else {
			bel_queue_push(&q->size[s].queue[COLD], page);
			begin_test(pro, s, page);
		}
	}
}

/* ---- the whole ---- */

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static int reserve(struct pro *pro, uint32_t pages, struct bel_err *err)
{
	const uint64_t room = pages + (uint64_t)pages / 2;

	if (pages <= pro->room)
		return BEL_OK;
	for (size_t s = 0; s < pro->q.setup.count; s++) {
		const uint64_t frames = pro->q.size[s].frames;

		/* Twice the pages in test: cleaning up halves the queue at least. */
		if (bel_stamped_reserve(&pro->size[s].hot, least(frames, room), err) < 0 ||
			bel_stamped_reserve(
				&pro->size[s].test, 2 * least(2 * frames + 1, room), err) < 0)
			return BEL_FAIL;
	}
	pro->room = room;
	return BEL_OK;
}

static int pro_feed(void *self, const struct bel_batch *batch, uint32_t pages, struct bel_err *err)
{
	if (reserve(self, pages, err) < 0)
		return BEL_FAIL;
	return bel_queue_sliced_feed(self, batch, pages, BEL_QUEUE_BIT, fault, err);
}

static void pro_destroy(void *self)
{
	struct pro *const pro = self;

	for (size_t s = 0; s < BEL_QUEUE_SLICES; s++) {
		free(pro->size[s].hot.entry);
		free(pro->size[s].test.entry);
	}
	bel_queue_sliced_free(pro);
}

static void *pro_create(const struct bel_curve_setup *setup, struct bel_err *err)
{
	struct pro *const pro = bel_queue_sliced_new(setup, sizeof(*pro), 1, "clock-pro", err);

	for (size_t s = 0; pro && s < setup->count; s++) {
		const uint64_t c = setup->x[s], capacity = c > 1 ? c - 1 : 1;
		struct size *const size = &pro->size[s];

		size->cold_least = bel_hot_cold_share(c, setup->param[0], BEL_MIN_COLD, capacity);
		size->cold_most =
			bel_hot_cold_share(c, setup->param[1], size->cold_least, capacity);
		size->hot_aim = c - size->cold_least;
	}
	if (pro) {
		pro->adaptive = setup->param[2] != 0;
		pro->spare = setup->param[3] != 0;
	}
	return pro;
}

static void pro_report(const void *self, size_t index, struct bel_sink *sink)
{
	const struct pro *const pro = self;

	sink->count(sink->host, "hot_pages", bel_stamped_count(&pro->size[index].hot));
	sink->count(sink->host, "cold_pages", pro->q.size[index].queue[COLD].count);
	sink->count(sink->host, "ghosts", pro->size[index].ghosts);
}

/* Those of the policy, without repeats: an engine does what the author's program does. */
static const struct bel_param pro_params[] = {
	{"cold", "% of the frames", BEL_PARAM_REAL, 1, 0, 100, "smallest share of cold pages"},
	{"most", "% of the frames", BEL_PARAM_REAL, 100, 0, 100, "largest share of cold pages"},
	{"adaptive", "", BEL_PARAM_SWITCH, 1, 0, 1, "the share of cold pages adapts"},
	{"spare", "", BEL_PARAM_SWITCH, 1, 0, 1,
		"a referenced cold page is not evicted, even if it is not in test"},
	{.name = NULL},
};

static const struct bel_curve_shared pro_shared = {
	.policy = "clock-pro",
	.params = pro_params,
	/* Uniform references to 20,000 pages, 16 sizes of 1000 to 4000 frames, all shared: 1.8 times
	 * the time of engines, of 4000 to 9900 frames 1.3 times; below 1000 frames .8 times. */
	.most_misses = 0.6,
	.from_frames = 1000,
	.create = pro_create,
	.feed = pro_feed,
	.snapshot = bel_queue_sliced_curve,
	.report = pro_report,
	.destroy = pro_destroy,
};

BEL_CURVE_SPLIT(pro_shared)

static const struct bel_curve_algorithm clock_pro_sliced = {
	.policy = "clock-pro",
	.name = "sliced",
	.source = "S. Jiang, F. Chen, X. Zhang, CLOCK-Pro: an effective improvement of the CLOCK "
		  "replacement, USENIX Annual Technical Conference 2005",
	.caps = BEL_CURVE_SNAPSHOT | BEL_CURVE_WRITEBACKS,
	.most_sizes = BEL_QUEUE_SLICES,
	.least_sizes = 2,
	.least_frames = BEL_QUEUE_LEAST,
	.params = pro_params,
	BEL_CURVE_SPLIT_MEMBERS(pro_shared),
};

BEL_CURVE(clock_pro_sliced);
