/* SPDX-License-Identifier: MIT */
/*
 * clock-pro-plus.c: CLOCK-Pro+ (Li, SYSTOR 2019): CLOCK-Pro in which the share of cold pages grows
 * when an evicted page returns, and shrinks when a demoted page is referenced after all.
 *
 * State, with c frames:
 * - The clock: pages in the order in which they were last put at its head. They are hot pages,
 *   resident cold pages (in test or not), and ghost entries: cold pages evicted during their test.
 *   A demoted page is marked.
 * - cold: the target number of cold pages. It starts at m = max(2, floor(cold% of c)) and is at
 *   most max(m, floor(most% of c)). Both bounds are kept in 1 ... c - 1 (1 with one frame).
 * - `cold` grows by max(1, floor(marked / ghosts)) and shrinks by max(1, floor(ghosts / marked)):
 *   the numbers of marked pages and ghost entries, with the page that causes the change.
 *
 * On a hit: nothing. Hardware sets the accessed bit.
 *
 * On any fault, the page is loaded with its accessed bit clear.
 *
 * On a fault with a frame free: load the page at the head, as hot if there are fewer than c - cold
 * hot pages, otherwise as cold and in test. A ghost entry of the page is removed.
 *
 * On a fault with no frame free:
 * 1. Run HAND_cold, which evicts a page.
 * 2. If the page has a ghost entry (step 1 may have removed it), `cold` grows. Then the page is
 *    promoted if possible: loaded at the head as hot.
 * 3. Otherwise load it at the head as cold and in test.
 *
 * HAND_cold takes the resident cold page farthest from the head, until one leaves. If there is
 * none, which happens only with frames free, HAND_hot first demotes a page.
 * 1. Bit clear: evict it. If it was in test, it stays as a ghost entry. While there are more than
 *    floor(ghosts% of c) ghost entries, the test of the page farthest from the head ends.
 * 2. Bit set, in test: promote it if possible; otherwise move it to the head, in test.
 * 3. Bit set, not in test: if it is marked, `cold` shrinks and the mark goes. Move it to the head,
 *    in test.
 * 4. After 2 and 3, the bit is cleared.
 *
 * Promoting: while there are c - cold hot pages or more, run HAND_hot. Promotion is not possible
 * if HAND_hot demotes no page, or if the page is no longer in test before a run.
 *
 * HAND_hot takes the hot page farthest from the head:
 * 1. Bit set: clear it and move the page to the head. Bit clear: demote it, that is, move it to
 *    the head as cold, not in test, and marked.
 * 2. If no hot page is left, stop. Otherwise go to the next one. For each cold page or ghost entry
 *    passed on the way, in order: if it is in test, the test ends. If it is marked and has its bit
 *    set, `cold` shrinks, then the page loses the mark.
 * 3. Stop if a page was demoted, or if the page to be promoted was passed. Otherwise go to 1.
 *
 * When the test of a ghost entry ends, the entry leaves the clock. A page that is dropped leaves
 * the clock. repeats=off: a second reference in a row to the same page does not set the bit; no
 * hardware does this. The adaptation follows the paper's abstract, with the steps of C. Park's
 * version in Caffeine's simulator.
 *
 * Cost: O(1) per reference on average; 25 bytes per page.
 */
#include "hot_cold.h"

/* AHEAD: marked, and HAND_hot has not passed it. */
enum { MARKED = BEL_OWN, AHEAD = BEL_OWN << 1 };

struct clock_pro_plus {
	uint64_t frames, cold_least, cold_most, ghosts_most;
	uint64_t cold_aim, marked;
	struct bel_hot_cold clock;
	struct bel_list ahead; /* pages with AHEAD, linked by clock.in_test */
};

static void plus_init(void *self, const struct bel_env *env)
{
	struct clock_pro_plus *plus = self;
	const uint64_t c = env->frames, capacity = c > 1 ? c - 1 : 1;

	plus->frames = c;
	plus->cold_least = bel_hot_cold_share(c, env->param[0], BEL_MIN_COLD, capacity);
	plus->cold_most = bel_hot_cold_share(c, env->param[1], plus->cold_least, capacity);
	plus->ghosts_most = bel_hot_cold_share(c, env->param[2], 0, UINT64_MAX);
	plus->cold_aim = plus->cold_least;
	bel_hot_cold_create(&plus->clock, env, env->param[3] != 0);
	bel_list_init(&plus->ahead);
}

/* HAND_hot has passed the page or need not look at it. With `bits` MARKED, the mark goes, too. */
static void unmark(struct clock_pro_plus *plus, uint32_t page, uint8_t bits)
{
	uint8_t *state = &plus->clock.state[page];

	if (*state & AHEAD)
		bel_list_remove(&plus->ahead, plus->clock.in_test, page);
	plus->marked -= (*state & bits & MARKED) != 0;
	*state &= (uint8_t) ~(AHEAD | bits);
}

static uint64_t step(uint64_t a, uint64_t b)
{
	return a / b > 1 ? a / b : 1;
}

/* A marked page was referenced: `cold` shrinks and the mark goes. */
static void shrink(struct clock_pro_plus *plus, uint32_t page)
{
	const uint64_t down = step(plus->clock.ghosts, plus->marked);
	const uint64_t spare = plus->cold_aim - plus->cold_least;

	plus->cold_aim -= down < spare ? down : spare;
	unmark(plus, page, MARKED);
}

/* HAND_hot passes the cold pages farther from the head than `stamp`. */
static void pass(struct clock_pro_plus *plus, uint64_t stamp, struct bel_decision *out)
{
	for (;;) {
		const uint32_t test = plus->clock.test.tail, ahead = plus->ahead.tail;
		const uint64_t at_test = test == BEL_NO_PAGE ? stamp : plus->clock.stamp[test];
		const uint64_t at_ahead = ahead == BEL_NO_PAGE ? stamp : plus->clock.stamp[ahead];

		if (at_test >= stamp && at_ahead >= stamp)
			return;
		if (at_test < at_ahead) {
			bel_hot_cold_end_test(&plus->clock);
			continue;
		}
		unmark(plus, ahead, 0);
		if (bel_accessed(out, ahead))
			shrink(plus, ahead);
	}
}

/* HAND_hot. Returns whether it demoted a page. */
static int run_hot(struct clock_pro_plus *plus, uint32_t trigger, struct bel_decision *out)
{
	const uint64_t stamp = plus->clock.stamp[trigger];
	uint32_t page;
	int demoted = 0, met = 0;

	while (!demoted && !met && (page = plus->clock.hot.tail) != BEL_NO_PAGE) {
		demoted = !bel_accessed(out, page);
		bel_clear_accessed(out, page);
		bel_hot_cold_enter(&plus->clock, page, demoted ? MARKED | AHEAD : BEL_HOT);
		if (demoted) {
			bel_list_push(&plus->ahead, plus->clock.in_test, page);
			plus->marked++;
		}
		page = plus->clock.hot.tail;
		if (page == BEL_NO_PAGE)
			break;
		met = plus->clock.stamp[page] > stamp;
		pass(plus, plus->clock.stamp[page], out);
	}
	return demoted;
}

/* Makes room for one more hot page. Returns whether `page`, which is in test, can be that. */
static int can_promote(struct clock_pro_plus *plus, uint32_t page, struct bel_decision *out)
{
	while (plus->clock.hot.count >= plus->frames - plus->cold_aim)
		if (!(plus->clock.state[page] & BEL_TEST) || !run_hot(plus, page, out))
			return 0;
	return 1;
}

/* The page at HAND_cold. With frames free there may be none: then HAND_hot demotes one. */
static uint32_t next_cold(struct clock_pro_plus *plus, struct bel_decision *out)
{
	while (!plus->clock.cold.count)
		run_hot(plus, plus->clock.hot.head, out);
	return plus->clock.cold.tail;
}

/* HAND_cold. */
static void plus_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct clock_pro_plus *plus = self;
	uint32_t page;

	(void)now;
	while (bel_accessed(out, page = next_cold(plus, out))) {
		uint8_t state = BEL_TEST;

		if (plus->clock.state[page] & BEL_TEST && can_promote(plus, page, out))
			state = BEL_HOT;
		else if (plus->clock.state[page] & MARKED)
			shrink(plus, page);
		bel_clear_accessed(out, page);
		bel_hot_cold_enter(&plus->clock, page, state);
	}
	unmark(plus, page, MARKED);
	bel_hot_cold_let_go(&plus->clock, page);
	bel_evict(out, page);
	while (plus->clock.ghosts > plus->ghosts_most)
		bel_hot_cold_end_test(&plus->clock);
}

static void plus_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct clock_pro_plus *plus = self;
	uint8_t state = BEL_TEST;

	bel_hot_cold_referenced(&plus->clock, ref.page);
	if (bel_resident(out) < plus->frames) {
		if (plus->clock.hot.count < plus->frames - plus->cold_aim)
			state = BEL_HOT;
	} else {
		plus_evict(plus, now, out);
		if (plus->clock.state[ref.page] & BEL_TEST) {
			plus->cold_aim += step(plus->marked, plus->clock.ghosts);
			if (plus->cold_aim > plus->cold_most)
				plus->cold_aim = plus->cold_most;
			if (can_promote(plus, ref.page, out))
				state = BEL_HOT;
		}
	}
	bel_hot_cold_load(&plus->clock, ref.page, state, out);
}

static void plus_drop(void *self, uint32_t page)
{
	struct clock_pro_plus *plus = self;

	unmark(plus, page, MARKED);
	bel_hot_cold_drop(&plus->clock, page);
}

static const struct bel_param plus_params[] = {
	{"cold", "% of the frames", BEL_PARAM_REAL, 1, 0, 100, "smallest share of cold pages"},
	{"most", "% of the frames", BEL_PARAM_REAL, 50, 0, 100, "largest share of cold pages"},
	{"ghosts", "% of the frames", BEL_PARAM_REAL, 100, 0, 1000,
		"most ghost entries on the clock"},
	{"repeats", "", BEL_PARAM_SWITCH, 1, 0, 1,
		"a second reference in a row to the same page counts"},
	{.name = NULL},
};

static void plus_report(void *self, struct bel_sink *sink)
{
	const struct clock_pro_plus *plus = self;

	sink->count(sink->host, "cold_aim", plus->cold_aim);
}

BEL_HOT_COLD_HOOKS(plus, clock_pro_plus, BEL_POLICY_BITS)

/* No victim(): looking for a victim moves pages and ends tests. */
static const struct bel_policy plus = {
	BEL_POLICY_BASE(plus, struct clock_pro_plus),
	.name = "clock-pro-plus",
	.title = "CLOCK-Pro+: CLOCK-Pro whose share of cold pages adapts to their usefulness",
	.source = "C. Li, CLOCK-Pro+: improving CLOCK-Pro cache replacement with utility-driven "
		  "adaptation, SYSTOR 2019",
	.params = plus_params,
	.evict = plus_evict,
	.bits_suffice = plus_bits_suffice,
	.report = plus_report,
	.show = plus_show,
};

BEL_POLICY(plus);
