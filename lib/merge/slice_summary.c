/* SPDX-License-Identifier: MIT */
/* slice_summary.c: the summary of a slice: makes it from a source, and curves from it. */
#include "slice_summary.h"

#include <stdlib.h>
#include <string.h>

#include "lru_counts.h"
#include "lru_stack.h"
#include "windows_curve.h"

/* ---- memory ---- */

static int allocate(struct bel_slice_summary *s, uint32_t pages)
{
	const size_t count = (size_t)pages + 2;
	bool fine;

	s->page = calloc(count, sizeof(*s->page));
	fine = s->page != NULL;
	if (s->policies & BEL_SLICE_LRU) {
		s->stack = calloc(count, sizeof(*s->stack));
		s->level = calloc(count, sizeof(*s->level));
		s->entry = calloc(count, sizeof(*s->entry));
		s->distance = calloc(count, sizeof(*s->distance));
		s->writebacks = calloc(count, sizeof(*s->writebacks));
		fine = fine && s->stack && s->level && s->entry && s->distance && s->writebacks;
	}
	if (s->policies & BEL_SLICE_WINDOWS) {
		s->first = calloc(count, sizeof(*s->first));
		s->gaps.last = calloc(count, sizeof(*s->gaps.last));
		s->gaps.capacity = pages;
		fine = fine && s->first && s->gaps.last;
	}
	return fine ? BEL_OK : BEL_FAIL;
}

struct bel_slice_summary *bel_slice_summary_new(
	uint32_t pages, uint32_t policies, const uint64_t *tau, size_t taus, struct bel_err *err)
{
	const struct bel_curve_setup edges = {.x = tau, .count = taus};
	struct bel_slice_summary *const s = calloc(1, sizeof(*s));

	if (!s) {
		bel_err_memory(err, "a summary");
		return NULL;
	}
	s->policies = policies;
	s->trace.tau = calloc(taus + 1, sizeof(*tau));
	if (!s->trace.tau ||
		(policies & BEL_SLICE_WINDOWS &&
			bel_inter_reference_init(&s->gaps, &edges, err) < 0) ||
		allocate(s, pages) < 0) {
		bel_slice_summary_free(s);
		bel_err_memory(err, "a summary");
		return NULL;
	}
	if (taus)
		memcpy(s->trace.tau, tau, taus * sizeof(*tau));
	s->trace.taus = taus;
	return s;
}

int bel_slice_summary_add_weights(struct bel_slice_summary *s, struct bel_err *err)
{
	s->weight = calloc((size_t)s->pages + 1, sizeof(*s->weight));
	return s->weight ? BEL_OK : bel_err_memory(err, "a summary");
}

void bel_slice_summary_free(struct bel_slice_summary *s)
{
	if (!s)
		return;
	free(s->trace.title);
	free(s->trace.file);
	free(s->trace.policies);
	free(s->trace.tau);
	free(s->name);
	free(s->page);
	free(s->weight);
	free(s->stack);
	free(s->level);
	free(s->entry);
	free(s->distance);
	free(s->writebacks);
	free(s->first);
	bel_inter_reference_release(&s->gaps);
	free(s);
}

/* ---- from a source ---- */

struct collector {
	struct bel_lru_stack *stack; /* in memory that is aligned for it */
	struct bel_inter_reference_intervals gaps;
	uint32_t policies;
	bool weighs; /* the pages have numbers of their own */
	uint64_t *weight, factor;
	uint32_t weights;
};

int bel_slice_summary_policies(const char *text, uint32_t *policies, struct bel_err *err)
{
	static const char *const name[] = {"lru", "ws", "vmin"};
	char *const copy = strdup(text);
	char *rest = NULL;
	int r = copy ? BEL_OK : bel_err_memory(err, "policies");

	*policies = 0;
	for (char *one = copy ? strtok_r(copy, ",", &rest) : NULL; one && r == BEL_OK;
		one = strtok_r(NULL, ",", &rest)) {
		unsigned k = 0;

		while (k < 3 && strcmp(one, name[k]) != 0)
			k++;
		if (k == 3)
			r = bel_usage(err,
				"--summary: '%s': only lru, ws and vmin (without parameters) have "
				"summaries that can be joined",
				one);
		else if (*policies & 1u << k)
			r = bel_usage(err, "--policies: '%s' is given twice", one);
		else
			*policies |= 1u << k;
	}
	free(copy);
	return r == BEL_OK && !*policies ? bel_usage(err, "--policies: the list is empty") : r;
}

static int weigh(
	struct collector *c, const struct bel_chunk *chunk, uint32_t pages, struct bel_err *err)
{
	if (pages > c->weights) {
		const uint32_t capacity = pages + pages / 2;
		uint64_t *const grown = reallocarray(c->weight, capacity, sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "a summary");
		memset(grown + c->weights, 0, (capacity - c->weights) * sizeof(*grown));
		c->weight = grown;
		c->weights = capacity;
	}
	bel_run_weights_add(c->weight, &c->factor, chunk->runs, chunk->count);
	return BEL_OK;
}

static int feed(
	struct collector *c, const struct bel_chunk *chunk, uint32_t pages, struct bel_err *err)
{
	const struct bel_batch batch = {
		.runs = chunk->runs, .count = chunk->count, .now = chunk->now};

	if (c->weighs && weigh(c, chunk, pages, err) < 0)
		return BEL_FAIL;
	if (c->policies & BEL_SLICE_LRU) {
		struct bel_lru_stack *const stack = c->stack;

		if (bel_lru_stack_reserve(stack, pages, err) < 0 ||
			(!stack->entry && bel_lru_stack_keep_entries(stack, err) < 0))
			return BEL_FAIL;
		if ((stack->timed ? bel_lru_stack_feed_avx512(stack, &batch, err)
				  : bel_lru_stack_feed(stack, &batch, err)) < 0)
			return BEL_FAIL;
	}
	return c->policies & BEL_SLICE_WINDOWS
		       ? bel_inter_reference_feed(&c->gaps, &batch, pages, err)
		       : BEL_OK;
}

static int read_all(struct collector *c, const struct bel_slice_summary_setup *setup,
	struct bel_source *source, struct bel_err *err)
{
	struct bel_chunk chunk;
	uint64_t references = 0;
	int r;

	while ((r = bel_source_next(source, &chunk, err)) > 0) {
		if (setup->stop && *setup->stop)
			return bel_fail(err, "interrupted: no summary is written");
		r = feed(c, &chunk, bel_source_pages(source).count, err);
		if (r < 0)
			return r;
		references += chunk.references;
		if (setup->progress)
			setup->progress(
				setup->progress_host, references, bel_source_fraction(source));
	}
	return r;
}

/* Pages in order of depth, most recent first; by the numbers of the source. */
static int list_stack(const struct bel_lru_stack *from, uint32_t *stack, struct bel_err *err)
{
	uint32_t *const at = malloc((from->next + 1) * sizeof(*at));
	size_t count = 0;

	if (!at)
		return bel_err_memory(err, "a summary");
	for (unsigned k = 0; k < BEL_NEAR; k++)
		if (from->page[k] != BEL_NO_PAGE) {
			stack[bel_lru_stack_near_depth(from, k) - 1] = from->page[k];
			count++;
		}
	memset(at, 0xff, (from->next + 1) * sizeof(*at));
	for (uint32_t page = 0; page < from->pages; page++)
		if (from->place[page])
			at[from->place[page] - 1] = page;
	for (size_t place = from->next; place-- > 0;)
		if (at[place] != BEL_NO_PAGE)
			stack[count++] = at[place];
	free(at);
	return BEL_OK;
}

/* The number of each page in the order of first references; by the number of the source. */
static uint32_t *rank(const uint32_t *first, uint32_t count, uint32_t pages, struct bel_err *err)
{
	uint32_t *const number = malloc(((size_t)pages + 1) * sizeof(*number));

	if (!number)
		bel_err_memory(err, "a summary");
	for (uint32_t i = 0; number && i < count; i++)
		number[first[i]] = i;
	return number;
}

static int take_lru(struct bel_slice_summary *s, struct bel_lru_stack *from, const uint32_t *first,
	struct bel_err *err)
{
	uint32_t *number;

	if (!s->pages)
		return BEL_OK;
	number = rank(first, s->pages, from->pages, err);
	if (!number || list_stack(from, s->stack, err) < 0) {
		free(number);
		return BEL_FAIL;
	}
	for (uint32_t i = 0; i < s->pages; i++) {
		s->stack[i] = number[s->stack[i]];
		s->level[i] = from->level[first[i]];
		s->entry[i] = from->entry[first[i]];
	}
	free(number);
	bel_lru_stack_join_near(from);
	for (size_t d = 1; d <= s->pages; d++) {
		s->distance[d] = from->distance[d];
		s->writebacks[d] = from->step[d];
	}
	return BEL_OK;
}

static void take_gaps(struct bel_slice_summary *s, struct bel_inter_reference_intervals *from,
	const uint32_t *first)
{
	for (uint32_t i = 0; i < s->pages; i++) {
		s->first[i] = from->first[first[i]];
		s->gaps.last[i] = from->last[first[i]];
	}
	bel_inter_reference_add(&s->gaps, from);
	s->gaps.pages = s->pages;
	s->gaps.compulsory = from->compulsory;
}

static int take_weights(struct bel_slice_summary *s, const struct collector *c,
	const uint32_t *first, struct bel_err *err)
{
	if (!c->weighs)
		return BEL_OK;
	if (bel_slice_summary_add_weights(s, err) < 0)
		return BEL_FAIL;
	for (uint32_t i = 0; i < s->pages; i++)
		s->weight[i] = bel_run_weight_shift(c->weight[first[i]], s->runs - 1);
	return BEL_OK;
}

static char *copy_text(const char *text)
{
	return text ? strdup(text) : NULL;
}

static int identify(struct bel_slice_summary *s, const struct bel_slice_summary_setup *setup,
	const struct bel_source *source, struct bel_err *err)
{
	const struct bel_source_range range = bel_source_range(source);
	const char *const file = bel_source_file(source);

	s->from = range.from;
	s->to = range.to;
	s->trace.checksum = range.checksum;
	s->trace.title = copy_text(bel_source_title(source));
	s->trace.file = copy_text(file);
	s->trace.policies = copy_text(setup->policies);
	s->trace.page_bits = bel_source_page_bits(source);
	s->digest = bel_source_run_digest(source);
	return s->trace.title && s->trace.policies && (s->trace.file || !file)
		       ? BEL_OK
		       : bel_err_memory(err, "a summary");
}

static int take(struct bel_slice_summary **summary, struct collector *c,
	const struct bel_slice_summary_setup *setup, struct bel_source *source, struct bel_err *err)
{
	const bool lru = c->policies & BEL_SLICE_LRU;
	const uint32_t *const first = lru ? c->stack->first : c->gaps.order;
	const uint32_t pages = (uint32_t)(lru ? c->stack->compulsory : c->gaps.compulsory);
	const struct bel_granules known = bel_source_pages(source);
	struct bel_slice_summary *const s =
		bel_slice_summary_new(pages, c->policies, setup->tau, setup->taus, err);
	int r = BEL_OK;

	*summary = s;
	if (!s)
		return BEL_FAIL;
	s->pages = pages;
	s->references = lru ? c->stack->references : c->gaps.now;
	s->runs = lru ? c->stack->runs : c->gaps.runs;
	for (uint32_t i = 0; i < pages; i++)
		s->page[i] = known.granule[first[i]];
	if (lru)
		r = take_lru(s, c->stack, first, err);
	if (r == BEL_OK && c->policies & BEL_SLICE_WINDOWS)
		take_gaps(s, &c->gaps, first);
	if (r == BEL_OK)
		r = take_weights(s, c, first, err);
	return r == BEL_OK ? identify(s, setup, source, err) : r;
}

int bel_slice_summary_collect(struct bel_slice_summary **summary,
	const struct bel_slice_summary_setup *setup, struct bel_source *source, struct bel_err *err)
{
	const struct bel_curve_setup edges = {.x = setup->tau, .count = setup->taus};
	struct collector c = {.weighs = bel_source_is_slice(source), .factor = 1};
	int r = bel_slice_summary_policies(setup->policies, &c.policies, err);

	*summary = NULL;
	if (r < 0)
		return r;
	c.stack = aligned_alloc(64, (sizeof(*c.stack) + 63) / 64 * 64);
	if (!c.stack)
		return bel_err_memory(err, "a summary");
	r = bel_lru_stack_init(c.stack, setup->portable, err);
	if (r == BEL_OK)
		r = bel_inter_reference_init(&c.gaps, &edges, err);
	c.gaps.slice = true;
	if (r == BEL_OK)
		r = read_all(&c, setup, source, err);
	if (r == BEL_OK)
		r = take(summary, &c, setup, source, err);
	bel_lru_stack_release(c.stack);
	bel_inter_reference_release(&c.gaps);
	free(c.stack);
	free(c.weight);
	if (r < 0) {
		bel_slice_summary_free(*summary);
		*summary = NULL;
	}
	return r;
}

/* ---- curves ---- */

bool bel_slice_summary_complete(const struct bel_slice_summary *s)
{
	return s->from == 0 && s->to == UINT64_MAX;
}

static int lru_curve(const struct bel_slice_summary *s, const struct bel_curve_setup *setup,
	struct bel_curve *curve, struct bel_err *err)
{
	const size_t count = (size_t)s->pages + 2;
	struct bel_lru_counts counts = {
		.references = s->references,
		.runs = s->runs,
		.compulsory = s->pages,
		.pages = s->pages,
		.distance = s->distance,
	};
	int64_t *const writebacks = malloc(count * sizeof(*writebacks));
	int64_t *const dirty = calloc(count, sizeof(*dirty));
	int r;

	if (writebacks && dirty) {
		memcpy(writebacks, s->writebacks, count * sizeof(*writebacks));
		for (uint32_t i = 0; i < s->pages; i++)
			bel_lru_count_left(writebacks, dirty, s->level[s->stack[i]], i + 1);
		counts.writebacks = writebacks;
		counts.dirty = dirty;
		r = bel_lru_counts_curve(&counts, setup, curve, err);
	} else {
		r = bel_err_memory(err, "a curve");
	}
	free(writebacks);
	free(dirty);
	return r;
}

int bel_slice_summary_curve(const struct bel_slice_summary *s, const char *policy,
	const struct bel_curve_setup *setup, struct bel_curve *curve, struct bel_err *err)
{
	const bool lru = !strcmp(policy, "lru"), vmin = !strcmp(policy, "vmin");
	int r;

	if (lru ? !s->stack : !s->first)
		return bel_usage(err, "%s: not counted in the summaries", policy);
	if (lru)
		return lru_curve(s, setup, curve, err);
	r = bel_windows_curve(&s->gaps, setup, vmin, curve, err);
	curve->policy = vmin ? "vmin" : "ws";
	return r;
}
