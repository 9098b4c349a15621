/* SPDX-License-Identifier: MIT */
/*
 * mglru.c: the multi-generational LRU of Linux 6.12 (Zhao, 2022), for pages that programs map,
 * in a memory cgroup.
 *
 * State: two to four generations, numbered; 0 to 3 at first. Each has a list. A page has a
 * number and is on the list of that number or of an older one. It may be spared, until it gets
 * the number of the youngest. A table is an aligned group of `table` pages. A filter is a set of
 * tables; one is read by an aging, the next one is being filled.
 *
 * On a hit: nothing. Hardware sets the accessed bit.
 * On a fault: while no frame is free, reclaim. Load the page at the young end of the youngest
 * generation, with its accessed bit set. With spare=on, it is spared if it left by an eviction,
 * not by a drop, and the oldest generation is still that of its eviction.
 *
 * Reclaim: for p = 12, 11, ... 0, until half a batch (rounded up) is evicted:
 * 1. Aging is due if two generations are left; with ahead=on, also if three are left, and the
 *    youngest has more than half of the pages or the oldest less than a quarter. If it is due
 *    and p is below 12, age, and go to the next p.
 * 2. Go to the next p if two generations are left, or as many pages were scanned at this p as
 *    (resident pages) / 2^p, rounded down. (Below 4,096 pages, that is so at once for p = 12.)
 * 3. Take a batch. If it took no page, go to the next p, otherwise to 1.
 *
 * Take a batch:
 * 1. Scan the oldest list from its old end until `batch` pages are taken. A page with another
 *    number than the list goes to the young end of the list of its number. A page that is spared
 *    goes to the old end of the next list, gets its number, and is not spared. Others are taken.
 * 2. While more than two generations are left and the oldest list is empty, remove it.
 * 3. Each page taken, in order: if it is marked, keep it. If its accessed bit is set, look
 *    around and keep it. Otherwise evict it.
 * 4. The pages that were kept enter the young end of the youngest generation, in order.
 *
 * Look around a page: clear its accessed bit, and those of `around` pages of its table, from
 * half as many before it on, or the first or last ones if the table ends there. A page that had
 * one is marked if it was taken in this batch; another is spared no more, and goes to the young
 * end of the youngest generation, unless it has its number. If they are, with the page itself,
 * an eighth of `around` or more, put the table into the filter that the next aging reads.
 *
 * Age:
 * 1. With walk=on, each table in order, if it is in the filter (at the first aging, or with
 *    filter=off: always): clear the accessed bits. Pages that had one get the number of the
 *    youngest generation. An eighth of the table or more: put it into the next filter.
 * 2. A new, empty generation becomes the youngest.
 *
 * A batch is at most an eighth of the frames (from 512 frames on, the kernel's). A host that wants
 * one page evicted gets batches of one. A page's number, from its first reference on, stands for
 * its address. Not modelled: pages in the TLB, whose bit is not set again; walks that the kernel
 * leaves out; tiers; file pages. Cost: aging O(pages), eviction O(around).
 */
#include "generations.h"
#include "scan.h"

#define PRIORITY_FIRST 12
#define ENOUGH 8 /* one entry in so many is accessed: the table is worth a scan */
#define BATCH_MAX 4096

#define TAKEN 0x20u /* bits of `about` beside those of generations.h */
#define MARKED 0x40u

struct mglru {
	uint64_t frames;
	uint32_t batch, around, table;
	int ahead, walk, filter, spare;
	uint64_t agings;
	uint32_t end; /* all pages referenced so far are below */
	struct bel_generations all;
	uint8_t *in_filter[2];     /* of a table: 1 if in the filter of even agings, of odd ones */
	uint32_t taken[BATCH_MAX]; /* a batch */
	uint32_t soon;             /* fetched up to here */
};

static void mglru_init(void *self, const struct bel_env *env)
{
	struct mglru *mglru = self;
	const uint64_t most = env->frames / 8 ? env->frames / 8 : 1;

	mglru->frames = env->frames;
	mglru->batch = (uint32_t)env->param[0];
	if (mglru->batch > most)
		mglru->batch = (uint32_t)most;
	mglru->table = (uint32_t)env->param[2];
	mglru->around = (uint32_t)env->param[1];
	if (mglru->around > mglru->table)
		mglru->around = mglru->table;
	mglru->ahead = env->param[3] != 0;
	mglru->walk = env->param[4] != 0;
	mglru->filter = env->param[5] != 0;
	mglru->spare = env->param[6] != 0;
	mglru->soon = BEL_NO_PAGE;
	bel_generations_create(&mglru->all, env);
	for (int i = 0; i < 2; i++)
		env->page_array(env->host, &mglru->in_filter[i], 1);
}

/* Step 1 of an aging, for the table that begins with a page. Returns how many were accessed. */
static uint32_t walk_table(struct mglru *mglru, uint32_t page, struct bel_decision *out)
{
	const uint32_t left = mglru->end - page;
	const uint32_t end = page + (left < mglru->table ? left : mglru->table);
	uint32_t young = 0;

	for (; (page = bel_scan_next_below(out, page, end)) != BEL_NO_PAGE; page++) {
		bel_clear_accessed(out, page);
		young++;
		if (!bel_generations_is_settled(&mglru->all, page))
			bel_generations_renumber(&mglru->all, page);
	}
	return young;
}

static void age(struct mglru *mglru, struct bel_decision *out)
{
	const uint32_t tables = mglru->end ? (mglru->end - 1) / mglru->table + 1 : 0;
	uint8_t *now = mglru->in_filter[mglru->agings % 2];
	uint8_t *next = mglru->in_filter[++mglru->agings % 2];

	memset(next, 0, tables);
	if (mglru->agings == 1 || !mglru->filter)
		memset(now, 1, tables);
	for (uint8_t *in = now; mglru->walk && (in = memchr(in, 1, (size_t)(now + tables - in)));
		in++) {
		const uint32_t table = (uint32_t)(in - now);

		next[table] = walk_table(mglru, table * mglru->table, out) * ENOUGH >= mglru->table;
	}
	mglru->all.youngest++;
}

static void look_around(struct mglru *mglru, uint32_t page, struct bel_decision *out)
{
	const uint32_t at = page % mglru->table, half = mglru->around / 2;
	uint32_t from = at < half ? 0 : at - half, near, end, young = 1;

	bel_clear_accessed(out, page);
	if (!mglru->around)
		return;
	if (from > mglru->table - mglru->around)
		from = mglru->table - mglru->around;
	near = from + (page - at);
	end = mglru->end - near < mglru->around ? mglru->end : near + mglru->around;
	for (; (near = bel_scan_next_below(out, near, end)) != BEL_NO_PAGE; near++) {
		bel_clear_accessed(out, near);
		young++;
		if (mglru->all.about[near] & TAKEN) {
			mglru->all.about[near] |= MARKED;
		} else if (!bel_generations_is_youngest(&mglru->all, near)) {
			bel_generations_remove(&mglru->all, near);
			bel_generations_enter(&mglru->all, near);
		} else {
			mglru->all.about[near] &= (uint8_t)~BEL_GENERATION_SPARED;
		}
	}
	if (young * ENOUGH >= mglru->around)
		mglru->in_filter[mglru->agings % 2][page / mglru->table] = 1;
}

/* Steps 3 and 4 of a batch. */
static void evict_taken(struct mglru *mglru, uint32_t count, struct bel_decision *out)
{
	uint8_t *about = mglru->all.about;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < count; i++)
		about[mglru->taken[i]] |= TAKEN;
	for (uint32_t i = 0; i < count; i++) {
		const uint32_t page = mglru->taken[i];

		if (!(about[page] & MARKED) && !bel_accessed(out, page)) {
			about[page] &= (uint8_t)~TAKEN;
			bel_generations_keep_oldest(&mglru->all, page);
			bel_evict(out, page);
			continue;
		}
		if (!(about[page] & MARKED))
			look_around(mglru, page, out);
		mglru->taken[kept++] = page;
	}
	for (uint32_t i = 0; i < kept; i++) {
		about[mglru->taken[i]] &= (uint8_t) ~(TAKEN | MARKED);
		bel_generations_enter(&mglru->all, mglru->taken[i]);
	}
}

/* A reclaim at one priority, until `enough` pages are left. */
static void scan(struct mglru *mglru, int priority, uint32_t batch, uint64_t enough,
	struct bel_decision *out)
{
	struct bel_generations *all = &mglru->all;
	uint64_t scanned = 0;

	while (bel_resident(out) > enough) {
		const int few = bel_generations_few(all);
		uint32_t count;

		if (priority < PRIORITY_FIRST &&
			(few || (mglru->ahead && bel_generations_uneven(all, bel_resident(out))))) {
			age(mglru, out);
			return;
		}
		if (few || scanned >= bel_resident(out) >> priority)
			return;
		count = bel_generations_take(all, mglru->taken, batch, &scanned);
		bel_generations_trim(all);
		evict_taken(mglru, count, out);
		if (!count)
			return;
	}
}

static void reclaim(struct mglru *mglru, uint32_t batch, struct bel_decision *out)
{
	const uint64_t resident = bel_resident(out), target = (batch + 1) / 2;
	const uint64_t enough = resident > target ? resident - target : 0;

	for (int priority = PRIORITY_FIRST; priority >= 0 && bel_resident(out) > enough; priority--)
		scan(mglru, priority, batch, enough, out);
}

static void mglru_evict(void *self, uint64_t now, struct bel_decision *out)
{
	(void)now;
	for (const uint64_t resident = bel_resident(out); bel_resident(out) == resident;)
		reclaim(self, 1, out);
}

static void mglru_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct mglru *mglru = self;
	int spared;

	(void)now;
	while (bel_resident(out) == mglru->frames) {
		reclaim(mglru, mglru->batch, out);
		mglru->soon = BEL_NO_PAGE;
	}
	/* What the next reclaim takes: one page at each fault. Zipf, 1 M pages: 1.5 -> 1.2 s. */
	mglru->soon = bel_generations_fetch_on(&mglru->all, mglru->soon, out);
	if (mglru->end <= ref.page)
		mglru->end = ref.page + 1;
	spared = mglru->spare && bel_generations_is_kept(&mglru->all, ref.page);
	bel_generations_enter(&mglru->all, ref.page);
	if (spared)
		mglru->all.about[ref.page] |= BEL_GENERATION_SPARED;
}

static void mglru_drop(void *self, uint32_t page)
{
	bel_generations_remove(&((struct mglru *)self)->all, page);
}

static const struct bel_hooks mglru_hooks = {
	.fault = mglru_fault,
	.drop = mglru_drop,
};

static const struct bel_param mglru_params[] = {
	{"batch", "pages", BEL_PARAM_INTEGER, 64, 1, BATCH_MAX,
		"pages taken at a time from the oldest; at most an eighth of the frames"},
	{"around", "pages", BEL_PARAM_INTEGER, 64, 0, 65536,
		"pages looked at around an accessed page, within its table; 0: only itself"},
	{"table", "pages", BEL_PARAM_INTEGER, 512, 8, 65536, "entries of a page table"},
	{"ahead", "", BEL_PARAM_SWITCH, 1, 0, 1,
		"ages while three generations are left, if they are uneven"},
	{"walk", "", BEL_PARAM_SWITCH, 1, 0, 1, "an aging scans page tables"},
	{"filter", "", BEL_PARAM_SWITCH, 1, 0, 1,
		"an aging scans only tables in which many pages were accessed lately"},
	{"spare", "", BEL_PARAM_SWITCH, 1, 0, 1,
		"a page that comes back before the oldest generation changes is spared once"},
	{.name = NULL},
};

static void mglru_report(void *self, struct bel_sink *sink)
{
	const struct mglru *mglru = self;

	sink->count(sink->host, "generations", bel_generations_left(&mglru->all));
	sink->count(sink->host, "agings", mglru->agings);
}

static void mglru_show(void *self, const struct bel_show *show)
{
	bel_generations_show(&((const struct mglru *)self)->all, show);
}

BEL_RUN(mglru, mglru_hooks, BEL_POLICY_BITS)

/* No victim(): looking for a victim ages generations. */
static const struct bel_policy mglru = {
	BEL_POLICY_BASE(mglru, struct mglru),
	.name = "mglru",
	.title = "Linux' multi-generational LRU: page-table scans sort pages into generations",
	.source = "Y. Zhao, Multigenerational LRU framework, Linux 6.1, 2022; as of Linux 6.12",
	.params = mglru_params,
	.evict = mglru_evict,
	.report = mglru_report,
	.show = mglru_show,
	.aliases = "multi-generational LRU, multi-gen LRU",
};

BEL_POLICY(mglru);
