/* SPDX-License-Identifier: MIT */
/*
 * linux.c: the two page lists of Linux, active and inactive, with refault distances (mm/vmscan.c
 * and mm/workingset.c since Linux 5.9), for pages that a program maps.
 *
 * State:
 * - The inactive and the active list, new pages at the young end. A `referenced` mark per page.
 * - A clock that counts evictions and activations. An evicted page remembers the clock's value
 *   before its eviction.
 * - The number of refaulting pages that were activated, and its value at the last reclaim.
 *
 * On a hit: nothing. Hardware sets the accessed bit; it is read only in a scan.
 *
 * On a fault:
 * 1. If no frame is free, reclaim a batch of pages (below).
 * 2. If the page was evicted before, and the clock has since advanced by no more than the present
 *    length of the active list, this is a refault (with refault=off, never).
 * 3. A refaulting page enters the active list, and the clock advances by 1. Any other page enters
 *    the inactive list. It is not marked; its accessed bit is set.
 *
 * The inactive list is low if the active list is longer than the inactive list times the ratio.
 * To deactivate a page is to move the oldest active page to the young end of the inactive list and
 * to clear its bit. To scan a page is to take the oldest inactive page. Bit clear: evict it; the
 * clock advances by 1. Bit set: clear it. If the page is marked, it moves to the active list and
 * the clock advances by 1; otherwise it moves to the young end of the inactive list. In both cases
 * it is now marked.
 *
 * Reclaim, at priority 12, 11, ... 0, until a batch of pages or more have left:
 * 1. The share of a list is its length divided by 2^priority, times 3/17, each rounded down; at
 *    priority 0 it is the whole list. 3/17 is the part of the scans for anonymous pages if there
 *    are no file pages and swappiness is 60.
 * 2. Pages may be deactivated now if the inactive list is low, or if refaulting pages were
 *    activated since the last reclaim (with deactivate=off, only if it is low).
 * 3. While the inactive share is not used up and less than a batch has left: scan a batch of
 *    pages, or what remains of the share. Then deactivate a batch of pages, or what remains of the
 *    active share, if that is allowed. Thus more than a batch can leave.
 * 4. If the inactive list is low now, deactivate a batch of pages, or all if there are fewer.
 * If no page has left at priority 0, begin again at priority 12.
 *
 * A batch is 32 pages, as in the kernel, or batch=; but at most an eighth of the frames, and at
 * least 1, so that small examples remain readable. A host that evicts one page (watermarks)
 * reclaims with a batch of 1.
 *
 * The ratio is the square root of 10 times the memory in GiB, rounded down (whole GiB of pages of
 * 4 KiB), and 1 below 1 GiB; or ratio=, if that is not 0.
 *
 * Not modelled: file pages (a trace does not tell them from anonymous ones), system calls,
 * executable mappings, list lengths that the kernel knows late, and accessed bits that stay clear
 * while the TLB has the page. A page that is dropped is not remembered. bel-policies(7) has the
 * measured error. Cost: fault O(1) on average, hit nothing; 49 bytes per page.
 */
#include "page_log.h"

#define PAGES_PER_GIB_SHIFT 18
#define FIRST_PRIORITY 12

enum { ACTIVE = 1, REFERENCED = 2 };

struct two_lists {
	uint64_t frames, ratio, batch;
	int refault, deactivate;
	uint64_t clock, refaults, activations, deactivations;
	uint64_t refaults_before;             /* at the end of the last reclaim */
	struct bel_page_log inactive, active; /* hits move no page: logs take the place of lists */
	uint64_t *left; /* of an evicted page: clock before its eviction + 1; 0: none */
	uint8_t *flags; /* of a resident page: ACTIVE, REFERENCED */
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
	lists->batch = (uint64_t)env->param[2];
	if (lists->batch > env->frames / 8)
		lists->batch = env->frames / 8 ? env->frames / 8 : 1;
	lists->deactivate = env->param[3] != 0;
	lists->refault = env->param[0] != 0;
	lists->ratio = (uint64_t)env->param[1];
	if (!lists->ratio)
		lists->ratio = gib ? root(10 * gib) : 1;
	bel_page_log_create(&lists->inactive, env);
	bel_page_log_create(&lists->active, env);
	env->page_array(env->host, &lists->left, sizeof(*lists->left));
	env->page_array(env->host, &lists->flags, sizeof(*lists->flags));
}

static void enter(struct two_lists *lists, uint32_t page, uint8_t flags)
{
	bel_page_log_enter(flags & ACTIVE ? &lists->active : &lists->inactive, page);
	lists->flags[page] = flags;
	lists->clock += flags & ACTIVE;
}

/* Takes the oldest page off a list. Later ones are often scanned soon. */
static uint32_t oldest(
	const struct two_lists *lists, struct bel_page_log *list, const struct bel_decision *out)
{
	const uint32_t page = bel_page_log_take(list), soon = bel_page_log_soon(list);

	if (soon != BEL_NO_PAGE) {
		__builtin_prefetch(&lists->flags[soon], 1);
		__builtin_prefetch(&out->state[soon], 1);
	}
	return page;
}

static int inactive_is_low(const struct two_lists *lists)
{
	return lists->inactive.count * lists->ratio < lists->active.count;
}

static void deactivate(struct two_lists *lists, struct bel_decision *out, uint64_t pages)
{
	for (; pages && lists->active.count; pages--) {
		const uint32_t page = oldest(lists, &lists->active, out);

		bel_clear_accessed(out, page);
		enter(lists, page, lists->flags[page] & REFERENCED);
		lists->deactivations++;
	}
}

/* Returns whether the oldest inactive page left. */
static int scan(struct two_lists *lists, struct bel_decision *out)
{
	const uint32_t page = oldest(lists, &lists->inactive, out);
	const int activate = lists->flags[page] & REFERENCED;

	if (!bel_accessed(out, page)) {
		lists->left[page] = ++lists->clock;
		bel_evict(out, page);
		return 1;
	}
	bel_clear_accessed(out, page);
	enter(lists, page, activate ? REFERENCED | ACTIVE : REFERENCED);
	lists->activations += activate != 0;
	return 0;
}

static uint64_t share(const struct bel_page_log *list, int priority)
{
	return priority ? (list->count >> priority) * 3ULL / 17 : list->count;
}

/* The highest priority at which this list has a share: its length / 2^priority is 6 or more. */
static int scan_priority(const struct bel_page_log *list)
{
	const uint32_t sixths = list->count / 6;

	return sixths ? 31 - __builtin_clz(sixths) : 0;
}

/* Takes at most a batch from what remains of a share. */
static uint64_t take(uint64_t *remains, uint64_t batch)
{
	const uint64_t pages = *remains < batch ? *remains : batch;

	*remains -= pages;
	return pages;
}

/* Steps 1 to 3 of a reclaim. Returns how many pages left. */
static uint64_t scan_shares(struct two_lists *lists, struct bel_decision *out, int priority,
	uint64_t batch, uint64_t left)
{
	uint64_t inactive = share(&lists->inactive, priority);
	uint64_t active = share(&lists->active, priority);

	if (!inactive_is_low(lists) &&
		!(lists->deactivate && lists->refaults != lists->refaults_before))
		active = 0;
	while (inactive && left < batch) {
		for (uint64_t pages = take(&inactive, batch); pages; pages--)
			left += scan(lists, out);
		if (active)
			deactivate(lists, out, take(&active, batch));
	}
	return left;
}

static void reclaim(struct two_lists *lists, struct bel_decision *out, uint64_t batch)
{
	uint64_t left = 0;

	do {
		for (int priority = FIRST_PRIORITY; priority >= 0 && left < batch; priority--) {
			const int first = scan_priority(&lists->inactive);

			if (priority > first && !inactive_is_low(lists))
				priority = first; /* those between do nothing */
			if (priority <= first)
				left = scan_shares(lists, out, priority, batch, left);
			if (inactive_is_low(lists))
				deactivate(lists, out, batch);
		}
	} while (!left);
	lists->refaults_before = lists->refaults;
}

static void linux_evict(void *self, uint64_t now, struct bel_decision *out)
{
	(void)now;
	reclaim(self, out, 1);
}

static void linux_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct two_lists *lists = self;
	uint64_t left;

	(void)now;
	if (bel_resident(out) == lists->frames)
		reclaim(lists, out, lists->batch);
	/* `left` - 1 is the clock before the page's eviction: the distance includes it. */
	left = lists->left[ref.page];
	const int again =
		lists->refault && left && lists->clock - (left - 1) <= lists->active.count;

	lists->left[ref.page] = 0;
	enter(lists, ref.page, again ? ACTIVE : 0);
	lists->refaults += again;
}

static void linux_drop(void *self, uint32_t page)
{
	struct two_lists *lists = self;

	bel_page_log_remove(lists->flags[page] & ACTIVE ? &lists->active : &lists->inactive, page);
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
	{"batch", "pages", BEL_PARAM_INTEGER, 32, 1, 1000000,
		"pages that a reclaim takes at least; at most an eighth of the frames"},
	{"deactivate", "", BEL_PARAM_SWITCH, 1, 0, 1,
		"after a refault, active pages are moved to a longer inactive list, too"},
	{.name = NULL},
};

static void linux_report(void *self, struct bel_sink *sink)
{
	const struct two_lists *lists = self;

	sink->count(sink->host, "active_pages", lists->active.count);
	sink->count(sink->host, "inactive_pages", lists->inactive.count);
	sink->count(sink->host, "activations", lists->activations);
	sink->count(sink->host, "refaults_activated", lists->refaults);
	sink->count(sink->host, "deactivations", lists->deactivations);
}

static void linux_show(void *self, const struct bel_show *show)
{
	const struct two_lists *lists = self;

	bel_page_log_show(&lists->inactive, show);
	bel_page_log_show(&lists->active, show);
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
