/* SPDX-License-Identifier: MIT */
/*
 * recency_sizes.h: up to 512 sizes of a policy with lists in the order of last reference, which
 * share a recency log.
 *
 * 64 sizes are a group, which has four bits for each page and size; bit s belongs to size s. A
 * reference to a page that is settled in every group, which is nearly every reference to a program
 * from some dozens of frames on, only stores its time. Otherwise the policy's function is called
 * for each group where the page is not settled.
 *
 *	BEL_INLINE void refer(struct bel_recency_sizes *sizes, struct bel_recency_group *group,
 *		uint32_t number, struct bel_run run);
 *
 * It visits the sizes that miss, makes the page resident at all sizes and clears `unsettled` in the
 * page's `pending` if a further reference would change nothing at any size of the group. If it evicts
 * a page, bel_recency_leave() counts that.
 *
 * Memory: 32 bytes for each page and group, and about 45 bytes for each page.
 */
#ifndef BEL_RECENCY_SIZES_H
#define BEL_RECENCY_SIZES_H

#include "curve.h"
#include "page_queue.h"
#include "recency_log.h"
#include "run.h"

enum {
	BEL_RECENCY_GROUP = 64,
	BEL_RECENCY_GROUPS = 8,
	BEL_RECENCY_LISTS = 4,
	BEL_RECENCY_RUNS_AHEAD = 8, /* runs whose pages are fetched before they are needed, ... */
	BEL_RECENCY_MANY = 16384    /* ... from so many pages on: not all are in the cache */
};

/* A page in a group. What `ghost` and `again` mean is the policy's; a new page has no bit set. */
struct bel_recency_slice {
	uint64_t resident, ghost, again, dirty;
};

struct bel_recency_size {
	uint64_t frames, faults, writebacks;
	uint64_t fill_times; /* sum of the times at which the frames were filled */
	double target;       /* the policy's */
	uint32_t resident;
	uint32_t count[BEL_RECENCY_LISTS]; /* pages on the policy's lists */
};

struct bel_recency_group {
	struct bel_recency_slice *slice; /* by number */
	struct bel_stale *stale;         /* by number, for the policy's queue; NULL: it has none */
	uint64_t used;                   /* the bits that belong to a size */
	uint32_t unsettled; /* in `pending`: a reference may change more than the order */
	uint32_t clean;     /* in `pending`: the page is not dirty at every size */
	unsigned first;     /* the index of its first size */
	uint32_t *hand;     /* BEL_RECENCY_LISTS for each size */
	struct bel_recency_size size[BEL_RECENCY_GROUP];
};

struct bel_recency_sizes {
	struct bel_recency_log log;
	struct bel_curve_setup setup;
	struct bel_recency_group *group;
	unsigned groups;
	bool stale;
	uint32_t pages, capacity;
	uint32_t before,
		final; /* numbers of the run before this one, and of the last run of a batch */
	uint64_t now;
};

/*
 * BEL_USAGE if the setup does not name 1 to 512 sizes. `stale`: the policy has a queue for each size
 * with stale entries, which takes 16 bytes more for each page and group. `policy` is for messages.
 */
int bel_recency_sizes_init(struct bel_recency_sizes *sizes, const struct bel_curve_setup *setup,
	bool stale, const char *policy, struct bel_err *err);
void bel_recency_sizes_release(struct bel_recency_sizes *sizes);

/* Makes room before a batch. */
int bel_recency_sizes_reserve(
	struct bel_recency_sizes *sizes, uint32_t pages, size_t runs, struct bel_err *err);

/* Faults, write-backs, dirty and mean resident pages so far. */
int bel_recency_sizes_curve(const struct bel_recency_sizes *sizes, const char *policy,
	struct bel_curve *curve, struct bel_err *err);

/* A fault at size s, before the page is loaded; a page that leaves for it has left. */
BEL_INLINE void bel_recency_load(struct bel_recency_sizes *sizes, struct bel_recency_size *size)
{
	size->faults++;
	if (size->resident < size->frames) {
		size->resident++;
		size->fill_times += sizes->now;
	}
}

/* A page leaves size s, because another one needs its frame. */
BEL_INLINE void bel_recency_leave(struct bel_recency_sizes *sizes, struct bel_recency_group *group,
	unsigned s, uint32_t number)
{
	struct bel_recency_slice *const slice = &group->slice[number];
	const uint64_t bit = UINT64_C(1) << s;

	slice->resident &= ~bit;
	group->size[s].writebacks += slice->dirty >> s & 1;
	slice->dirty &= ~bit;
	sizes->log.page[number].pending |= group->unsettled | group->clean;
}

/*
 * Fetches what a reference to a page may look at. LIRS with 6 sizes on Zipf references to 1 M pages:
 * half the time (11.7 s before, 5.5 now; one engine for each size 10.2). It is asked for only by
 * runs that do more than store a time, so that programs pay nothing.
 */
BEL_INLINE void bel_recency_fetch(const struct bel_recency_sizes *sizes, uint32_t number)
{
	__builtin_prefetch(&sizes->log.page[number], 1);
	__builtin_prefetch(&sizes->log.at[number]);
	for (unsigned g = 0; g < sizes->groups; g++) {
		__builtin_prefetch(&sizes->group[g].slice[number], 1);
		if (sizes->stale)
			__builtin_prefetch(&sizes->group[g].stale[number], 1);
	}
}

/* Feeds a batch, with the policy's function as above. */
BEL_INLINE int bel_recency_sizes_feed(struct bel_recency_sizes *sizes,
	const struct bel_batch *batch, uint32_t pages,
	void (*refer)(struct bel_recency_sizes *sizes, struct bel_recency_group *group,
		uint32_t number, struct bel_run run),
	struct bel_err *err)
{
	const uint32_t unsettled = (UINT32_C(1) << sizes->groups) - 1;
	const uint32_t clean = unsettled << sizes->groups;
	const bool fetches = pages >= BEL_RECENCY_MANY;

	if (bel_recency_sizes_reserve(sizes, pages, batch->count, err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; i < batch->count; i++) {
		const struct bel_run run = batch->runs[i];
		const uint32_t number = run.page + 1;
		struct bel_recency_page *const page = &sizes->log.page[number];
		const uint32_t write = run.info & BEL_RUN_WRITE;
		const uint32_t pending = page->pending & ~(write ? 0 : clean);

		if (__builtin_expect(pending != 0, 0)) {
			uint32_t groups = (pending | pending >> sizes->groups) & unsettled;

			if (fetches && i + BEL_RECENCY_RUNS_AHEAD < batch->count)
				bel_recency_fetch(
					sizes, batch->runs[i + BEL_RECENCY_RUNS_AHEAD].page + 1);
			sizes->before = i ? batch->runs[i - 1].page + 1 : sizes->final;
			for (; groups; groups &= groups - 1) {
				struct bel_recency_group *const group =
					&sizes->group[__builtin_ctz(groups)];

				refer(sizes, group, number, run);
				if (write) {
					group->slice[number].dirty = group->used;
					page->pending &= ~group->clean;
				}
			}
			bel_recency_touch(&sizes->log, number);
		} else {
			page->last = sizes->log.clock++;
		}
		sizes->now += bel_run_count(run);
	}
	if (batch->count)
		sizes->final = batch->runs[batch->count - 1].page + 1;
	return BEL_OK;
}

#endif
