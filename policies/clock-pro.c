/* SPDX-License-Identifier: MIT */
/*
 * clock-pro.c: CLOCK-Pro (Jiang, Chen and Zhang, USENIX ATC 2005, and the author's program): a
 * cold page that is referenced again in its test period changes places with a hot page.
 *
 * State, with c frames:
 * - The clock: pages in the order in which they were last put at its head. They are hot pages,
 *   resident cold pages (in test or not), and ghost entries: cold pages evicted during their test.
 * - hot: the target number of hot pages, c - m at first. The share of cold pages, c - hot, stays
 *   between m = max(2, floor(cold% of c)) and max(m, floor(most% of c)). Both bounds are kept in 1
 *   ... c - 1 (1 with one frame).
 * - credit: frames that cold pages are to gain (positive) or lose (negative). It starts at 0, and
 *   stays 0 with adaptive=off.
 *
 * On a hit: nothing. Hardware sets the accessed bit.
 *
 * On any fault, the page is loaded with its accessed bit clear.
 *
 * On a fault with a frame free: load the page at the head, as hot if there are fewer than `hot`
 * hot pages, otherwise as cold and in test. A ghost entry of the page is removed.
 *
 * On a fault with no frame free:
 * 1. Run HAND_cold, which evicts a page.
 * 2. If the page has a ghost entry (step 1 may have removed it), run HAND_hot for it. If that
 *    demoted a page, load the faulting page at the head as hot and add 1 to credit.
 * 3. Otherwise load it at the head as cold and in test.
 *
 * HAND_cold takes the resident cold page farthest from the head, until one leaves. If there is
 * none, which happens only with frames free, HAND_hot first demotes a page.
 * 1. Bit clear (with spare=off: bit clear or not in test): evict it. If it was in test, it stays
 *    as a ghost entry. If there are now more than c ghost entries, tests end, beginning with the
 *    page farthest from the head, until that of a ghost entry has ended.
 * 2. Bit set, not in test: clear the bit, move it to the head, in test.
 * 3. Bit set, in test: first, credit becomes 0 if it is positive and c - hot is at its upper
 *    bound, or negative and c - hot is at its lower bound. Then:
 *    - credit < 0: clear the bit, move the page to the head as hot; add 1 to hot and to credit.
 *    - credit = 0: run HAND_hot for the page; clear the bit. If HAND_hot demoted a page, move this
 *      page to the head as hot. If it only met this page, the page stays where it is, and
 *      HAND_cold takes it again.
 *    - credit > 0: run HAND_hot for the page. If it met this page, clear the bit; otherwise move
 *      the page to the head, in test, with its bit set. If HAND_hot demoted a page, subtract 1
 *      from hot and from credit.
 *
 * HAND_hot, for a page (the trigger), takes the hot page farthest from the head:
 * 1. Bit set: clear it and move the page to the head. Bit clear: demote it, that is, move it to
 *    the head as cold and not in test.
 * 2. If no hot page is left, stop. Otherwise go to the next one. It has passed all cold pages and
 *    ghost entries that are farther from the head: their tests end. If the trigger is among them,
 *    the hand has met it.
 * 3. Stop if a page was demoted or the trigger was met. Otherwise go to 1.
 * If there is no hot page at the start, HAND_hot only counts as having met the trigger.
 *
 * When the test of a ghost entry ends, the entry leaves the clock and credit goes down by 1. A
 * page that is dropped leaves the clock. repeats=off, as in the author's program: a second
 * reference in a row to the same page does not set the bit; no hardware does this.
 *
 * Cost: O(1) per reference on average; 25 bytes per page.
 */
#include "hot_cold.h"

struct clock_pro {
	uint64_t frames, cold_least, cold_most;
	uint64_t hot_aim;
	int64_t credit; /* frames that cold pages are to gain; negative: to lose */
	int adaptive, spare;
	struct bel_hot_cold clock;
};

static void clock_pro_init(void *self, const struct bel_env *env)
{
	struct clock_pro *pro = self;
	const uint64_t c = env->frames, capacity = c > 1 ? c - 1 : 1;

	pro->frames = c;
	pro->cold_least = bel_hot_cold_share(c, env->param[0], BEL_MIN_COLD, capacity);
	pro->cold_most = bel_hot_cold_share(c, env->param[1], pro->cold_least, capacity);
	pro->hot_aim = c - pro->cold_least;
	pro->adaptive = env->param[2] != 0;
	pro->spare = env->param[3] != 0;
	bel_hot_cold_create(&pro->clock, env, env->param[4] != 0);
}

/* Ends the test of the page farthest from the head. Returns whether it was a ghost. */
static int end_test(struct clock_pro *pro)
{
	const int was_ghost = bel_hot_cold_end_test(&pro->clock);

	if (was_ghost)
		pro->credit -= pro->adaptive;
	return was_ghost;
}

enum { MET = 1, DEMOTED = 2 };

/* HAND_hot; returns MET, DEMOTED or both. */
static int run_hot(struct clock_pro *pro, uint32_t trigger, struct bel_decision *out)
{
	const uint64_t stamp = pro->clock.stamp[trigger];
	uint32_t page = pro->clock.hot.tail;
	int outcome = page == BEL_NO_PAGE ? MET : 0;

	while (page != BEL_NO_PAGE && !outcome) {
		if (bel_accessed(out, page)) {
			bel_clear_accessed(out, page);
			bel_hot_cold_enter(&pro->clock, page, BEL_HOT);
		} else {
			bel_hot_cold_enter(&pro->clock, page, 0);
			outcome = DEMOTED;
		}
		page = pro->clock.hot.tail;
		if (page == BEL_NO_PAGE)
			break;
		if (pro->clock.stamp[page] > stamp)
			outcome |= MET;
		while (pro->clock.test.count &&
			pro->clock.stamp[pro->clock.test.tail] < pro->clock.stamp[page])
			end_test(pro);
	}
	return outcome;
}

/* HAND_cold, step 3. */
static void referenced(struct clock_pro *pro, uint32_t page, struct bel_decision *out)
{
	const uint64_t cold = pro->frames - pro->hot_aim;
	int outcome, to_cold;

	if ((pro->credit > 0 && cold >= pro->cold_most) ||
		(pro->credit < 0 && cold <= pro->cold_least))
		pro->credit = 0;
	if (pro->credit < 0) {
		bel_clear_accessed(out, page);
		bel_hot_cold_enter(&pro->clock, page, BEL_HOT);
		pro->hot_aim++;
		pro->credit++;
		return;
	}
	/* HAND_hot may end tests, which changes the credit. */
	to_cold = pro->credit > 0;
	outcome = run_hot(pro, page, out);
	if (outcome == MET || (to_cold && outcome & MET)) {
		bel_clear_accessed(out, page);
	} else if (to_cold) {
		bel_hot_cold_enter(&pro->clock, page, BEL_TEST);
	} else {
		bel_clear_accessed(out, page);
		bel_hot_cold_enter(&pro->clock, page, BEL_HOT);
	}
	if (to_cold && outcome & DEMOTED) {
		pro->hot_aim--;
		pro->credit--;
	}
}

/* The page at HAND_cold. With frames free there may be none: then HAND_hot demotes one. */
static uint32_t next_cold(struct clock_pro *pro, struct bel_decision *out)
{
	while (!pro->clock.cold.count)
		run_hot(pro, pro->clock.hot.head, out);
	return pro->clock.cold.tail;
}

/* HAND_cold. */
static void clock_pro_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct clock_pro *pro = self;

	(void)now;
	for (;;) {
		const uint32_t page = next_cold(pro, out);
		const int in_test = (pro->clock.state[page] & BEL_TEST) != 0;

		if (bel_accessed(out, page) && in_test) {
			referenced(pro, page, out);
		} else if (bel_accessed(out, page) && pro->spare) {
			bel_clear_accessed(out, page);
			bel_hot_cold_enter(&pro->clock, page, BEL_TEST);
		} else {
			bel_hot_cold_let_go(&pro->clock, page);
			bel_evict(out, page);
			break;
		}
	}
	if (pro->clock.ghosts > pro->frames)
		while (!end_test(pro))
			;
}

static void clock_pro_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct clock_pro *pro = self;
	uint8_t state = BEL_TEST;

	bel_hot_cold_referenced(&pro->clock, ref.page);
	if (bel_resident(out) < pro->frames) {
		if (pro->clock.hot.count < pro->hot_aim)
			state = BEL_HOT;
	} else {
		clock_pro_evict(pro, now, out);
		if (pro->clock.state[ref.page] & BEL_TEST &&
			run_hot(pro, ref.page, out) & DEMOTED) {
			state = BEL_HOT;
			pro->credit += pro->adaptive;
		}
	}
	bel_hot_cold_load(&pro->clock, ref.page, state, out);
}

static void clock_pro_drop(void *self, uint32_t page)
{
	struct clock_pro *pro = self;

	bel_hot_cold_drop(&pro->clock, page);
}

static const struct bel_param clock_pro_params[] = {
	{"cold", "% of the frames", BEL_PARAM_REAL, 1, 0, 100, "smallest share of cold pages"},
	{"most", "% of the frames", BEL_PARAM_REAL, 100, 0, 100, "largest share of cold pages"},
	{"adaptive", "", BEL_PARAM_SWITCH, 1, 0, 1, "the share of cold pages adapts"},
	{"spare", "", BEL_PARAM_SWITCH, 1, 0, 1,
		"a referenced cold page is not evicted, even if it is not in test"},
	{"repeats", "", BEL_PARAM_SWITCH, 1, 0, 1,
		"a second reference in a row to the same page counts"},
	{.name = NULL},
};

static void clock_pro_report(void *self, struct bel_sink *sink)
{
	const struct clock_pro *pro = self;

	sink->count(sink->host, "hot_pages", pro->clock.hot.count);
	sink->count(sink->host, "cold_pages", pro->clock.cold.count);
	sink->count(sink->host, "ghosts", pro->clock.ghosts);
}

BEL_HOT_COLD_HOOKS(clock_pro, clock_pro, BEL_POLICY_BITS)

/* No victim(): looking for a victim moves pages and ends tests. */
static const struct bel_policy clock_pro = {
	BEL_POLICY_BASE(clock_pro, struct clock_pro),
	.name = "clock-pro",
	.title = "CLOCK-Pro: a cold page referenced again in its test period becomes hot",
	.source = "S. Jiang, F. Chen, X. Zhang, CLOCK-Pro: an effective improvement of the CLOCK "
		  "replacement, USENIX Annual Technical Conference 2005",
	.params = clock_pro_params,
	.evict = clock_pro_evict,
	.bits_suffice = clock_pro_bits_suffice,
	.report = clock_pro_report,
	.show = clock_pro_show,
};

BEL_POLICY(clock_pro);
