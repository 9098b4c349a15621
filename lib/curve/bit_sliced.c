/* SPDX-License-Identifier: MIT */
/* bit_sliced.c: the memory of bit-sliced policies, and their curve. */
#include "bit_sliced.h"

#include <stdlib.h>
#include <string.h>

#include "points.h"

void *bel_bit_sliced_new(const struct bel_curve_setup *setup, size_t bytes, bool ordered,
	const char *policy, struct bel_err *err)
{
	struct bel_bit_sliced *slices;

	if (!setup->x || !setup->count || setup->count > BEL_BIT_SLICES) {
		bel_usage(err, "%s: a pass takes 1 to %d sizes", policy, BEL_BIT_SLICES);
		return NULL;
	}
	slices = calloc(1, bytes);
	if (!slices) {
		bel_err_memory(err, policy);
		return NULL;
	}
	slices->setup = *setup;
	slices->ordered = ordered;
	slices->writes = setup->writebacks;
	slices->used = UINT64_MAX >> (BEL_BIT_SLICES - setup->count);
	for (size_t s = 0; s < setup->count; s++) {
		struct bel_slots *const slots = &slices->slots[s];

		slots->frames = setup->x[s];
		if (ordered) {
			slots->hand = BEL_NO_SLOT;
			slots->before = BEL_NO_SLOT;
			slots->oldest = BEL_NO_SLOT;
			slots->newest = BEL_NO_SLOT;
		}
	}
	return slices;
}

void bel_bit_sliced_free(void *self)
{
	struct bel_bit_sliced *slices = self;

	for (size_t s = 0; s < BEL_BIT_SLICES; s++) {
		free(slices->slots[s].page);
		free(slices->slots[s].newer);
	}
	free(slices->slice);
	free(slices->dirty);
	free(slices);
}

static int grow(uint32_t **array, size_t elements, struct bel_err *err)
{
	uint32_t *grown = realloc(*array, elements * sizeof(*grown));

	if (!grown)
		return bel_err_memory(err, "frames of a curve");
	*array = grown;
	return BEL_OK;
}

/* Makes room for the slots that `pages` pages can fill. */
static int reserve_slots(struct bel_slots *slots, uint32_t pages, bool ordered, struct bel_err *err)
{
	size_t capacity = slots->frames < pages ? slots->frames : pages;

	if (capacity <= slots->capacity)
		return BEL_OK;
	if (capacity < slots->capacity + slots->capacity / 2)
		capacity = slots->capacity + slots->capacity / 2;
	if (capacity > slots->frames)
		capacity = slots->frames;
	if (grow(&slots->page, capacity, err) < 0 ||
		(ordered && grow(&slots->newer, capacity, err) < 0))
		return BEL_FAIL;
	slots->capacity = (uint32_t)capacity;
	return BEL_OK;
}

static int reserve_pages(struct bel_bit_sliced *slices, uint32_t pages, struct bel_err *err)
{
	size_t capacity = slices->capacity ? slices->capacity : 4096;
	struct bel_bit_slice *grown;

	while (capacity < pages)
		capacity += capacity / 2;
	grown = realloc(slices->slice, capacity * sizeof(*grown));
	if (!grown)
		return bel_err_memory(err, "pages of a curve");
	memset(grown + slices->capacity, 0, (capacity - slices->capacity) * sizeof(*grown));
	slices->slice = grown;
	if (slices->dirty &&
		bel_points_reserve_dirty(&slices->dirty, slices->capacity, capacity, err) < 0)
		return BEL_FAIL;
	slices->capacity = (uint32_t)capacity;
	return BEL_OK;
}

int bel_bit_sliced_expect(
	struct bel_bit_sliced *slices, const struct bel_batch *batch, struct bel_err *err)
{
	return slices->writes && !slices->dirty && bel_curve_writes(batch)
		       ? bel_points_reserve_dirty(&slices->dirty, 0, slices->capacity, err)
		       : BEL_OK;
}

int bel_bit_sliced_reserve(struct bel_bit_sliced *slices, uint32_t pages, struct bel_err *err)
{
	if (pages > slices->capacity && reserve_pages(slices, pages, err) < 0)
		return BEL_FAIL;
	if (pages <= slices->pages)
		return BEL_OK;
	slices->pages = pages;
	for (size_t s = 0; s < slices->setup.count; s++)
		if (reserve_slots(&slices->slots[s], pages, slices->ordered, err) < 0)
			return BEL_FAIL;
	return BEL_OK;
}

static void count_writes(const struct bel_bit_sliced *slices, struct bel_curve *curve)
{
	for (size_t s = 0; s < curve->count; s++)
		curve->writebacks[s] = slices->slots[s].writebacks;
	for (uint32_t page = 0; slices->dirty && page < slices->pages; page++)
		bel_points_count_dirty(curve, slices->dirty[page]);
}

int bel_bit_sliced_curve(
	const struct bel_bit_sliced *slices, struct bel_curve *curve, struct bel_err *err)
{
	if (bel_points_init_writebacks(curve, &slices->setup, slices->pages, err) < 0)
		return BEL_FAIL;
	for (size_t s = 0; s < curve->count; s++)
		curve->faults[s] = slices->slots[s].faults;
	if (slices->setup.writebacks)
		count_writes(slices, curve);
	curve->exact = true;
	curve->references = slices->references;
	curve->pages = slices->pages;
	curve->compulsory = slices->pages;
	return BEL_OK;
}
