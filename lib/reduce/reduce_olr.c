/* SPDX-License-Identifier: MIT */
/*
 * reduce_olr.c: optimal LRU reduction. Of the references that hit with k frames under LRU, it
 * keeps only those without which LRU would evict another page.
 *
 * Let x be the page that an eviction removes. All other resident pages must be used between the
 * last kept use of x and the eviction. The number of kept runs is minimal if
 *	- the last kept use of x is the earliest that the earlier evictions allow, because then more
 *	  of the other pages are loaded after it;
 *	- each use that is kept for the other pages is the latest possible.
 *
 * Time is divided into epochs, from one load to the next. Kept uses stay in their epoch, but their
 * order in it may change; so loads keep their times. This is our restriction of the method of
 * Kaplan, Smaragdakis and Wilson. Held are the epochs from the last kept use of the last evicted
 * page on, which are at most k.
 */
#include <stdbool.h>

#include "reduced.h"

#define NO_LINK UINT32_MAX
#define NO_EPOCH UINT64_MAX

/* An element of a list: an epoch in which a page is used, or a run that is kept in an epoch. */
struct link {
	uint64_t value;
	uint32_t flags, next;
};

struct list {
	uint32_t first, last;
};

struct epoch {
	uint64_t references;
	uint32_t page, flags; /* loaded at its start; BEL_NO_PAGE: none */
	uint32_t waiting;     /* list of the pages that have this epoch as `until` */
	uint32_t stays;       /* length of `stay` */
	struct list stay;     /* kept runs, in order */
};

struct page {
	uint64_t until;        /* the epoch of its load, or the latest epoch for a use that must
				  be kept; NO_EPOCH: not resident */
	bool loaded;           /* `until` is the load; no other use must be kept so far */
	uint32_t flags;        /* of its removed references */
	uint32_t next, before; /* pages that wait for the same epoch */
	struct list uses;      /* epochs in which it is used */
};

struct olr {
	uint64_t frames;
	struct bel_recent recent; /* the resident pages */
	struct page *page;
	size_t link_capacity, page_capacity;
	struct epoch *ring; /* by number, modulo its capacity, which is a power of two */
	size_t ring_capacity;
	uint64_t oldest, end; /* epochs held */
	struct link *link;
	size_t links_capacity;
	uint32_t links, unused;
	bool leads; /* the next run is kept in any case */
};

static void *olr_create(uint64_t frames, struct bel_err *err)
{
	struct olr *olr = calloc(1, sizeof(*olr));

	if (!olr) {
		bel_err_memory(err, "the reduction");
		return NULL;
	}
	olr->frames = frames;
	olr->recent.newest = olr->recent.oldest = BEL_NO_PAGE;
	olr->unused = NO_LINK;
	olr->leads = true;
	return olr;
}

static void olr_destroy(void *self)
{
	struct olr *olr = self;

	free(olr->recent.link);
	free(olr->page);
	free(olr->ring);
	free(olr->link);
	free(olr);
}

static int olr_reserve(void *self, uint32_t pages, struct bel_err *err)
{
	struct olr *olr = self;
	const size_t before = olr->page_capacity;

	if (bel_reduced_grow(&olr->recent.link, &olr->link_capacity, pages,
		    sizeof(*olr->recent.link), err) < 0 ||
		bel_reduced_grow(&olr->page, &olr->page_capacity, pages, sizeof(*olr->page), err) <
			0)
		return BEL_FAIL;
	for (size_t page = before; page < olr->page_capacity; page++) {
		olr->page[page].until = NO_EPOCH;
		olr->page[page].uses = (struct list){NO_LINK, NO_LINK};
	}
	return BEL_OK;
}

static struct epoch *epoch_at(const struct olr *olr, uint64_t number)
{
	return &olr->ring[number & (olr->ring_capacity - 1)];
}

static int list_add(
	struct olr *olr, struct list *list, uint64_t value, uint32_t flags, struct bel_err *err)
{
	uint32_t n = olr->unused;

	if (n != NO_LINK) {
		olr->unused = olr->link[n].next;
	} else {
		if (bel_reduced_grow(&olr->link, &olr->links_capacity, (size_t)olr->links + 1,
			    sizeof(*olr->link), err) < 0)
			return BEL_FAIL;
		n = olr->links++;
	}
	olr->link[n] = (struct link){value, flags, NO_LINK};
	if (list->first == NO_LINK)
		list->first = n;
	else
		olr->link[list->last].next = n;
	list->last = n;
	return BEL_OK;
}

static struct link list_take(struct olr *olr, struct list *list)
{
	const uint32_t n = list->first;
	const struct link link = olr->link[n];

	list->first = link.next;
	olr->link[n].next = olr->unused;
	olr->unused = n;
	return link;
}

/* Begins an epoch with the load of a page; BEL_NO_PAGE: without a load. */
static int begin(struct olr *olr, uint32_t page, struct bel_err *err)
{
	if (olr->end - olr->oldest == olr->ring_capacity) {
		const size_t capacity = olr->ring_capacity ? 2 * olr->ring_capacity : 64;
		struct epoch *ring = malloc(capacity * sizeof(*ring));

		if (!ring)
			return bel_err_memory(err, "the reduction");
		for (uint64_t e = olr->oldest; e < olr->end; e++)
			ring[e & (capacity - 1)] = *epoch_at(olr, e);
		free(olr->ring);
		olr->ring = ring;
		olr->ring_capacity = capacity;
	}
	*epoch_at(olr, olr->end++) = (struct epoch){
		.page = page,
		.waiting = BEL_NO_PAGE,
		.stay = {NO_LINK, NO_LINK},
	};
	return BEL_OK;
}

static void wait_for(struct olr *olr, uint32_t page, uint64_t until, bool loaded)
{
	struct epoch *const epoch = epoch_at(olr, until);
	struct page *const p = &olr->page[page];

	p->until = until;
	p->loaded = loaded;
	p->before = BEL_NO_PAGE;
	p->next = epoch->waiting;
	if (p->next != BEL_NO_PAGE)
		olr->page[p->next].before = page;
	epoch->waiting = page;
}

static void stop_waiting(struct olr *olr, uint32_t page)
{
	struct page *const p = &olr->page[page];

	if (p->before == BEL_NO_PAGE)
		epoch_at(olr, p->until)->waiting = p->next;
	else
		olr->page[p->before].next = p->next;
	if (p->next != BEL_NO_PAGE)
		olr->page[p->next].before = p->before;
}

/* Keeps a use of the page in an epoch, with the flags of its removed references. */
static int stay(struct olr *olr, uint32_t page, uint64_t number, struct bel_err *err)
{
	struct epoch *const epoch = epoch_at(olr, number);
	struct page *const p = &olr->page[page];

	epoch->stays++;
	if (list_add(olr, &epoch->stay, page, p->flags, err) < 0)
		return BEL_FAIL;
	p->flags &= ~(uint32_t)BEL_RUN_WRITE;
	return BEL_OK;
}

/* Adds the flags of removed references to the page's load; if that has no run here, they wait. */
static void flag_load(struct olr *olr, uint32_t page)
{
	struct page *const p = &olr->page[page];
	struct epoch *const epoch = epoch_at(olr, p->until);

	if (epoch->page == BEL_NO_PAGE)
		return;
	epoch->flags |= p->flags;
	p->flags &= ~(uint32_t)BEL_RUN_WRITE;
}

/* Keeps the use for which the page waits; from then on the page waits for its last use so far. */
static int renew(struct olr *olr, uint32_t page, struct bel_err *err)
{
	const struct page *const p = &olr->page[page];

	if (p->loaded)
		flag_load(olr, page);
	else if (stay(olr, page, p->until, err) < 0)
		return BEL_FAIL;
	stop_waiting(olr, page);
	wait_for(olr, page, olr->link[p->uses.last].value, false);
	return BEL_OK;
}

/* Outputs the oldest epoch, which is complete. */
static int emit(struct olr *olr, struct bel_reduced *out, struct bel_err *err)
{
	struct epoch *const epoch = epoch_at(olr, olr->oldest++);

	if (epoch->page != BEL_NO_PAGE &&
		bel_reduced_add(
			out, epoch->page, epoch->references - epoch->stays, epoch->flags, err) < 0)
		return BEL_FAIL;
	while (epoch->stay.first != NO_LINK) {
		const struct link run = list_take(olr, &epoch->stay);

		if (bel_reduced_add(out, (uint32_t)run.value, 1, run.flags, err) < 0)
			return BEL_FAIL;
	}
	return BEL_OK;
}

/*
 * LRU evicts a page; its last kept use is in epoch `last`. Pages that must be used after
 * that are renewed, and the epochs before it are output.
 */
static int evict(struct olr *olr, uint32_t page, struct bel_reduced *out, struct bel_err *err)
{
	struct page *const p = &olr->page[page];
	uint64_t last = p->until;
	bool loaded = p->loaded;
	uint32_t leader;

	while (p->uses.first != NO_LINK && olr->link[p->uses.first].value < olr->oldest)
		list_take(olr, &p->uses);
	if (loaded)
		flag_load(olr, page);
	loaded &= !(p->flags & BEL_RUN_WRITE); /* otherwise a kept use must have the write flag */
	if (!loaded) {
		last = olr->link[p->uses.first].value;
		if (stay(olr, page, last, err) < 0)
			return BEL_FAIL;
	}
	stop_waiting(olr, page);
	while (p->uses.first != NO_LINK)
		list_take(olr, &p->uses);
	p->until = NO_EPOCH;
	bel_recent_take(&olr->recent, page);
	while (olr->oldest < last) {
		while (epoch_at(olr, olr->oldest)->waiting != BEL_NO_PAGE)
			if (renew(olr, epoch_at(olr, olr->oldest)->waiting, err) < 0)
				return BEL_FAIL;
		if (emit(olr, out, err) < 0)
			return BEL_FAIL;
	}
	leader = epoch_at(olr, last)->page;
	if (!loaded && leader != BEL_NO_PAGE && olr->page[leader].until == last &&
		olr->page[leader].loaded)
		return renew(olr, leader, err);
	return BEL_OK;
}

/* A page is loaded, or its run is kept like a load. */
static int lead(struct olr *olr, struct bel_run run, struct bel_err *err)
{
	if (begin(olr, run.page, err) < 0)
		return BEL_FAIL;
	epoch_at(olr, olr->end - 1)->flags = run.info & BEL_REDUCED_FLAGS;
	olr->page[run.page].flags = run.info & (BEL_RUN_DATA | BEL_RUN_FETCH);
	wait_for(olr, run.page, olr->end - 1, true);
	return BEL_OK;
}

static int use(struct olr *olr, struct bel_run run, struct bel_err *err)
{
	struct page *const p = &olr->page[run.page];
	struct list *const uses = &p->uses;
	const uint64_t now = olr->end - 1;

	p->flags |= run.info & BEL_REDUCED_FLAGS;
	if (uses->first != NO_LINK && olr->link[uses->last].value == now)
		return BEL_OK;
	while (uses->first != NO_LINK && olr->link[uses->first].value < olr->oldest)
		list_take(olr, uses);
	return list_add(olr, uses, now, 0, err);
}

static int take(struct olr *olr, struct bel_run run, struct bel_reduced *out, struct bel_err *err)
{
	const bool resident = olr->page[run.page].until != NO_EPOCH;
	int r = BEL_OK;

	if (!resident && olr->recent.size == olr->frames)
		r = evict(olr, olr->recent.oldest, out, err);
	else if (resident)
		bel_recent_take(&olr->recent, run.page);
	bel_recent_push(&olr->recent, run.page);
	if (r < 0)
		return r;
	if (olr->leads && resident)
		stop_waiting(olr, run.page);
	r = olr->leads || !resident ? lead(olr, run, err) : use(olr, run, err);
	olr->leads = false;
	if (r == BEL_OK)
		epoch_at(olr, olr->end - 1)->references += bel_run_count(run);
	return r;
}

static int olr_runs(void *self, const struct bel_run *runs, size_t count, struct bel_reduced *out,
	struct bel_err *err)
{
	for (size_t i = 0; i < count; i++)
		if (take(self, runs[i], out, err) < 0)
			return BEL_FAIL;
	return BEL_OK;
}

/*
 * Keeps the last use of every resident page, in order. Then the past does not matter any more:
 * each page is as if it had been loaded in a separate epoch.
 */
static int olr_settle(void *self, struct bel_reduced *out, struct bel_err *err)
{
	struct olr *olr = self;
	struct page *p;

	for (uint32_t page = olr->recent.oldest; page != BEL_NO_PAGE;
		page = olr->recent.link[page].newer) {
		p = &olr->page[page];
		if (p->loaded)
			flag_load(olr, page);
		else if (p->until < olr->link[p->uses.last].value &&
			 stay(olr, page, p->until, err) < 0)
			return BEL_FAIL;
		if (p->uses.first != NO_LINK &&
			stay(olr, page, olr->link[p->uses.last].value, err) < 0)
			return BEL_FAIL;
		while (p->uses.first != NO_LINK)
			list_take(olr, &p->uses);
	}
	while (olr->oldest < olr->end)
		if (emit(olr, out, err) < 0)
			return BEL_FAIL;
	for (uint32_t page = olr->recent.oldest; page != BEL_NO_PAGE;
		page = olr->recent.link[page].newer) {
		if (begin(olr, BEL_NO_PAGE, err) < 0)
			return BEL_FAIL;
		wait_for(olr, page, olr->end - 1, true);
	}
	olr->leads = true;
	return BEL_OK;
}

const struct bel_reduction bel_reduce_olr = {
	.name = "olr",
	.valid_policies = "lru",
	.create = olr_create,
	.reserve = olr_reserve,
	.runs = olr_runs,
	.settle = olr_settle,
	.destroy = olr_destroy,
};
