/* SPDX-License-Identifier: MIT */
/* info_regions.c: references by region and by file, pages outside any region, marks. */
#include <math.h>
#include <stdlib.h>

#include "info_record.h"

enum { MAX_GAPS = 32 }; /* listed; further ones have few references */

static bool told(const struct bel_summary_region *mapping)
{
	return mapping->mapped_bytes || mapping->references;
}

/* Most referenced first; with equal references, in order of appearance. */
static int by_references(const void *left, const void *right)
{
	const struct bel_summary_region *const *const a = left, *const *const b = right;

	if ((*a)->references != (*b)->references)
		return (*a)->references > (*b)->references ? -1 : 1;
	return *a < *b ? -1 : *a > *b;
}

static int add_mappings(struct bel_record *r, const struct bel_summary *s, struct bel_err *err)
{
	const struct bel_summary_region **const order = calloc(s->map.mappings + 1, sizeof(*order));
	size_t count = 0;

	if (!order)
		return bel_err_memory(err, "mappings");
	for (uint32_t m = 0; m < s->map.mappings; m++) {
		if (told(&s->mapping[m]))
			order[count++] = &s->mapping[m];
	}
	qsort(order, count, sizeof(*order), by_references);
	bel_record_open_array(r, "mappings");
	for (size_t i = 0; i < count && i < BEL_INFO_MAX; i++) {
		const struct bel_summary_region *const counts = order[i];
		const struct bel_mapping *const what = &s->map.mapping[counts - s->mapping];

		bel_record_open(r, NULL);
		bel_record_text(r, "region", bel_region_name((enum bel_region_kind)what->kind));
		bel_record_count(r, "references", counts->references);
		bel_record_count(r, "pages", counts->pages);
		bel_record_count(r, "peak_mapped_bytes", counts->mapped_bytes);
		bel_record_text(r, "name", what->name);
		bel_record_close(r);
	}
	bel_record_close(r);
	free(order);
	return 0;
}

static int add_gaps(struct bel_record *r, const struct bel_summary *s, struct bel_granules pages,
	struct bel_err *err)
{
	struct bel_summary_gap *gap;
	size_t count;

	if (bel_summary_gaps(s, pages, &gap, &count, err) < 0)
		return BEL_FAIL;
	bel_record_count(r, "unknown_range_count", count);
	bel_record_open_array(r, "unknown");
	for (size_t i = 0; i < count && i < MAX_GAPS; i++) {
		bel_record_open(r, NULL);
		bel_record_count(r, "space", gap[i].space);
		bel_record_address(r, "start", gap[i].first << s->page_bits);
		bel_record_count(r, "bytes", gap[i].pages << s->page_bits);
		bel_record_count(r, "references", gap[i].references);
		bel_record_close(r);
	}
	bel_record_close(r);
	free(gap);
	return 0;
}

static void add_known(struct bel_record *r, const struct bel_summary *s)
{
	const uint64_t known = s->references - s->region[BEL_REGION_UNKNOWN].references;

	bel_record_count_or_null(r, "known_references", known, s->any_region);
	bel_record_real(r, "known_ratio",
		s->any_region && s->references ? (double)known / (double)s->references : NAN);
}

static void add_marks(struct bel_record *r, const struct bel_summary *s)
{
	bel_record_open_array(r, "marks");
	for (size_t i = 0; i < s->marks.count; i++) {
		const struct bel_mark_place *const mark = &s->marks.mark[i];

		bel_record_open(r, NULL);
		bel_record_count(r, "reference", mark->reference);
		bel_record_count(r, "space", mark->space);
		bel_record_text(r, "name", mark->name);
		bel_record_close(r);
	}
	bel_record_close(r);
}

int bel_info_add_regions(struct bel_record *record, struct bel_granules pages,
	const struct bel_summary *summary, struct bel_err *err)
{
	add_known(record, summary);
	if (add_mappings(record, summary, err) < 0 || add_gaps(record, summary, pages, err) < 0)
		return BEL_FAIL;
	add_marks(record, summary);
	return 0;
}

void bel_info_add_totals(struct bel_record *record, const struct bel_summary *summary)
{
	uint64_t spaces = 0, mappings = 0;

	for (uint32_t i = 0; i < summary->spaces; i++)
		spaces += bel_summary_lists(summary, &summary->space[i]);
	for (uint32_t m = 0; m < summary->map.mappings; m++)
		mappings += told(&summary->mapping[m]);
	bel_record_count(record, "process_count", spaces);
	bel_record_count(record, "mapping_count", mappings);
	bel_record_count(record, "mark_count", summary->marks.all);
}
