/* SPDX-License-Identifier: MIT */
/*
 * clock-pro-plus.c: CLOCK-Pro+: hot and cold pages on a clock; the share of the cold ones grows
 * when a page that left comes back, and shrinks when one that was demoted is wanted after all.
 *
 * The clock is the order in which pages were last put at its head. On it are hot pages, resident
 * cold ones, in test or not, and cold ones that left memory in test (ghosts). A demoted page is
 * marked. With c frames, `cold` starts at m = max(2, floor(cold% of c)) and ends at floor(most% of
 * c); both are kept in 1 ... c - 1 (1 with one frame), the latter at m or more. It grows by max(1,
 * floor(marked / ghosts)) and shrinks by max(1, floor(ghosts / marked)), with those there are while
 * the page that causes it is one still.
 *
 * Fault with a frame free: the page goes to the head, hot if there are fewer than c - cold hot
 * ones, else cold in test; if it was a ghost, that is forgotten. With none free HAND_cold evicts;
 * then, if it is (still) a ghost, `cold` grows and it is promoted if possible; else it goes to the
 * head, cold in test. Pages are loaded with the bit clear.
 *
 * HAND_cold looks at the resident cold page farthest from the head. Bit set: one in test is
 * promoted if possible, else goes to the head in test; one not in test loses its mark, if it has
 * one (`cold` shrinks before), and goes to the head in test; its bit is cleared, and HAND_cold
 * looks again. Bit clear: it leaves, and if it was in test remains as a ghost; while there are more
 * than floor(ghosts% of c) of these, the test of the page farthest from the head ends.
 *
 * Promoting: while there are c - cold hot pages or more, HAND_hot runs; if it demotes nobody, or
 * the page is not in test any more before it runs, it is not possible; else it goes to the head as
 * hot. HAND_hot looks at the hot page farthest from the head; if the bit is set, it clears it and
 * puts the page at the head, else it demotes it: to the head, cold, not in test, marked. On its way
 * to the next hot page it passes the cold ones that are farther from the head, in order: a test
 * ends; a page with mark and bit loses the mark (`cold` shrinks before). It stops at a hot page
 * after demoting one or passing the page to be promoted, or when none is left, passing nobody more.
 *
 * A test that ends takes a ghost off the clock, as a drop does any page. repeats=off: a reference
 * to the page referenced just before sets no bit; no hardware does so. Variant: the adaptation as
 * the paper's abstract has it, with the steps of C. Park's version in Caffeine's simulator.
 *
 * O(1) a reference on average; 25 bytes a page.
 */
#include "hot_cold.h"

/* AHEAD: marked, and HAND_hot has not passed it. */
enum { MARKED = BEL_OWN, AHEAD = BEL_OWN << 1 };

struct clock_pro_plus {
	uint64_t frames, cold_least, cold_most, ghosts_most;
	uint64_t cold_aim, marked;
	struct bel_hot_cold clock;
	struct bel_list ahead; /* through clock.in_test */
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

/* HAND_hot need not look at the page any more; with MARKED, it loses its mark, too. */
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

/* A page that was demoted is wanted after all. */
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

/* HAND_hot; whether it demoted a page before it passed `trigger`. */
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

/* Makes room among the hot pages; whether the page, which is in test, can be one. */
static int can_promote(struct clock_pro_plus *plus, uint32_t page, struct bel_decision *out)
{
	while (plus->clock.hot.count >= plus->frames - plus->cold_aim)
		if (!(plus->clock.state[page] & BEL_TEST) || !run_hot(plus, page, out))
			return 0;
	return 1;
}

/* HAND_cold: all frames are taken. */
static void run_cold(struct clock_pro_plus *plus, struct bel_decision *out)
{
	uint32_t page;

	while (bel_accessed(out, page = plus->clock.cold.tail)) {
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

	(void)now;
	bel_hot_cold_referenced(&plus->clock, ref.page);
	if (bel_resident(out) < plus->frames) {
		if (plus->clock.hot.count < plus->frames - plus->cold_aim)
			state = BEL_HOT;
	} else {
		run_cold(plus, out);
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
	{"cold", "% of the frames", BEL_PARAM_REAL, 1, 0, 100, "least share of cold pages"},
	{"most", "% of the frames", BEL_PARAM_REAL, 50, 0, 100, "largest share of cold pages"},
	{"ghosts", "% of the frames", BEL_PARAM_REAL, 100, 0, 1000,
		"evicted pages that stay on the clock"},
	{"repeats", "", BEL_PARAM_SWITCH, 1, 0, 1,
		"the second of two references to a page in a row counts"},
	{.name = NULL},
};

static void plus_report(void *self, struct bel_sink *sink)
{
	const struct clock_pro_plus *plus = self;

	sink->count(sink->host, "cold_aim", plus->cold_aim);
}

BEL_HOT_COLD_HOOKS(plus, clock_pro_plus, BEL_POLICY_BITS)

/* No victim(): the hands change pages and end tests as they look. */
static const struct bel_policy plus = {
	BEL_POLICY_BASE(plus, struct clock_pro_plus),
	.name = "clock-pro-plus",
	.title = "CLOCK-Pro+: hot and cold pages on a clock, their shares by utility",
	.source = "C. Li, CLOCK-Pro+: improving CLOCK-Pro cache replacement with utility-driven "
		  "adaptation, SYSTOR 2019",
	.params = plus_params,
	.report = plus_report,
	.show = plus_show,
};

BEL_POLICY(plus);
