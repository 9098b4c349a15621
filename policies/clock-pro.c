/* SPDX-License-Identifier: MIT */
/*
 * clock-pro.c: CLOCK-Pro: hot and cold pages on one clock; a cold page that is referenced again in
 * its test period changes places with a hot one. A hit only sets the accessed bit.
 *
 * The clock is the order in which pages were last put at its head. On it are hot pages, resident
 * cold ones, in test or not, and cold ones that left memory in test (ghosts). With c frames, at
 * least m = max(2, floor(cold% of c)), at most floor(most% of c), are for cold pages; both
 * are kept in 1 ... c - 1 (1 with one frame), and the latter is at least m. `hot` is how many hot
 * pages there are to be: c - m at first.
 *
 * Fault with a frame free: the page goes to the head, hot if there are fewer than `hot`, else cold
 * in test; if it was a ghost, that is forgotten. With none free HAND_cold evicts; then, if the page
 * is (still) a ghost, HAND_hot runs with it as trigger, and if it demoted a page, the page goes to
 * the head as hot and credit goes up by 1; else, as cold in test. Pages are loaded with the bit
 * clear.
 *
 * HAND_cold looks at the resident cold page farthest from the head, until one leaves.
 *
 * If its bit is clear, it leaves; if it was in test, it remains as a ghost, and if there are now
 * more than c ghosts, tests end, from the page farthest from the head on, until a ghost's has. If
 * its bit is set and it is not in test, it goes to the head in test, the bit cleared.
 *
 * Else (bit set, in test) credit becomes 0 if it is positive and c - hot at its most, or negative
 * and c - hot at m. Then, with credit < 0 the page goes to the head as hot, the bit cleared; hot
 * and credit go up by 1. With credit 0 HAND_hot runs; if it demoted a page, this one goes to the
 * head as hot; its bit is cleared. With credit > 0 HAND_hot runs; if it met the page, its bit is
 * cleared, else it goes to the head in test, the bit as it is; if a page was demoted, hot and
 * credit go down by 1.
 *
 * HAND_hot looks at the hot page farthest from the head: if the bit is set, it clears it and puts
 * the page at the head, else demotes it: to the head, cold, not in test. On its way to the next hot
 * page it passes the cold ones that are farther from the head: their tests end, and it has met the
 * trigger if that is one of them. It stops at a hot page once it demoted a page or met the
 * trigger, or when no hot page is left (having met, if there was none at all, and passing nobody).
 *
 * A test that ends takes a ghost off the clock, and credit goes down by 1. With adaptive=off credit
 * stays 0. A page that is dropped leaves the clock. The author's program evicts a page that is not
 * in test even if its bit is set: spare=off. repeats=off: a reference to the page referenced just
 * before sets no bit; no hardware does so.
 *
 * O(1) a reference on average; 25 bytes a page.
 */
#include "hot_cold.h"

struct clock_pro {
	uint64_t frames, cold_least, cold_most;
	uint64_t hot_aim;
	int64_t credit; /* to be turned into frames for cold pages */
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

/* The test of the page farthest from the head ends; whether it was a ghost. */
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

/* HAND_cold's page is in test and was referenced. */
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
	/* As it stands before HAND_hot ends tests. */
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

/* HAND_cold: all frames are taken. */
static void run_cold(struct clock_pro *pro, struct bel_decision *out)
{
	for (;;) {
		const uint32_t page = pro->clock.cold.tail;
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

	(void)now;
	bel_hot_cold_referenced(&pro->clock, ref.page);
	if (bel_resident(out) < pro->frames) {
		if (pro->clock.hot.count < pro->hot_aim)
			state = BEL_HOT;
	} else {
		run_cold(pro, out);
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
	{"cold", "% of the frames", BEL_PARAM_REAL, 1, 0, 100, "least share of cold pages"},
	{"most", "% of the frames", BEL_PARAM_REAL, 100, 0, 100, "largest share of cold pages"},
	{"adaptive", "", BEL_PARAM_SWITCH, 1, 0, 1, "the share of cold pages follows their use"},
	{"spare", "", BEL_PARAM_SWITCH, 1, 0, 1,
		"a cold page that was referenced is not evicted, though not in test"},
	{"repeats", "", BEL_PARAM_SWITCH, 1, 0, 1,
		"the second of two references to a page in a row counts"},
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

/* No victim(): the hands change pages and end tests as they look. */
static const struct bel_policy clock_pro = {
	BEL_POLICY_BASE(clock_pro, struct clock_pro),
	.name = "clock-pro",
	.title = "CLOCK-Pro: hot and cold pages on a clock, told apart by reuse in a test period",
	.source = "S. Jiang, F. Chen, X. Zhang, CLOCK-Pro: an effective improvement of the CLOCK "
		  "replacement, USENIX Annual Technical Conference 2005",
	.params = clock_pro_params,
	.report = clock_pro_report,
	.show = clock_pro_show,
};

BEL_POLICY(clock_pro);
