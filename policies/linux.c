/* SPDX-License-Identifier: MIT */
/*
 * linux.c: Linux' two lists, active and inactive, with refault distances (mm/vmscan.c and
 * mm/workingset.c since 5.9), for pages that a program maps: the accessed bit is looked at when
 * a page is about to be reclaimed, and at no other time.
 *
 * A page is loaded with its bit set and begins at the young end of the inactive list. If all
 * frames are taken, one step after the other is done until a page leaves:
 * 1. If the active list is longer than the inactive one times the ratio, the active list's
 *    oldest page becomes the youngest inactive one, its bit cleared, whatever it was.
 * 2. The oldest inactive page is looked at, its bit and its referenced mark are read and
 *    cleared. Bit clear: it leaves. Bit set: it is marked referenced again, and becomes the
 *    youngest active page if it had been marked before, else the youngest inactive one.
 * The ratio is the root of 10 times the memory in GiB, rounded down, and 1 below 1 GiB (of pages
 * of 4 KiB; the size rounded down to whole GiB); or ratio=, if that is not 0.
 *
 * A clock counts evictions and activations. A page that leaves remembers the clock as it stood
 * before; when it faults again and the clock has gone on by no more than the pages on the active
 * list, before room is made for it, it begins as the youngest active page, not marked, and the
 * clock counts that, too (refault=off: never). All pages that left are remembered.
 *
 * Modelled is one kind of pages, under pressure, one page at a time. Not modelled: the balance
 * of anonymous and file pages (swappiness), as a trace does not tell which is which; pages read
 * through system calls and executable mappings, which are treated apart; batches, watermarks
 * and priorities of reclaim. A page dropped is not remembered.
 *
 * O(1) a fault on average, nothing a hit; 18 bytes a page.
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
	uint64_t *left; /* of a page that left: clock + 1 at that time; 0: nothing is known */
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

/* One page of the inactive list; whether it left. */
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

static void linux_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct two_lists *lists = self;
	/* The memory of a page counts its own leaving. */
	const uint64_t left = lists->left[ref.page];
	const int again =
		lists->refault && left && lists->clock - (left - 1) <= lists->active.count;

	(void)now;
	if (bel_resident(out) == lists->frames) {
		do {
			if (lists->inactive.count * lists->ratio < lists->active.count)
				deactivate(lists, out);
		} while (!reclaim(lists, out));
	}
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
		"pages that come back soon enough go to the active list"},
	{"ratio", "", BEL_PARAM_INTEGER, 0, 0, 1000000,
		"active pages for each inactive one; 0: the kernel's own rule"},
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

/* No victim(): pages move between the lists as it looks. */
static const struct bel_policy linux_lists = {
	BEL_POLICY_BASE(lists, struct two_lists),
	.name = "linux",
	.title = "Linux' active and inactive lists with refault distances",
	.source = "J. Weiner, mm: thrash detection-based file cache sizing, Linux 3.15, 2014; "
		  "J. Kim, workingset protection on the anonymous list, Linux 5.9, 2020",
	.params = linux_params,
	.report = linux_report,
	.show = linux_show,
	.aliases = "active-inactive lists",
};

BEL_POLICY(linux_lists);
