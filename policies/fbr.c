/* SPDX-License-Identifier: MIT */
/*
 * fbr.c: FBR, frequency-based replacement (Robinson and Devarakonda, SIGMETRICS 1990): evicts by
 * reference count, but only among pages not referenced lately. References in quick succession
 * count once.
 *
 * State, with c frames and o = max(1, floor(old% of c)):
 * - Resident pages in order of last reference, in three sections from the recent end: new,
 *   floor(new% of c) pages but at most c - o; middle; old, all pages after the first c - o.
 * - A count per resident page; it ends when the page leaves.
 *
 * On a hit:
 * 1. If the page is not in the new section, add 1 to its count.
 * 2. Move it to the recent end.
 *
 * On a fault:
 * 1. If no frame is free, evict the page of the old section with the lowest count; of equals, the
 *    least recent. With cmax > 0, if that count is cmax or more, evict the least recent page of
 *    all.
 * 2. Load the page at the recent end with count 1.
 *
 * After a load or an increased count: if the sum of all counts is greater than amax times the
 * number of resident pages, every count n becomes n / 2, rounded up (once per reference).
 *
 * If frames are free and the old section is empty, an eviction takes the least recent page. With
 * no new section, every reference of a run counts; otherwise at most its first. The paper varies
 * the sizes of the sections; the defaults are ours.
 *
 * Cost: hit O(log n) in the old section, else O(1); fault O(log n); a halving O(n), which is O(1)
 * per reference on average; 45 bytes per page.
 */
#include "heap.h"
#include "list.h"

enum { NEW, MIDDLE, OLD, SECTIONS };

struct fbr {
	uint64_t frames, amax, cmax;
	uint64_t sum;     /* of the counts of resident pages */
	uint64_t entered; /* pages that entered the old section so far */
	uint64_t most[OLD];
	struct bel_list section[SECTIONS]; /* recent pages at the head */
	struct bel_heap heap;              /* the old section, by count, then time of entering */
	uint32_t leaving; /* still in the heap, until another page enters; mostly BEL_NO_PAGE */
	struct bel_link *link;
	uint64_t *count;
	uint8_t *at; /* of a resident page: its section */
};

static void fbr_init(void *self, const struct bel_env *env)
{
	struct fbr *fbr = self;
	uint64_t new, old;

	new = (uint64_t)((double)env->frames * env->param[0] / 100);
	old = (uint64_t)((double)env->frames * env->param[1] / 100);
	if (!old)
		old = 1;
	if (new > env->frames - old)
		new = env->frames - old;
	fbr->frames = env->frames;
	fbr->most[NEW] = new;
	fbr->most[MIDDLE] = env->frames - old - new;
	fbr->amax = (uint64_t)env->param[2];
	fbr->cmax = (uint64_t)env->param[3];
	for (int at = NEW; at < SECTIONS; at++)
		bel_list_init(&fbr->section[at]);
	fbr->leaving = BEL_NO_PAGE;
	bel_heap_create(&fbr->heap, env);
	env->page_array(env->host, &fbr->link, sizeof(*fbr->link));
	env->page_array(env->host, &fbr->count, sizeof(*fbr->count));
	env->page_array(env->host, &fbr->at, sizeof(*fbr->at));
}

static void leave(struct fbr *fbr, uint32_t page)
{
	const uint8_t at = fbr->at[page];

	bel_list_remove(&fbr->section[at], fbr->link, page);
	if (at == OLD)
		fbr->leaving = page;
}

static void enter_old(struct fbr *fbr, uint32_t page)
{
	const struct bel_key key = {fbr->count[page], fbr->entered++};

	if (fbr->leaving != BEL_NO_PAGE)
		bel_heap_replace(&fbr->heap, fbr->leaving, page, key);
	else
		bel_heap_set(&fbr->heap, page, key);
	fbr->leaving = BEL_NO_PAGE;
}

/* Call this when no other page has taken the place of one that left. */
static void finish_leave(struct fbr *fbr)
{
	if (fbr->leaving != BEL_NO_PAGE)
		bel_heap_remove(&fbr->heap, fbr->leaving);
	fbr->leaving = BEL_NO_PAGE;
}

/* If a section is too long, its oldest page moves on. Pages enter `old` in order of last use. */
static void overflow(struct fbr *fbr)
{
	for (int at = NEW; at < OLD; at++) {
		const uint32_t page = fbr->section[at].tail;
		uint32_t soon;

		if (fbr->section[at].count <= fbr->most[at])
			return;
		bel_list_remove(&fbr->section[at], fbr->link, page);
		soon = bel_list_fetch_behind(&fbr->section[at], fbr->link);
		bel_list_push(&fbr->section[at + 1], fbr->link, page);
		fbr->at[page] = (uint8_t)(at + 1);
		if (at + 1 == OLD) {
			enter_old(fbr, page);
			/* A page that enters soon. */
			if (soon != BEL_NO_PAGE)
				__builtin_prefetch(&fbr->count[soon], 1);
		}
	}
}

static void enter(struct fbr *fbr, uint32_t page)
{
	bel_list_push(&fbr->section[NEW], fbr->link, page);
	fbr->at[page] = NEW;
	overflow(fbr);
	finish_leave(fbr);
}

static void halve(struct fbr *fbr)
{
	fbr->sum = 0;
	for (int at = NEW; at < SECTIONS; at++)
		for (uint32_t page = fbr->section[at].head; page != BEL_NO_PAGE;
			page = fbr->link[page].after) {
			fbr->count[page] = (fbr->count[page] + 1) / 2;
			fbr->sum += fbr->count[page];
		}
	for (uint32_t i = 0; i < fbr->heap.size; i++)
		fbr->heap.entry[i].key.major = fbr->count[fbr->heap.entry[i].page];
	bel_heap_mend(&fbr->heap);
}

/* Adds n to the count of a resident page, and halves all counts when due. */
static void raise_count(struct fbr *fbr, uint32_t page, uint64_t n)
{
	uint64_t resident = 0;

	for (int at = NEW; at < SECTIONS; at++)
		resident += fbr->section[at].count;
	while (n) {
		const uint64_t limit = fbr->amax * resident;
		uint64_t step = fbr->sum < limit ? limit - fbr->sum + 1 : 1;

		if (step > n)
			step = n;
		n -= step;
		fbr->count[page] += step;
		fbr->sum += step;
		if (fbr->at[page] == OLD)
			bel_heap_set(&fbr->heap, page,
				(struct bel_key){
					fbr->count[page], bel_heap_key(&fbr->heap, page).minor});
		if (fbr->sum > limit)
			halve(fbr);
	}
}

static void fbr_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct fbr *fbr = self;
	uint64_t counted = fbr->at[ref.page] != NEW;

	(void)now;
	if (!fbr->most[NEW])
		counted = bel_count(ref);
	if (fbr->section[NEW].head != ref.page) {
		leave(fbr, ref.page);
		enter(fbr, ref.page);
	}
	if (counted)
		raise_count(fbr, ref.page, counted);
}

/* With frames free, the old section may be empty. */
static uint32_t fbr_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	const struct fbr *fbr = self;
	uint32_t victim = BEL_NO_PAGE;

	(void)now;
	(void)out;
	if (bel_heap_least(&fbr->heap, &victim) && fbr->cmax && fbr->count[victim] >= fbr->cmax)
		victim = fbr->section[OLD].tail;
	for (int at = OLD; at >= NEW && victim == BEL_NO_PAGE; at--)
		victim = fbr->section[at].tail;
	return victim;
}

static void fbr_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct fbr *fbr = self;

	if (bel_resident(out) == fbr->frames && fbr->heap.size) {
		const uint32_t victim = fbr_victim(fbr, now, out);

		leave(fbr, victim);
		fbr->sum -= fbr->count[victim];
		bel_evict(out, victim);
		/* Of a page that may be the least soon. */
		bel_heap_fetch_next(&fbr->heap, out->state, sizeof(*out->state));
		bel_heap_fetch_next(&fbr->heap, fbr->link, sizeof(*fbr->link));
		bel_heap_fetch_next(&fbr->heap, fbr->count, sizeof(*fbr->count));
		bel_heap_fetch_next(&fbr->heap, fbr->at, sizeof(*fbr->at));
	}
	fbr->count[ref.page] = 0;
	enter(fbr, ref.page);
	raise_count(fbr, ref.page, fbr->most[NEW] ? 1 : bel_count(ref));
}

/* Sections are ranges of positions: a page of the next section that is not empty fills the gap. */
static void fbr_drop(void *self, uint32_t page)
{
	struct fbr *fbr = self;
	const int gap = fbr->at[page];

	leave(fbr, page);
	finish_leave(fbr);
	fbr->sum -= fbr->count[page];
	for (int to = gap; to < OLD; to++) {
		int from = to + 1;

		while (from < OLD && !fbr->section[from].count)
			from++;
		page = fbr->section[from].head;
		if (page == BEL_NO_PAGE || fbr->section[to].count >= fbr->most[to])
			continue;
		leave(fbr, page);
		finish_leave(fbr);
		bel_list_append(&fbr->section[to], fbr->link, page);
		fbr->at[page] = (uint8_t)to;
	}
}

static const struct bel_hooks fbr_hooks = {
	.hit = fbr_hit,
	.fault = fbr_fault,
	.drop = fbr_drop,
};

static const struct bel_param fbr_params[] = {
	{"new", "% of the frames", BEL_PARAM_REAL, 25, 0, 100, "size of the new section"},
	{"old", "% of the frames", BEL_PARAM_REAL, 50, 0, 100, "size of the old section"},
	{"amax", "references", BEL_PARAM_INTEGER, 100, 2, 4294967296.0,
		"average count above which all counts are halved"},
	{"cmax", "references", BEL_PARAM_INTEGER, 0, 0, 4294967296.0,
		"from this lowest count on, the least recent page leaves; 0: never"},
	{.name = NULL},
};

static void fbr_show(void *self, const struct bel_show *show)
{
	const struct fbr *fbr = self;

	bel_heap_show(&fbr->heap, show, BEL_SHOW_OTHER);
	bel_list_show(&fbr->section[MIDDLE], fbr->link, show, BEL_SHOW_OTHER);
	bel_list_show(&fbr->section[NEW], fbr->link, show, BEL_SHOW_OTHER);
}

BEL_RUN(fbr, fbr_hooks, 0)

static const struct bel_policy fbr = {
	BEL_POLICY_BASE(fbr, struct fbr),
	.name = "fbr",
	.title = "FBR: the lowest reference count among pages not referenced lately",
	.source = "J. T. Robinson, M. V. Devarakonda, Data cache management using frequency-based "
		  "replacement, SIGMETRICS 1990",
	.params = fbr_params,
	.victim = fbr_victim,
	.show = fbr_show,
	.aliases = "frequency-based replacement",
};

BEL_POLICY(fbr);
