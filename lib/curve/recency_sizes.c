/* SPDX-License-Identifier: MIT */
/* recency_sizes.c: the memory of sizes that share a recency log, and their curve. */
#include "recency_sizes.h"

#include <stdlib.h>
#include <string.h>

#include "grow.h"
#include "points.h"

int bel_recency_sizes_init(struct bel_recency_sizes *sizes, const struct bel_curve_setup *setup,
	bool stale, const char *policy, struct bel_err *err)
{
	const unsigned most = BEL_RECENCY_GROUP * BEL_RECENCY_GROUPS;
	const unsigned groups =
		(unsigned)((setup->count + BEL_RECENCY_GROUP - 1) / BEL_RECENCY_GROUP);
	const size_t hands = (size_t)groups * BEL_RECENCY_GROUP * BEL_RECENCY_LISTS;

	*sizes = (struct bel_recency_sizes){.setup = *setup, .stale = stale};
	if (!setup->x || !setup->count || setup->count > most)
		return bel_usage(err, "%s: a pass takes 1 to %u sizes", policy, most);
	sizes->group = calloc(groups, sizeof(*sizes->group));
	if (!sizes->group)
		return bel_err_memory(err, policy);
	sizes->groups = groups;
	if (bel_recency_init(&sizes->log, hands, (UINT32_C(1) << 2 * groups) - 1, err) < 0)
		return BEL_FAIL;
	for (unsigned k = 0; k < groups; k++) {
		struct bel_recency_group *const group = &sizes->group[k];

		group->first = k * BEL_RECENCY_GROUP;
		group->hand = sizes->log.hand + (size_t)group->first * BEL_RECENCY_LISTS;
		group->unsettled = UINT32_C(1) << k;
		group->clean = UINT32_C(1) << groups << k;
	}
	for (size_t i = 0; i < setup->count; i++) {
		struct bel_recency_group *const group = &sizes->group[i / BEL_RECENCY_GROUP];

		group->size[i % BEL_RECENCY_GROUP].frames = setup->x[i];
		group->used |= UINT64_C(1) << i % BEL_RECENCY_GROUP;
	}
	return BEL_OK;
}

void bel_recency_sizes_release(struct bel_recency_sizes *sizes)
{
	for (unsigned k = 0; k < sizes->groups; k++) {
		free(sizes->group[k].slice);
		free(sizes->group[k].stale);
	}
	free(sizes->group);
	bel_recency_release(&sizes->log);
}

static int grow(void *array, size_t had, size_t count, size_t width, struct bel_err *err)
{
	return bel_curve_grow(array, width, had, count, 0, "pages of a curve", err);
}

int bel_recency_sizes_reserve(
	struct bel_recency_sizes *sizes, uint32_t pages, size_t runs, struct bel_err *err)
{
	const size_t had = sizes->capacity;

	if (bel_recency_reserve(&sizes->log, pages, runs, err) < 0)
		return BEL_FAIL;
	sizes->pages = pages;
	if (had == sizes->log.capacity)
		return BEL_OK;
	for (unsigned k = 0; k < sizes->groups; k++) {
		struct bel_recency_group *const group = &sizes->group[k];

		if (grow(&group->slice, had, sizes->log.capacity, sizeof(*group->slice), err) < 0 ||
			(sizes->stale && grow(&group->stale, had, sizes->log.capacity,
						 sizeof(*group->stale), err) < 0))
			return BEL_FAIL;
	}
	sizes->capacity = sizes->log.capacity;
	return BEL_OK;
}

static void count_dirty(const struct bel_recency_sizes *sizes, struct bel_curve *curve)
{
	for (unsigned k = 0; k < sizes->groups; k++) {
		const struct bel_recency_group *const group = &sizes->group[k];
		struct bel_curve part = {.dirty = curve->dirty + group->first};

		for (uint32_t number = 1; number <= sizes->pages; number++)
			bel_points_count_dirty(&part, group->slice[number].dirty);
	}
}

int bel_recency_sizes_curve(const struct bel_recency_sizes *sizes, const char *policy,
	struct bel_curve *curve, struct bel_err *err)
{
	const uint64_t now = sizes->now;

	if (bel_points_init_writebacks(curve, &sizes->setup, sizes->pages, err) < 0)
		return BEL_FAIL;
	curve->policy = policy;
	curve->algorithm = "recency log, 512 sizes";
	curve->exact = true;
	curve->references = now;
	curve->pages = sizes->pages;
	curve->compulsory = sizes->pages;
	curve->mean_resident = calloc(curve->count, sizeof(*curve->mean_resident));
	if (!curve->mean_resident) {
		bel_curve_release(curve);
		return bel_err_memory(err, "a curve");
	}
	for (size_t i = 0; i < curve->count; i++) {
		const struct bel_recency_size *const size =
			&sizes->group[i / BEL_RECENCY_GROUP].size[i % BEL_RECENCY_GROUP];

		curve->faults[i] = size->faults;
		if (curve->writebacks)
			curve->writebacks[i] = size->writebacks;
		if (now)
			curve->mean_resident[i] =
				(double)(size->resident * now - size->fill_times) / (double)now;
	}
	if (curve->dirty)
		count_dirty(sizes, curve);
	return BEL_OK;
}
