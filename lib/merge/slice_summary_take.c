/* SPDX-License-Identifier: MIT */
/* slice_summary_take.c: reads what the frame of a summary's file holds; every number is checked. */
#include "slice_summary_take.h"

#include <stdlib.h>
#include <string.h>

#include "granule_map.h"
#include "lru_stack.h"

enum { TEXT = 1 << 20 };

static char *take_text(struct bel_view *view)
{
	const uint64_t length = bel_view_varint(view);
	const uint8_t *const text = length <= TEXT ? bel_view_take(view, length) : NULL;

	if (!text || memchr(text, 0, length)) {
		view->failed = true;
		return NULL;
	}
	return strndup((const char *)text, length);
}

/* The pages, each listed once. */
static int take_pages(
	struct bel_view *view, struct bel_slice_summary *s, const char *name, struct bel_err *err)
{
	struct bel_granule_map map;
	uint64_t number = 0;
	int r = BEL_OK;

	for (uint64_t i = 0; i < s->pages && !view->failed;) {
		const uint64_t space = bel_view_varint(view), n = bel_view_varint(view);

		if (space > UINT32_MAX || !n || n > s->pages - i)
			return bel_slice_summary_damaged(name, "damaged: bad list of pages", err);
		for (uint64_t end = i + n; i < end; i++)
			s->page[i].space = (uint32_t)space;
	}
	if (bel_granule_map_init(&map, err) < 0)
		return BEL_FAIL;
	for (uint32_t i = 0; i < s->pages && r == BEL_OK; i++) {
		number += bel_unzigzag(bel_view_varint(view));
		s->page[i].number = number;
		if (bel_granule_number(&map, s->page[i].space, number, err) != i)
			r = err->code ? err->code
				      : bel_slice_summary_damaged(
						name, "damaged: a page is listed twice", err);
	}
	bel_granule_map_release(&map);
	return r;
}

static bool take_lru(struct bel_view *view, struct bel_slice_summary *s)
{
	uint64_t runs = s->pages;

	for (uint32_t i = 0; i < s->pages; i++)
		s->level[i] = 0; /* not met yet */
	for (uint32_t i = 0; i < s->pages; i++) {
		const uint64_t page = bel_view_varint(view);

		if (page >= s->pages || s->level[page]++)
			return false;
		s->stack[i] = (uint32_t)page;
	}
	for (uint32_t i = 0; i < s->pages; i++) {
		const uint64_t level = bel_view_varint(view);

		if (level > s->pages)
			return false;
		s->level[i] = level ? (uint32_t)level : BEL_CLEAN;
	}
	for (uint32_t i = 0; i < s->pages; i++) {
		const uint64_t entry = bel_view_varint(view);

		if (entry > s->pages)
			return false;
		s->entry[i] = (uint32_t)entry;
	}
	for (uint32_t d = 1; d <= s->pages; d++) {
		s->distance[d] = bel_view_varint(view);
		if (s->distance[d] > s->runs - runs)
			return false;
		runs += s->distance[d];
	}
	for (uint32_t d = 1; d <= s->pages; d++)
		s->writebacks[d] = (int64_t)bel_unzigzag(bel_view_varint(view));
	return runs == s->runs;
}

static bool take_gaps(struct bel_view *view, struct bel_slice_summary *s)
{
	struct bel_inter_reference_intervals *const gaps = &s->gaps;
	uint64_t runs = s->pages, gap = 0, step, edge;

	while ((step = bel_view_varint(view)) && !view->failed) {
		const uint64_t count = bel_view_varint(view);

		if (step >= BEL_GAPS_DIRECT - gap || !count || count > s->runs - runs)
			return false;
		gap += step;
		runs += count;
		bel_inter_reference_count(gaps, gap, count);
	}
	while ((edge = bel_view_varint(view)) != UINT64_MAX && !view->failed) {
		const uint64_t count = bel_view_varint(view);

		if (edge >= gaps->edges || gaps->between[edge] || !count || count > s->runs - runs)
			return false;
		runs += count;
		gaps->between[edge] = count;
		gaps->sum[edge] = bel_view_varint(view);
	}
	return runs == s->runs;
}

static bool take_windows(struct bel_view *view, struct bel_slice_summary *s)
{
	struct bel_inter_reference_intervals *const gaps = &s->gaps;
	uint64_t before = BEL_GAPS_EARLIEST;
	const uint64_t end = s->references + BEL_GAPS_EARLIEST;

	gaps->now = s->references;
	gaps->runs = s->runs;
	gaps->pages = s->pages;
	gaps->compulsory = s->pages;
	for (uint32_t i = 0; i < s->pages; i++) {
		const uint64_t step = bel_view_varint(view);

		if (step >= end - before || (i && !step))
			return false;
		before += step;
		s->first[i] = before;
	}
	for (uint32_t i = 0; i < s->pages; i++) {
		const uint64_t age = bel_view_varint(view);

		if (!age || age > end - s->first[i])
			return false;
		gaps->last[i] = end - age;
	}
	return take_gaps(view, s);
}

/* What stands before the pages. */
struct front {
	struct bel_slice_summary_trace trace;
	uint64_t references, runs, pages;
	struct bel_run_digest digest;
	uint32_t policies;
	bool weighs;
};

static int take_front(struct bel_view *view, struct front *f, const char *name, struct bel_err *err)
{
	uint64_t flags, bits, taus;

	f->trace.title = take_text(view);
	flags = bel_view_varint(view);
	f->trace.file = take_text(view);
	f->trace.policies = take_text(view);
	f->trace.checksum = bel_view_varint(view);
	bits = bel_view_varint(view);
	taus = bel_view_varint(view);
	if (view->failed || flags > 3 || bits > 63 || taus > (size_t)(view->end - view->data))
		return bel_slice_summary_damaged(
			name, "damaged: bad description of the trace", err);
	f->trace.page_bits = (uint32_t)bits;
	f->trace.taus = taus;
	f->trace.tau = calloc(taus + 1, sizeof(*f->trace.tau));
	if (!f->trace.tau || !f->trace.title || !f->trace.file || !f->trace.policies)
		return bel_err_memory(err, "a summary");
	for (size_t i = 0; i < taus; i++) {
		f->trace.tau[i] = bel_view_varint(view);
		if (i && f->trace.tau[i] <= f->trace.tau[i - 1])
			return bel_slice_summary_damaged(
				name, "damaged: windows are not ascending", err);
	}
	f->weighs = flags & 2;
	if (!(flags & 1)) {
		free(f->trace.file);
		f->trace.file = NULL;
	}
	f->references = bel_view_varint(view);
	f->runs = bel_view_varint(view);
	f->digest.value = bel_view_varint(view);
	f->digest.runs = bel_view_varint(view);
	f->pages = bel_view_varint(view);
	if (view->failed || f->runs > f->references || f->pages > f->runs ||
		f->digest.runs != f->runs || f->digest.value >> 63 ||
		f->pages > (size_t)(view->end - view->data) || f->pages >= UINT32_MAX - 2)
		return bel_slice_summary_damaged(
			name, "damaged: counts that contradict each other", err);
	return bel_slice_summary_policies(f->trace.policies, &f->policies, err);
}

static int take_weights(struct bel_view *view, struct bel_slice_summary *s, struct bel_err *err)
{
	if (bel_slice_summary_add_weights(s, err) < 0)
		return BEL_FAIL;
	for (uint32_t i = 0; i < s->pages; i++) {
		s->weight[i] = bel_view_varint(view);
		view->failed |= s->weight[i] >> 63;
	}
	return BEL_OK;
}

int bel_slice_summary_take(struct bel_view *view, struct bel_slice_summary **summary,
	const char *name, struct bel_err *err)
{
	struct front f = {.runs = 0};
	struct bel_slice_summary *s = NULL;
	int r = take_front(view, &f, name, err);

	if (r == BEL_OK)
		s = bel_slice_summary_new(
			(uint32_t)f.pages, f.policies, f.trace.tau, f.trace.taus, err);
	if (!s) {
		free(f.trace.title);
		free(f.trace.file);
		free(f.trace.policies);
		free(f.trace.tau);
		return err->code;
	}
	*summary = s;
	free(s->trace.tau);
	s->trace = f.trace;
	s->references = f.references;
	s->runs = f.runs;
	s->digest = f.digest;
	s->pages = (uint32_t)f.pages;
	if (take_pages(view, s, name, err) < 0 || (f.weighs && take_weights(view, s, err) < 0))
		return err->code;
	if ((f.policies & BEL_SLICE_LRU && !take_lru(view, s)) ||
		(f.policies & BEL_SLICE_WINDOWS && !take_windows(view, s)) || view->failed ||
		view->data != view->end)
		return bel_slice_summary_damaged(
			name, "damaged: counts that contradict each other", err);
	return BEL_OK;
}
