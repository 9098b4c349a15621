/* SPDX-License-Identifier: MIT */
/*
 * eelru.c: EELRU, early eviction LRU (Smaragdakis, Kaplan and Wilson, SIGMETRICS 1999): LRU, until
 * references show that pages return just after they left. Then it evicts some pages early, so that
 * others can stay until they are needed.
 *
 * State, with M frames:
 * - All known pages, resident or not, in order of last reference. The most recent has position 1.
 * - Early points e = max(1, floor(M x i / points)), i = 1 ... points - 1, that are below M. Late
 *   points l = M + floor(M x (reach - 1) x j / points), j = 1 ... points. A page that left loses
 *   its position when it passes the last late point.
 * - Counts of references, one for the positions behind each point (early, M, late) up to the next.
 *   C(a, b) is the sum of the counts for positions a + 1 to b.
 *
 * On each reference to a page at position r: add 1 to the count for r, then move the page to
 * position 1. A reference to a page without a position is not counted.
 *
 * On a fault, before the page moves:
 * 1. Count the reference as above.
 * 2. If no frame is free, find the pair (e, l) with the greatest gain C(e, l) x (M - e) / (l - e)
 *    - C(e, M), in doubles, which may round; of equals, the smallest e, then the smallest l.
 * 3. If the gain is above 0, the faulting page has no position up to e, and the least recently
 *    used resident page has a position up to l: evict early, the resident page at position e or
 *    the next one behind it. Otherwise evict the least recently used page.
 * 4. Load the page. After every max(16, floor(memory x M)) faults, halve all counts, rounded down.
 *
 * The paper leaves the number of points and the speed of forgetting open. A page that is dropped
 * is treated as an evicted one.
 *
 * Cost: hit O(points), fault O(points squared); 17 bytes per page.
 */
#include "list.h"

#define FAR 4096 /* from this many pages on, those at marks are mostly not in the cache */

enum { POINTS_MAX = 16, BOUNDS_MAX = 2 * POINTS_MAX };

struct eelru {
	uint64_t frames, halve_after, faults, early_evictions;
	/* Early points, M, late points. Segment i: positions bound[i-1] + 1 to bound[i]. */
	uint64_t bound[BOUNDS_MAX], counted[BOUNDS_MAX + 1];
	uint32_t mark[BOUNDS_MAX]; /* page at position bound[i], if there is one */
	/* The first resident page behind position bound[i]; pages that left pile up between. */
	uint32_t first[BOUNDS_MAX];
	int bounds, at_frames; /* bound[at_frames] = M */
	struct bel_list known, resident;
	struct bel_link *known_link, *resident_link;
	uint8_t *segment; /* of a page: its segment + 1; 0: no position */
	uint8_t *state;   /* enum bel_page_bit */
};

static void add_bound(struct eelru *eelru, uint64_t position)
{
	if (!eelru->bounds || position > eelru->bound[eelru->bounds - 1])
		eelru->bound[eelru->bounds++] = position;
}

static void eelru_init(void *self, const struct bel_env *env)
{
	struct eelru *eelru = self;
	const double frames = (double)env->frames;
	const int points = (int)env->param[0];

	eelru->frames = env->frames;
	eelru->halve_after = (uint64_t)(frames * env->param[2]);
	if (eelru->halve_after < 16)
		eelru->halve_after = 16;
	for (int i = 1; i < points; i++) {
		const uint64_t early = (uint64_t)(frames * i / points);

		add_bound(eelru, early ? early : 1);
	}
	add_bound(eelru, env->frames);
	eelru->at_frames = eelru->bounds - 1;
	for (int j = 1; j <= points; j++)
		add_bound(
			eelru, env->frames + (uint64_t)(frames * (env->param[1] - 1) * j / points));
	for (int i = 0; i < BOUNDS_MAX; i++)
		eelru->first[i] = BEL_NO_PAGE;
	bel_list_init(&eelru->known);
	bel_list_init(&eelru->resident);
	env->page_array(env->host, &eelru->known_link, sizeof(*eelru->known_link));
	env->page_array(env->host, &eelru->resident_link, sizeof(*eelru->resident_link));
	env->page_array(env->host, &eelru->segment, sizeof(*eelru->segment));
	env->page_state(env->host, &eelru->state);
}

static int segment_of(const struct eelru *eelru, uint32_t page)
{
	return eelru->segment[page] - 1;
}

/* Called for a page that left: beyond the last bound, it has no position. */
static void forget(struct eelru *eelru, uint32_t page)
{
	if (segment_of(eelru, page) < eelru->bounds)
		return;
	bel_list_remove(&eelru->known, eelru->known_link, page);
	eelru->segment[page] = 0;
}

/* What the next move of mark i reads. Zipf, 1 M pages: 3.3 -> 2.1 s of CPU. */
BEL_INLINE void fetch_mark(const struct eelru *eelru, int i)
{
	if (eelru->known.count < FAR)
		return;
	__builtin_prefetch(&eelru->known_link[eelru->mark[i]], 1);
	__builtin_prefetch(&eelru->segment[eelru->mark[i]], 1);
	__builtin_prefetch(&eelru->state[eelru->mark[i]]);
}

/*
 * Moves a page, which is not at position 1, there. At each bound before its old position, one page
 * moves on to the next segment. The list of resident pages still has the page at its old place.
 */
static void to_front(struct eelru *eelru, uint32_t page)
{
	const int segment = segment_of(eelru, page);
	const uint64_t count = eelru->known.count;

	if (segment < 0) {
		bel_list_push(&eelru->known, eelru->known_link, page);
	} else {
		if (segment < eelru->bounds && eelru->mark[segment] == page)
			eelru->mark[segment] = eelru->known_link[page].before;
		bel_list_to_head(&eelru->known, eelru->known_link, page);
	}
	eelru->segment[page] = 1;
	for (int i = (segment < 0 ? eelru->bounds : segment) - 1; i >= 0; i--) {
		const uint32_t back = count < eelru->bound[i] ? eelru->known.tail : eelru->mark[i];

		if (count >= eelru->bound[i]) {
			eelru->mark[i] = eelru->known_link[back].before;
			fetch_mark(eelru, i);
			eelru->segment[back] = (uint8_t)(i + 2);
			if (eelru->first[i] == page)
				eelru->first[i] = eelru->resident_link[page].after;
			if (eelru->state[back] & BEL_PAGE_RESIDENT)
				eelru->first[i] = back;
			else
				forget(eelru, back);
		} else if (count + 1 == eelru->bound[i]) {
			eelru->mark[i] = back;
		}
	}
}

static void eelru_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct eelru *eelru = self;

	(void)now;
	if (eelru->known.head == ref.page)
		return;
	eelru->counted[segment_of(eelru, ref.page)]++;
	to_front(eelru, ref.page);
	bel_list_to_head(&eelru->resident, eelru->resident_link, ref.page);
}

/* The victim for a fault on a page of `segment` (-1: no position). Tries all pairs (e, l). */
static uint32_t victim_of(const struct eelru *eelru, int segment, int *is_early)
{
	const double frames = (double)eelru->frames;
	uint32_t victim = eelru->resident.tail;
	int early = -1, late = -1;
	double best = 0;

	*is_early = 0;
	for (int e = 0; e < eelru->at_frames; e++) {
		const double point = (double)eelru->bound[e];
		uint64_t within = 0, upto;

		for (int i = e + 1; i <= eelru->at_frames; i++)
			within += eelru->counted[i];
		upto = within;
		for (int l = eelru->at_frames + 1; l < eelru->bounds; l++) {
			double gain = (double)(upto += eelru->counted[l]) * (frames - point);

			gain = gain / ((double)eelru->bound[l] - point) - (double)within;
			if (gain <= best)
				continue;
			best = gain;
			early = e;
			late = l;
		}
	}
	if (early < 0 || (segment >= 0 && segment <= early) || segment_of(eelru, victim) > late)
		return victim;
	/* With frames free, all resident pages may lie before the early point. */
	if (segment_of(eelru, victim) <= early)
		return victim;
	*is_early = 1;
	victim = eelru->mark[early];
	return eelru->state[victim] & BEL_PAGE_RESIDENT ? victim : eelru->first[early];
}

static uint32_t eelru_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	const struct eelru *eelru = self;
	int is_early;

	(void)now;
	(void)out;
	return eelru->resident.count ? victim_of(eelru, -1, &is_early) : BEL_NO_PAGE;
}

/* A resident page leaves memory. */
static void leave(struct eelru *eelru, uint32_t page)
{
	for (int i = 0; i < eelru->bounds && i < segment_of(eelru, page); i++)
		if (eelru->first[i] == page)
			eelru->first[i] = eelru->resident_link[page].after;
	bel_list_remove(&eelru->resident, eelru->resident_link, page);
	forget(eelru, page);
}

/* Evicts for a fault on a page of `segment`. */
static void evict(struct eelru *eelru, int segment, struct bel_decision *out)
{
	int is_early;
	const uint32_t victim = victim_of(eelru, segment, &is_early);

	eelru->early_evictions += is_early;
	leave(eelru, victim);
	bel_evict(out, victim);
}

static void eelru_evict(void *self, uint64_t now, struct bel_decision *out)
{
	(void)now;
	evict(self, -1, out);
}

static void eelru_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct eelru *eelru = self;

	(void)now;
	if (eelru->segment[ref.page])
		eelru->counted[segment_of(eelru, ref.page)]++;
	if (bel_resident(out) == eelru->frames)
		evict(eelru, segment_of(eelru, ref.page), out);
	bel_list_push(&eelru->resident, eelru->resident_link, ref.page);
	if (eelru->known.head != ref.page)
		to_front(eelru, ref.page);
	if (++eelru->faults % eelru->halve_after == 0)
		for (int i = 0; i <= eelru->bounds; i++)
			eelru->counted[i] /= 2;
}

static void eelru_drop(void *self, uint32_t page)
{
	leave(self, page);
}

static const struct bel_hooks eelru_hooks = {
	.hit = eelru_hit,
	.fault = eelru_fault,
	.drop = eelru_drop,
};

static const struct bel_param eelru_params[] = {
	{"points", "", BEL_PARAM_INTEGER, 8, 2, POINTS_MAX,
		"early points plus 1; also the number of late points"},
	{"reach", "of frames", BEL_PARAM_REAL, 3, 1, 100, "position of the last late point"},
	{"memory", "of frames", BEL_PARAM_REAL, 1, 0, 1000,
		"faults after which the counts are halved"},
	{.name = NULL},
};

static void eelru_report(void *self, struct bel_sink *sink)
{
	const struct eelru *eelru = self;

	sink->count(sink->host, "early_evictions", eelru->early_evictions);
}

static void eelru_show(void *self, const struct bel_show *show)
{
	const struct eelru *eelru = self;

	bel_list_show(&eelru->resident, eelru->resident_link, show, BEL_SHOW_OTHER);
}

BEL_RUN(eelru, eelru_hooks, 0)

static const struct bel_policy eelru = {
	BEL_POLICY_BASE(eelru, struct eelru),
	.name = "eelru",
	.title = "EELRU: LRU that evicts early when pages return soon after LRU evicts them",
	.source = "Y. Smaragdakis, S. Kaplan, P. Wilson, EELRU: simple and effective adaptive page "
		  "replacement, SIGMETRICS 1999",
	.params = eelru_params,
	.victim = eelru_victim,
	.evict = eelru_evict,
	.report = eelru_report,
	.show = eelru_show,
};

BEL_POLICY(eelru);
