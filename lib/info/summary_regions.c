/* SPDX-License-Identifier: MIT */
/*
 * summary_regions.c: references by region and by file, and pages outside any region.
 */
#include "summary_regions.h"

#include <stdlib.h>
#include <string.h>

enum { NO_MAPPING = UINT32_MAX };

/*
 * The region and mapping of a page, found when the regions had changed `change` times. References
 * are counted here; they are added to the region when the page is looked up again, or at the end.
 */
struct bel_summary_page {
	uint64_t change;
	uint64_t references;
	uint64_t unknown; /* references while it was outside any region */
	uint32_t mapping; /* NO_MAPPING: none */
	uint8_t region;
};

int bel_summary_reserve_pages(struct bel_summary *s, size_t pages, struct bel_err *err)
{
	struct bel_summary_page *grown;

	if (pages <= s->page_capacity)
		return 0;
	pages += pages / 2;
	grown = realloc(s->page, pages * sizeof(*grown));
	if (!grown)
		return bel_err_memory(err, "pages");
	for (size_t i = s->page_capacity; i < pages; i++)
		grown[i] = (struct bel_summary_page){.change = UINT64_MAX};
	s->page = grown;
	s->page_capacity = pages;
	return 0;
}

int bel_summary_reserve_mappings(struct bel_summary *s, struct bel_err *err)
{
	const uint32_t capacity = s->map.mapping_capacity;
	struct bel_summary_region *grown;

	if (capacity <= s->mapping_capacity)
		return 0;
	grown = realloc(s->mapping, capacity * sizeof(*grown));
	if (!grown)
		return bel_err_memory(err, "mappings");
	memset(grown + s->mapping_capacity, 0, (capacity - s->mapping_capacity) * sizeof(*grown));
	s->mapping = grown;
	s->mapping_capacity = capacity;
	return 0;
}

static void credit(struct bel_summary *s, struct bel_summary_page *page)
{
	if (!page->references)
		return;
	s->region[page->region].references += page->references;
	if (page->mapping == NO_MAPPING)
		page->unknown += page->references;
	else
		s->mapping[page->mapping].references += page->references;
	page->references = 0;
}

/* Looks up a page again after the regions have changed. */
static void find(struct bel_summary *s, struct bel_summary_page *page, struct bel_granule at)
{
	const uint64_t address = at.number << s->page_bits, length = UINT64_C(1) << s->page_bits;
	const struct bel_region *const region =
		bel_region_tracker_region(&s->map, at.space, address, length);
	const bool first = page->change == UINT64_MAX;

	credit(s, page);
	page->change = s->map.change;
	page->region = (uint8_t)bel_region_tracker_find(&s->map, at.space, address, length);
	page->mapping = region ? region->backing : NO_MAPPING;
	if (!first)
		return;
	s->region[page->region].pages++;
	if (region)
		s->mapping[page->mapping].pages++;
}

void bel_summary_place(struct bel_summary *s, struct bel_run run, struct bel_granules pages)
{
	struct bel_summary_page *const page = &s->page[run.page];

	if (page->change != s->map.change)
		find(s, page, pages.granule[run.page]);
	page->references += bel_run_count(run);
}

void bel_summary_fetch(const struct bel_summary *s, uint32_t page, struct bel_granules pages)
{
	if (page >= pages.count)
		return;
	__builtin_prefetch(&pages.granule[page]);
	__builtin_prefetch(&s->page[page], 1);
}

void bel_summary_credit(struct bel_summary *s)
{
	for (uint64_t i = 0; i < s->pages; i++)
		credit(s, &s->page[i]);
	for (int r = 0; r < BEL_REGIONS; r++)
		s->region[r].mapped_bytes = s->map.peak_bytes[r];
	for (uint32_t m = 0; m < s->map.mappings; m++)
		s->mapping[m].mapped_bytes = s->map.mapping[m].peak_bytes;
}

static int by_place(const void *left, const void *right)
{
	const struct bel_summary_gap *const a = left, *const b = right;

	if (a->space != b->space)
		return a->space < b->space ? -1 : 1;
	return a->first < b->first ? -1 : a->first > b->first;
}

static int by_references(const void *left, const void *right)
{
	const struct bel_summary_gap *const a = left, *const b = right;

	if (a->references != b->references)
		return a->references > b->references ? -1 : 1;
	return by_place(left, right);
}

int bel_summary_gaps(const struct bel_summary *s, struct bel_granules pages,
	struct bel_summary_gap **gaps, size_t *count, struct bel_err *err)
{
	struct bel_summary_gap *gap;
	size_t n = 0, kept = 0;

	*gaps = NULL;
	*count = 0;
	for (uint64_t i = 0; i < s->pages; i++)
		n += s->page[i].unknown != 0;
	if (!s->any_region || !n)
		return 0;
	*gaps = gap = malloc(n * sizeof(*gap));
	if (!gap)
		return bel_err_memory(err, "pages in no region");
	n = 0;
	for (uint64_t i = 0; i < s->pages; i++) {
		if (s->page[i].unknown)
			gap[n++] = (struct bel_summary_gap){pages.granule[i].space,
				pages.granule[i].number, 1, s->page[i].unknown};
	}
	qsort(gap, n, sizeof(*gap), by_place);
	for (size_t i = 1; i < n; i++) {
		if (gap[i].space == gap[kept].space &&
			gap[i].first == gap[kept].first + gap[kept].pages) {
			gap[kept].pages++;
			gap[kept].references += gap[i].references;
		} else {
			gap[++kept] = gap[i];
		}
	}
	*count = kept + 1;
	qsort(gap, *count, sizeof(*gap), by_references);
	return 0;
}
