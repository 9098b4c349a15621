/* SPDX-License-Identifier: MIT */
/*
 * gen_random.c: models with locality: phases, and LRU stack distances.
 */
#include <math.h>
#include <stdlib.h>

#include "gen_model.h"

/*
 * Phases: during a phase all references go to one locality of `locality`
 * consecutive pages; the next phase draws another locality. After each reference
 * the phase ends with the same probability, so its length is geometric.
 */
struct phases {
	uint64_t pages, locality;
	double mean;
	uint64_t first; /* first page of the locality */
	uint64_t left;  /* references left in the phase */
};

static void *create_phases(const struct bel_gen_setup *setup, struct bel_err *err)
{
	struct phases *p;

	if (setup->locality > setup->pages) {
		bel_usage(err, "a locality of %llu pages does not fit into %llu pages",
			(unsigned long long)setup->locality, (unsigned long long)setup->pages);
		return NULL;
	}
	p = calloc(1, sizeof(*p));
	if (!p) {
		bel_err_memory(err, "the generator");
		return NULL;
	}
	p->pages = setup->pages;
	p->locality = setup->locality;
	p->mean = (double)setup->phase;
	return p;
}

/* A geometric random number with that mean, at least 1. */
static uint64_t phase_length(double mean, struct bel_rng *rng)
{
	const double length = mean <= 1 ? 1 : 1 + log1p(-bel_rng_real(rng)) / log1p(-1 / mean);

	return length >= 0x1p63 ? (uint64_t)1 << 63 : (uint64_t)length;
}

static void fill_phases(
	void *state, struct bel_rng *rng, uint64_t now, struct bel_access *access, size_t n)
{
	struct phases *const p = state;

	(void)now;
	for (size_t i = 0; i < n; i++) {
		if (!p->left) {
			p->first = bel_rng_below(rng, p->pages - p->locality + 1);
			p->left = phase_length(p->mean, rng);
		}
		p->left--;
		access[i].address = p->first + bel_rng_below(rng, p->locality);
	}
}

/*
 * The LRU stack model (Spirn and Denning 1972): each reference is to the page at
 * depth d of the LRU stack, with d drawn from a fixed distribution. Pages are in
 * slots ordered by last use; a used page moves to the slot after all others.
 * A Fenwick tree over words of 64 slots finds the d-th taken slot from the end.
 */
struct stack {
	struct bel_alias depth;
	uint32_t *page;  /* page in each slot */
	uint64_t *taken; /* one bit per slot */
	uint32_t *tree;  /* Fenwick tree: number of taken slots in words */
	uint32_t pages;
	uint32_t words; /* a power of two */
	uint64_t next;  /* first slot that was never used */
};

/* `by` may be -1, given as UINT32_MAX: unsigned sums wrap. */
static void tree_add(struct stack *s, uint32_t word, uint32_t by)
{
	for (uint32_t i = word + 1; i <= s->words; i += i & -i)
		s->tree[i] += by;
}

/* Moves all pages into the lowest slots, oldest first. */
static void renumber(struct stack *s)
{
	uint64_t kept = 0;

	for (uint32_t w = 0; w < s->words; w++) {
		for (uint64_t bits = s->taken[w]; bits; bits &= bits - 1)
			s->page[kept++] = s->page[(uint64_t)w * 64 + __builtin_ctzll(bits)];
	}
	for (uint32_t w = 0; w < s->words; w++) {
		const uint64_t from = (uint64_t)w * 64;

		s->taken[w] = kept >= from + 64 ? UINT64_MAX
			      : kept > from     ? (UINT64_C(1) << (kept - from)) - 1
						: 0;
		s->tree[w + 1] = 0;
	}
	for (uint32_t i = 1; i <= s->words; i++) {
		const uint32_t above = i + (i & -i);

		s->tree[i] += (uint32_t)__builtin_popcountll(s->taken[i - 1]);
		if (above <= s->words)
			s->tree[above] += s->tree[i];
	}
	s->next = kept;
}

/* The slot of the page with rank `rank` by age; 0 is the oldest. */
static uint64_t find_slot(const struct stack *s, uint32_t rank)
{
	uint32_t word = 0;
	uint64_t bits;

	for (uint32_t step = s->words; step; step >>= 1) {
		if (word + step <= s->words && s->tree[word + step] <= rank) {
			word += step;
			rank -= s->tree[word];
		}
	}
	bits = s->taken[word];
	while (rank--)
		bits &= bits - 1;
	return (uint64_t)word * 64 + (unsigned)__builtin_ctzll(bits);
}

static void destroy_stack(void *state)
{
	struct stack *const s = state;

	bel_alias_release(&s->depth);
	free(s->page);
	free(s->taken);
	free(s->tree);
	free(s);
}

static void *create_stack(const struct bel_gen_setup *setup, struct bel_err *err)
{
	struct stack *const s = calloc(1, sizeof(*s));
	uint64_t slots = 128;

	if (!s) {
		bel_err_memory(err, "the generator");
		return NULL;
	}
	while (slots < 2 * setup->pages)
		slots *= 2;
	s->pages = (uint32_t)setup->pages;
	s->words = (uint32_t)(slots / 64);
	s->page = malloc(slots * sizeof(*s->page));
	s->taken = calloc(s->words, sizeof(*s->taken));
	s->tree = calloc((size_t)s->words + 1, sizeof(*s->tree));
	if (!s->page || !s->taken || !s->tree) {
		bel_err_memory(err, "the generator");
		destroy_stack(s);
		return NULL;
	}
	if (bel_alias_init_power(&s->depth, setup->pages, setup->alpha, err) < 0) {
		destroy_stack(s);
		return NULL;
	}
	/* Page 0 is on top, as if all pages had been used once, from the last to page 0. */
	for (uint32_t i = 0; i < s->pages; i++) {
		s->page[i] = s->pages - 1 - i;
		s->taken[i / 64] |= UINT64_C(1) << i % 64;
	}
	renumber(s);
	return s;
}

static void fill_stack(
	void *state, struct bel_rng *rng, uint64_t now, struct bel_access *access, size_t n)
{
	struct stack *const s = state;

	(void)now;
	for (size_t i = 0; i < n; i++) {
		const uint32_t depth = bel_alias_draw(&s->depth, rng);
		uint64_t slot;

		if (s->next == (uint64_t)s->words * 64)
			renumber(s);
		slot = find_slot(s, s->pages - 1 - depth);
		access[i].address = s->page[slot];
		s->taken[slot / 64] &= ~(UINT64_C(1) << slot % 64);
		tree_add(s, (uint32_t)(slot / 64), UINT32_MAX);
		s->page[s->next] = (uint32_t)access[i].address;
		s->taken[s->next / 64] |= UINT64_C(1) << s->next % 64;
		tree_add(s, (uint32_t)(s->next / 64), 1);
		s->next++;
	}
}

const struct bel_gen_model bel_gen_random[] = {
	{
		.name = "phases",
		.title = "uniform draws from a locality that changes at times",
		.uses = BEL_GEN_PAGES | BEL_GEN_LOCALITY | BEL_GEN_RANDOM,
		.create = create_phases,
		.fill = fill_phases,
		.destroy = free,
	},
	{
		.name = "stack",
		.title = "LRU stack distance d with weight 1 / d^alpha",
		.uses = BEL_GEN_PAGES | BEL_GEN_ALPHA | BEL_GEN_RANDOM,
		.create = create_stack,
		.fill = fill_stack,
		.destroy = destroy_stack,
	},
	{0},
};
