/* SPDX-License-Identifier: MIT */
/*
 * page_ranges.h: up to BEL_RANGES_MAX ranges of pages; finds whether a page is in one, or beside one.
 *
 *	struct bel_ranges ranges;                        inside the policy's instance; zeroed
 *	bel_ranges_set(&ranges, i, low, high);           range i, with i <= ranges.used
 *	if (bel_ranges_near(&ranges, page)) ...          it is in a range, or beside one
 *	bel_ranges_clear(&ranges, i);                    range i has no pages
 *
 * The ranges are arrays of their own, which the compiler compares four at a time: most pages are
 * near none.
 */
#ifndef BELADY_PAGE_RANGES_H
#define BELADY_PAGE_RANGES_H

#include "policy.h"

#define BEL_RANGES_MAX 256

struct bel_ranges {
	uint32_t used; /* ranges, with those without pages */
	/* Pages before + 1 to before + wide - 1. UINT32_MAX, 0: none. */
	uint32_t before[BEL_RANGES_MAX], wide[BEL_RANGES_MAX];
};

/* Pages of a range that has some. */
BEL_INLINE uint32_t bel_ranges_pages(const struct bel_ranges *ranges, uint32_t i)
{
	return ranges->wide[i] - 1;
}

BEL_INLINE uint32_t bel_ranges_low(const struct bel_ranges *ranges, uint32_t i)
{
	return ranges->before[i] + 1;
}

BEL_INLINE uint32_t bel_ranges_high(const struct bel_ranges *ranges, uint32_t i)
{
	return ranges->before[i] + bel_ranges_pages(ranges, i);
}

BEL_INLINE void bel_ranges_set(struct bel_ranges *ranges, uint32_t i, uint32_t low, uint32_t high)
{
	ranges->before[i] = low - 1;
	ranges->wide[i] = high - low + 2;
	ranges->used += i == ranges->used;
}

BEL_INLINE void bel_ranges_clear(struct bel_ranges *ranges, uint32_t i)
{
	ranges->before[i] = UINT32_MAX;
	ranges->wide[i] = 0;
}

BEL_INLINE int bel_ranges_has(const struct bel_ranges *ranges, uint32_t i, uint32_t page)
{
	return page - bel_ranges_low(ranges, i) < bel_ranges_pages(ranges, i) && ranges->wide[i];
}

/* Whether the page is in a range, or beside one. */
BEL_INLINE int bel_ranges_near(const struct bel_ranges *ranges, uint32_t page)
{
	uint32_t near = 0;

	for (uint32_t i = 0; i < ranges->used; i++)
		near |= page - ranges->before[i] <= ranges->wide[i];
	return near != 0;
}

#endif
