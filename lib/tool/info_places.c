/* SPDX-License-Identifier: MIT */
/* info_places.c: where a trace's references go: files and regions, gaps between them, marks. */
#include <math.h>
#include <stdlib.h>

#include "info_record.h"

enum { MOST_GAPS = 32 }; /* listed; behind them each is a trifle */

/* Indices of the mappings that have something to tell, most referenced first. */
static size_t sort_mappings(const struct bel_summary *s, uint32_t *order)
{
	size_t count = 0;

	for (uint32_t m = 0; m < s->map.mappings; m++) {
		size_t i = count;

		if (!s->mapping[m].mapped_bytes && !s->mapping[m].references)
			continue;
		for (; i && s->mapping[order[i - 1]].references < s->mapping[m].references; i--)
			order[i] = order[i - 1];
		order[i] = m;
		count++;
	}
	return count;
}

static int add_mappings(struct bel_record *r, const struct bel_summary *s, struct bel_err *err)
{
	uint32_t *const order = calloc(s->map.mappings + 1, sizeof(*order));
	size_t count;

	if (!order)
		return bel_err_memory(err, "mappings");
	count = sort_mappings(s, order);
	bel_record_open_array(r, "mappings");
	for (size_t i = 0; i < count; i++) {
		const struct bel_mapping *const what = &s->map.mapping[order[i]];
		const struct bel_summary_region *const counts = &s->mapping[order[i]];

		bel_record_open(r, NULL);
		bel_record_text(r, "region", bel_region_name((enum bel_region)what->region));
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
	bel_record_count(r, "unknown_ranges", count);
	bel_record_open_array(r, "unknown");
	for (size_t i = 0; i < count && i < MOST_GAPS; i++) {
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

	if (s->any_region)
		bel_record_count(r, "known_references", known);
	else
		bel_record_null(r, "known_references");
	bel_record_real(r, "known_ratio",
		s->any_region && s->references ? (double)known / (double)s->references : NAN);
}

static void add_marks(struct bel_record *r, const struct bel_summary *s)
{
	bel_record_open_array(r, "marks");
	for (size_t i = 0; i < s->marks; i++) {
		bel_record_open(r, NULL);
		bel_record_count(r, "reference", s->mark[i].reference);
		bel_record_count(r, "space", s->mark[i].space);
		bel_record_text(r, "name", s->mark[i].name);
		bel_record_close(r);
	}
	bel_record_close(r);
}

int info_add_places(struct bel_record *record, struct bel_granules pages,
	const struct bel_summary *summary, struct bel_err *err)
{
	add_known(record, summary);
	if (add_mappings(record, summary, err) < 0 || add_gaps(record, summary, pages, err) < 0)
		return BEL_FAIL;
	add_marks(record, summary);
	return 0;
}
