/* SPDX-License-Identifier: MIT */
/*
 * slru.c: SLRU, segmented LRU (Karedla, Love and Wherry, IEEE Computer, 1994): protects pages that
 * were hit from pages that were not.
 *
 * State: two LRU lists of resident pages, the probationary and the protected segment. The
 * protected segment has at most floor(frames x protected / 100) pages.
 *
 * On a hit: move the page to the recent end of the protected segment. If the segment is then too
 * long, its least recent page moves to the recent end of the probationary segment.
 *
 * On a fault:
 * 1. If no frame is free, evict the least recent page of the probationary segment; if that is
 *    empty, of the protected segment.
 * 2. Load the page at the recent end of the probationary segment, also if the protected segment
 *    has room. Further references of the same run are hits.
 *
 * Cost: O(1) per reference; 41 bytes per page.
 */
#include "recency.h"

struct slru {
	uint64_t frames;
	uint64_t share;   /* most pages of the protected segment */
	uint64_t safe;    /* pages in it */
	uint8_t *is_safe; /* of a resident page: it is in the protected segment */
	struct bel_recency probationary, protected;
};

static void slru_init(void *self, const struct bel_env *env)
{
	struct slru *slru = self;
	const uint64_t percent = (uint64_t)env->param[0];

	slru->frames = env->frames;
	/* In two parts: frames x percent might overflow. */
	slru->share = env->frames / 100 * percent + env->frames % 100 * percent / 100;
	env->page_array(env->host, &slru->is_safe, sizeof(*slru->is_safe));
	bel_recency_create(&slru->probationary, env);
	bel_recency_create(&slru->protected, env);
}

/* A page of the probationary segment was hit. */
static void promote(struct slru *slru, uint32_t page)
{
	bel_recency_forget(&slru->probationary, page);
	bel_recency_touch(&slru->protected, page);
	slru->is_safe[page] = 1;
	if (++slru->safe > slru->share && bel_recency_oldest(&slru->protected, &page)) {
		bel_recency_forget(&slru->protected, page);
		bel_recency_touch(&slru->probationary, page);
		slru->is_safe[page] = 0;
		slru->safe--;
	}
}

static void slru_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct slru *slru = self;

	(void)now;
	if (slru->is_safe[ref.page])
		bel_recency_touch(&slru->protected, ref.page);
	else
		promote(slru, ref.page);
}

/* A page leaves: evicted or dropped. */
static void slru_drop(void *self, uint32_t page)
{
	struct slru *slru = self;

	if (slru->is_safe[page]) {
		bel_recency_forget(&slru->protected, page);
		slru->safe--;
	} else {
		bel_recency_forget(&slru->probationary, page);
	}
}

static uint32_t slru_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	struct slru *slru = self;
	uint32_t victim = BEL_NO_PAGE;

	(void)now;
	(void)out;
	if (!bel_recency_oldest(&slru->probationary, &victim) &&
		!bel_recency_oldest(&slru->protected, &victim))
		return BEL_NO_PAGE;
	return victim;
}

static void slru_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct slru *slru = self;
	const uint32_t victim =
		bel_resident(out) == slru->frames ? slru_victim(slru, now, out) : BEL_NO_PAGE;

	if (victim != BEL_NO_PAGE) {
		slru_drop(slru, victim);
		bel_evict(out, victim);
	}
	slru->is_safe[ref.page] = 0;
	bel_recency_touch(&slru->probationary, ref.page);
	if (bel_count(ref) > 1)
		promote(slru, ref.page);
}

static const struct bel_hooks slru_hooks = {
	.hit = slru_hit,
	.fault = slru_fault,
	.drop = slru_drop,
};

static const struct bel_param slru_params[] = {
	{"protected", "% of the frames", BEL_PARAM_INTEGER, 80, 0, 100,
		"share of the protected segment"},
	{.name = NULL},
};

static void slru_report(void *self, struct bel_sink *sink)
{
	const struct slru *slru = self;

	sink->count(sink->host, "protected_pages", slru->safe);
}

static void slru_show(void *self, const struct bel_show *show)
{
	const struct slru *slru = self;

	bel_recency_show(&slru->probationary, show, BEL_SHOW_OTHER);
	bel_recency_show(&slru->protected, show, BEL_SHOW_OTHER);
}

BEL_RUN(slru, slru_hooks, 0)

static const struct bel_policy slru = {
	BEL_POLICY_BASE(slru, struct slru),
	.name = "slru",
	.title = "segmented LRU: pages that were hit since they were loaded leave last",
	.source = "R. Karedla, J. S. Love, B. G. Wherry, Caching strategies to improve disk system "
		  "performance, IEEE Computer 27(3), 1994",
	.params = slru_params,
	.victim = slru_victim,
	.report = slru_report,
	.show = slru_show,
	.aliases = "segmented LRU",
};

BEL_POLICY(slru);
