/* SPDX-License-Identifier: MIT */
/*
 * slice_summary_join.c: joins the summaries of two slices that follow each other.
 *
 * Only the first reference to a page behind can have a longer distance than it had in its slice
 * alone. That distance is the number of pages that the front used after its own last reference to
 * the page and the slice behind did not use before, plus those that the slice behind did use. So a
 * join looks at each page once: O(pages behind x log(pages in front)).
 */
#include <stdlib.h>
#include <string.h>

#include "granule_map.h"
#include "lru_stack.h"
#include "rank_bitmap.h"
#include "slice_summary.h"

struct join {
	struct bel_slice_summary *front, *sum;
	const struct bel_slice_summary *behind;
	struct bel_granule_map map;     /* pages in front */
	struct bel_rank_bitmap waiting; /* by place in the stack, deepest first: not met behind */
	uint32_t *place;                /* of each page in front */
	uint32_t *number;               /* of each page behind, in the sum */
};

static const char *named(const struct bel_slice_summary *s)
{
	return s->name ? s->name : s->trace.title;
}

static bool same_windows(const struct bel_slice_summary *one, const struct bel_slice_summary *other)
{
	return one->trace.taus == other->trace.taus &&
	       memcmp(one->trace.tau, other->trace.tau,
		       one->trace.taus * sizeof(*one->trace.tau)) == 0;
}

/* BEL_FAIL with the names of the two and why they cannot be parts of one trace. */
static int check_trace(const struct bel_slice_summary *one, const struct bel_slice_summary *other,
	struct bel_err *err)
{
	const char *why = NULL;

	if (strcmp(one->trace.title, other->trace.title) != 0 ||
		one->trace.checksum != other->trace.checksum || !one->weight != !other->weight)
		why = "they are of different traces";
	else if (one->trace.page_bits != other->trace.page_bits)
		why = "their pages have different sizes";
	else if (strcmp(one->trace.policies, other->trace.policies) != 0)
		why = "they count different policies";
	else if (!same_windows(one, other))
		why = "they count different windows";
	return why ? bel_fail(err, "%s and %s cannot be joined: %s", named(one), named(other), why)
		   : BEL_OK;
}

static int check_fit(const struct bel_slice_summary *front, const struct bel_slice_summary *behind,
	struct bel_err *err)
{
	const uint64_t end = front->to, begin = behind->from;

	if (end == begin)
		return BEL_OK;
	if (end < begin && begin == UINT64_MAX)
		return bel_fail(err,
			"no summary has the references from %llu on: %s ends there, and %s is "
			"empty, behind the end of the trace",
			(unsigned long long)end, named(front), named(behind));
	if (end < begin)
		return bel_fail(err,
			"no summary has the references from %llu up to %llu, between "
			"%s and %s",
			(unsigned long long)end, (unsigned long long)begin, named(front),
			named(behind));
	return bel_fail(err, "%s and %s overlap: both have reference %llu", named(front),
		named(behind), (unsigned long long)begin);
}

/* ---- pages ---- */

/* Finds the pages in front by address. */
static int map_front(struct join *j, struct bel_err *err)
{
	const struct bel_slice_summary *const front = j->front;

	if (bel_granule_map_init(&j->map, err) < 0)
		return BEL_FAIL;
	for (uint32_t i = 0; i < front->pages; i++) {
		const struct bel_granule *const page = &front->page[i];

		if (bel_granule_number(&j->map, page->space, page->number, err) != i)
			return err->code ? err->code
					 : bel_fail(err, "%s: damaged: a page is listed twice",
						   named(front));
	}
	return BEL_OK;
}

/* Numbers the pages behind: as in front, or after these. Returns the number of pages, or 0. */
static uint32_t number_pages(struct join *j)
{
	uint32_t pages = j->front->pages;

	for (uint32_t i = 0; i < j->behind->pages; i++) {
		const struct bel_granule *const page = &j->behind->page[i];
		const uint32_t known = bel_granule_find(&j->map, page->space, page->number);

		j->number[i] = known != BEL_GRANULE_NONE ? known : pages++;
	}
	return pages;
}

static int begin(struct join *j, struct bel_err *err)
{
	const struct bel_slice_summary *const front = j->front, *const behind = j->behind;
	uint32_t pages;

	if ((uint64_t)front->pages + behind->pages >= UINT32_MAX - 2)
		return bel_fail(err, "%s and %s have too many pages to be joined", named(front),
			named(behind));
	j->number = calloc((size_t)behind->pages + 1, sizeof(*j->number));
	if (!j->number)
		return bel_err_memory(err, "summaries");
	if (map_front(j, err) < 0)
		return err->code;
	pages = number_pages(j);
	j->sum = bel_slice_summary_new(
		pages, front->policies, front->trace.tau, front->trace.taus, err);
	if (!j->sum)
		return BEL_FAIL;
	j->sum->pages = pages;
	memcpy(j->sum->page, front->page, front->pages * sizeof(*front->page));
	for (uint32_t i = 0; i < behind->pages; i++)
		j->sum->page[j->number[i]] = behind->page[i];
	return BEL_OK;
}

/* ---- LRU ---- */

static int begin_stack(struct join *j, struct bel_err *err)
{
	const struct bel_slice_summary *const front = j->front;

	j->place = calloc((size_t)front->pages + 1, sizeof(*j->place));
	if (!j->place)
		return bel_err_memory(err, "summaries");
	if (bel_rank_bitmap_init(&j->waiting, (size_t)front->pages + 1, err) < 0)
		return BEL_FAIL;
	for (uint32_t depth = 0; depth < front->pages; depth++) {
		const uint32_t place = front->pages - 1 - depth;

		j->place[front->stack[depth]] = place;
		bel_rank_bitmap_set(&j->waiting, place);
	}
	return BEL_OK;
}

/*
 * Page i behind is page n in front, and its first reference behind is at distance d of the joined
 * slices. (The names are those of lru_stack.h.)
 */
static void join_page(struct join *j, uint32_t i, uint32_t n, uint32_t d)
{
	const struct bel_slice_summary *const front = j->front, *const behind = j->behind;
	struct bel_slice_summary *const sum = j->sum;
	const uint32_t entry = d > behind->entry[i] ? d : behind->entry[i];
	const uint32_t level = front->level[n];

	sum->distance[d]++;
	sum->entry[n] = front->entry[n];
	if (level == BEL_CLEAN) {
		if (entry > sum->entry[n])
			sum->entry[n] = entry;
		sum->level[n] = behind->level[i];
		return;
	}
	if (entry > level) {
		sum->writebacks[level]++;
		sum->writebacks[entry]--;
	}
	sum->level[n] = behind->level[i] != BEL_CLEAN ? behind->level[i]
			: entry > level               ? entry
						      : level;
}

static void join_pages(struct join *j)
{
	const struct bel_slice_summary *const front = j->front, *const behind = j->behind;
	struct bel_slice_summary *const sum = j->sum;

	memcpy(sum->level, front->level, front->pages * sizeof(*sum->level));
	memcpy(sum->entry, front->entry, front->pages * sizeof(*sum->entry));
	for (uint32_t i = 0; i < behind->pages; i++) {
		const uint32_t n = j->number[i];

		if (n < front->pages) {
			const uint32_t place = j->place[n];
			const size_t above =
				bel_rank_bitmap_behind(&j->waiting, place, front->pages);

			bel_rank_bitmap_unset(&j->waiting, place);
			join_page(j, i, n, (uint32_t)above + i + 1);
		} else {
			sum->level[n] = behind->level[i];
			sum->entry[n] = behind->entry[i];
		}
	}
}

/* The stack behind, then the pages in front that were not used behind. */
static void join_stacks(struct join *j)
{
	const struct bel_slice_summary *const front = j->front, *const behind = j->behind;
	uint32_t depth = 0;

	for (uint32_t i = 0; i < behind->pages; i++)
		j->sum->stack[depth++] = j->number[behind->stack[i]];
	for (uint32_t i = 0; i < front->pages; i++) {
		const uint32_t place = front->pages - 1 - i;

		if (j->waiting.word[place / 64] >> place % 64 & 1)
			j->sum->stack[depth++] = front->stack[i];
	}
}

static int join_lru(struct join *j, struct bel_err *err)
{
	const struct bel_slice_summary *const part[] = {j->front, j->behind};

	if (begin_stack(j, err) < 0)
		return BEL_FAIL;
	for (unsigned k = 0; k < 2; k++)
		for (size_t d = 1; d <= part[k]->pages; d++) {
			j->sum->distance[d] += part[k]->distance[d];
			j->sum->writebacks[d] += part[k]->writebacks[d];
		}
	join_pages(j);
	join_stacks(j);
	return BEL_OK;
}

/* ---- windows ---- */

static void join_gaps(struct join *j)
{
	const struct bel_slice_summary *const front = j->front, *const behind = j->behind;
	struct bel_slice_summary *const sum = j->sum;
	const uint64_t shift = front->gaps.now;

	bel_inter_reference_add(&sum->gaps, &front->gaps);
	bel_inter_reference_add(&sum->gaps, &behind->gaps);
	sum->gaps.pages = sum->pages;
	sum->gaps.compulsory = sum->pages;
	memcpy(sum->first, front->first, front->pages * sizeof(*sum->first));
	memcpy(sum->gaps.last, front->gaps.last, front->pages * sizeof(*sum->gaps.last));
	for (uint32_t i = 0; i < behind->pages; i++) {
		const uint32_t n = j->number[i];

		if (n < front->pages)
			bel_inter_reference_count(
				&sum->gaps, shift + behind->first[i] - front->gaps.last[n], 1);
		else
			sum->first[n] = shift + behind->first[i];
		sum->gaps.last[n] = shift + behind->gaps.last[i];
	}
}

/* ---- the whole ---- */

/*
 * The digest as if the pages behind had had the numbers of the sum. In the digest behind, they are
 * numbered as in its list.
 */
static int join_digests(struct join *j, struct bel_err *err)
{
	const struct bel_slice_summary *const front = j->front, *const behind = j->behind;
	struct bel_slice_summary *const sum = j->sum;
	struct bel_run_digest digest = behind->digest;

	sum->digest = front->digest;
	if (front->weight) {
		if (bel_slice_summary_add_weights(sum, err) < 0)
			return BEL_FAIL;
		for (uint32_t i = 0; i < front->pages; i++)
			sum->weight[i] = bel_run_weight_shift(front->weight[i], behind->runs);
		for (uint32_t i = 0; i < behind->pages; i++) {
			const uint32_t n = j->number[i];

			bel_run_digest_renumber(&digest, behind->weight[i], (int64_t)n - i);
			sum->weight[n] = bel_run_weight_sum(sum->weight[n], behind->weight[i]);
		}
	}
	bel_run_digest_join(&sum->digest, &digest);
	return BEL_OK;
}

/* The front gets what the sum has; the sum gets what the front had, to be freed. */
static void exchange(struct bel_slice_summary *front, struct bel_slice_summary *sum)
{
	struct bel_slice_summary old = *front;

	*front = *sum;
	front->trace = old.trace;
	front->name = old.name;
	front->from = old.from;
	old.trace = sum->trace;
	old.name = NULL;
	*sum = old;
}

static int join(struct join *j, struct bel_err *err)
{
	const struct bel_slice_summary *const behind = j->behind;
	struct bel_slice_summary *const front = j->front;
	int r = begin(j, err);

	if (r == BEL_OK && front->policies & BEL_SLICE_LRU)
		r = join_lru(j, err);
	if (r < 0)
		return r;
	if (front->policies & (BEL_SLICE_WS | BEL_SLICE_VMIN))
		join_gaps(j);
	j->sum->to = behind->to;
	j->sum->references = front->references + behind->references;
	j->sum->runs = front->runs + behind->runs;
	if (join_digests(j, err) < 0)
		return BEL_FAIL;
	exchange(front, j->sum);
	return BEL_OK;
}

int bel_slice_summary_join(struct bel_slice_summary *front, const struct bel_slice_summary *behind,
	struct bel_err *err)
{
	struct join j = {.front = front, .behind = behind};
	int r = check_trace(front, behind, err);

	if (r == BEL_OK)
		r = check_fit(front, behind, err);
	if (r == BEL_OK)
		r = join(&j, err);
	bel_slice_summary_free(j.sum);
	if (j.map.slot)
		bel_granule_map_release(&j.map);
	if (j.waiting.word)
		bel_rank_bitmap_release(&j.waiting);
	free(j.place);
	free(j.number);
	return r;
}
