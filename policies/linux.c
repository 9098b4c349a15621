/* SPDX-License-Identifier: MIT */
/*
 * linux.c: the two page lists of Linux, active and inactive, with refault distances (mm/vmscan.c
 * and mm/workingset.c since Linux 5.9), for pages that a program maps.
 *
 * State:
 * - The inactive and the active list, new pages at the young end. A `referenced` mark per page.
 * - A clock that counts evictions and activations. An evicted page remembers the clock's value
 *   before its eviction.
 *
 * On a hit: nothing. Hardware sets the accessed bit; it is read only in step 2 of an eviction.
 *
 * On a fault:
 * 1. If the page was evicted before, and the clock has since advanced by no more than the present
 *    length of the active list, this is a refault (with refault=off, never).
 * 2. If no frame is free, evict (below).
 * 3. A refaulting page enters the active list, and the clock advances by 1. Any other page enters
 *    the inactive list. It is not marked; its accessed bit is set.
 *
 * Evict, until a page has left:
 * 1. If the active list is longer than the inactive list times the ratio, the oldest active page
 *    moves to the young end of the inactive list, and its bit is cleared.
 * 2. Take the oldest inactive page. Bit clear: evict it; the clock advances by 1. Bit set: clear
 *    it. If the page is marked, it moves to the active list and the clock advances by 1; otherwise
 *    it moves to the young end of the inactive list. In both cases it is now marked.
 *
 * The ratio is the square root of 10 times the memory in GiB, rounded down (whole GiB of pages of
 * 4 KiB), and 1 below 1 GiB; or ratio=, if that is not 0.
 *
 * Not modelled: the balance of anonymous and file pages (a trace does not tell them apart), pages
 * read through system calls, executable mappings, and reclaim in batches and priorities. A page
 * that is dropped is not remembered.
 *
 * Cost: fault O(1) on average, hit nothing; 18 bytes per page.
 */
#include "list.h"

#define PAGES_PER_GIB_SHIFT 18

enum place { NOWHERE, INACTIVE, ACTIVE };

struct two_lists {
	uint64_t frames, ratio;
	int refault;
	uint64_t clock, refaults, activations;
	struct bel_list inactive, active; /* young pages at the head */
	struct bel_link *link;
	uint64_t *left; /* of an evicted page: clock before its eviction + 1; 0: none */
	uint8_t *place, *referenced;
};

static uint64_t root(uint64_t n)
{
	uint64_t r = 0;

	while ((r + 1) * (r + 1) <= n)
		r++;
	return r;
}

static void lists_init(void *self, const struct bel_env *env)
{
	struct two_lists *lists = self;
	const uint64_t gib = env->frames >> PAGES_PER_GIB_SHIFT;

	lists->frames = env->frames;
	lists->refault = env->param[0] != 0;
	lists->ratio = (uint64_t)env->param[1];
	if (!lists->ratio)
		lists->ratio = gib ? root(10 * gib) : 1;
	bel_list_init(&lists->inactive);
	bel_list_init(&lists->active);
	env->page_array(env->host, &lists->link, sizeof(*lists->link));
	env->page_array(env->host, &lists->left, sizeof(*lists->left));
	env->page_array(env->host, &lists->place, sizeof(*lists->place));
	env->page_array(env->host, &lists->referenced, sizeof(*lists->referenced));
}

static void enter(struct two_lists *lists, uint32_t page, enum place to)
{
	bel_list_push(to == ACTIVE ? &lists->active : &lists->inactive, lists->link, page);
	lists->place[page] = to;
}

static void activate(struct two_lists *lists, uint32_t page)
{
	enter(lists, page, ACTIVE);
	lists->clock++;
}

static void deactivate(struct two_lists *lists, struct bel_decision *out)
{
	const uint32_t page = lists->active.tail;

	bel_clear_accessed(out, page);
	bel_list_remove(&lists->active, lists->link, page);
	enter(lists, page, INACTIVE);
}

/* Step 2 of an eviction. Returns whether the page left. */
static int reclaim(struct two_lists *lists, struct bel_decision *out)
{
	const uint32_t page = lists->inactive.tail;

	bel_list_remove(&lists->inactive, lists->link, page);
	if (!bel_accessed(out, page)) {
		lists->place[page] = NOWHERE;
		lists->left[page] = ++lists->clock;
		bel_evict(out, page);
		return 1;
	}
	bel_clear_accessed(out, page);
	if (lists->referenced[page]) {
		activate(lists, page);
		lists->activations++;
	} else {
		enter(lists, page, INACTIVE);
	}
	lists->referenced[page] = 1;
	return 0;
}

static void linux_evict(void *self, uint64_t now, struct bel_decision *out)
{
	struct two_lists *lists = self;

	(void)now;
	do {
		if (lists->inactive.count * lists->ratio < lists->active.count)
			deactivate(lists, out);
	} while (!reclaim(lists, out));
}

static void linux_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct two_lists *lists = self;
	/* `left` - 1 is the clock before the page's eviction: the distance includes that. */
	const uint64_t left = lists->left[ref.page];
	const int again =
		lists->refault && left && lists->clock - (left - 1) <= lists->active.count;

	if (bel_resident(out) == lists->frames)
		linux_evict(lists, now, out);
	lists->left[ref.page] = 0;
	lists->referenced[ref.page] = 0;
	if (again) {
		activate(lists, ref.page);
		lists->refaults++;
	} else {
		enter(lists, ref.page, INACTIVE);
	}
}

static void linux_drop(void *self, uint32_t page)
{
	struct two_lists *lists = self;

	bel_list_remove(lists->place[page] == ACTIVE ? &lists->active : &lists->inactive,
		lists->link, page);
	lists->place[page] = NOWHERE;
}

static const struct bel_hooks lists_hooks = {
	.fault = linux_fault,
	.drop = linux_drop,
};

static const struct bel_param linux_params[] = {
	{"refault", "", BEL_PARAM_SWITCH, 1, 0, 1,
		"a page that returns soon enough goes to the active list"},
	{"ratio", "", BEL_PARAM_INTEGER, 0, 0, 1000000,
		"active pages per inactive page; 0: the kernel's own rule"},
	{.name = NULL},
};

static void linux_report(void *self, struct bel_sink *sink)
{
	const struct two_lists *lists = self;

	sink->count(sink->host, "active_pages", lists->active.count);
	sink->count(sink->host, "inactive_pages", lists->inactive.count);
	sink->count(sink->host, "activations", lists->activations);
	sink->count(sink->host, "refaults_activated", lists->refaults);
}

static void linux_show(void *self, const struct bel_show *show)
{
	const struct two_lists *lists = self;
	const struct bel_list *list[] = {&lists->inactive, &lists->active};

	for (int i = 0; i < 2; i++)
		for (uint32_t page = list[i]->tail; page != BEL_NO_PAGE;
			page = lists->link[page].before) {
			show->order(show->host, page, BEL_SHOW_OTHER);
			show->bit(show->host, page, (show->state[page] & BEL_PAGE_ACCESSED) != 0);
		}
}

BEL_RUN(lists, lists_hooks, BEL_POLICY_BITS)

/* No victim(): looking for a victim moves pages between the lists. */
static const struct bel_policy linux_lists = {
	BEL_POLICY_BASE(lists, struct two_lists),
	.name = "linux",
	.title = "Linux' active and inactive lists with refault distances",
	.source = "J. Weiner, mm: thrash detection-based file cache sizing, Linux 3.15, 2014; "
		  "J. Kim, workingset protection on the anonymous list, Linux 5.9, 2020",
	.params = linux_params,
	.evict = linux_evict,
	.report = linux_report,
	.show = linux_show,
	.aliases = "active-inactive lists",
};

BEL_POLICY(linux_lists);
