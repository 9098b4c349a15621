/* SPDX-License-Identifier: MIT */
/*
 * lrfu.c: LRFU, least recently/frequently used (Lee et al., IEEE Transactions on Computers, 2001):
 * every reference has a weight that falls with its age; evicts the page with the lowest sum of
 * weights.
 *
 * State: for each resident page, L, the time of its last reference, and C, the sum of its weights
 * at that time. A reference x references ago weighs 2^(-lambda x). lambda=0 is LFU, lambda=1 is
 * LRU.
 *
 * On a hit at time t: C becomes 1 + C 2^(-lambda (t - L)), and L becomes t. Each reference of a
 * run counts.
 *
 * On a fault at time t:
 * 1. If no frame is free, evict the page with the lowest C 2^(-lambda (t - L)). This orders pages
 *    as C 2^(lambda L) does, which does not depend on t. Of equals, the page with the lowest L
 *    leaves.
 * 2. Load the page with C = 1, L = t. Nothing is kept of pages that left.
 *
 * The arithmetic is fixed, so that all machines agree. lambda is rounded to a multiple of 2^-40; C
 * is a double. For 2^-y, y = i + f with f < 1 in 40 bits: the bits of f form four groups of ten,
 * highest first. Each group gives the product of 2^-(2^-j) for its set bits j, in order; the four
 * factors are multiplied in order and scaled by 2^-i (0 if i > 1000). 2^-(2^-j) is the square root
 * of 2^-(2^-(j-1)). In C 2^(lambda L), 2^f is 2 x 2^-(1 - f) for f > 0; the result is cut to 23
 * bits behind the leading one, and sums that agree there are equal. With lambda=0 sums are counts,
 * and exact.
 *
 * Keys only grow: a hit leaves the heap alone, and a page found on top with an old key gets its
 * new key then.
 *
 * Cost: hit O(1), fault O(log n) on average; 44 bytes per page.
 */
#include <math.h>
#include <string.h>

#include "heap.h"

#define FRACTION 40 /* fraction bits of lambda */
#define GROUPS 4
#define GROUP_BITS 10
#define MANTISSA 52
#define TIME_BITS 52
#define KEY_BITS 23 /* bits of the mantissa in a key */

struct lrfu {
	uint64_t frames;
	uint64_t lambda; /* in 2^-FRACTION */
	double next;     /* weight of a reference one reference ago */
	struct use {
		double sum;    /* at the page's last reference: C */
		uint64_t last; /* L */
	} * use;
	struct bel_heap heap;
	double power[GROUPS][1 << GROUP_BITS];
};

static void fill_powers(struct lrfu *lrfu)
{
	double root = 0.5;

	for (int group = 0; group < GROUPS; group++) {
		double *power = lrfu->power[group];

		power[0] = 1;
		for (unsigned bit = 1u << (GROUP_BITS - 1); bit; bit >>= 1) {
			root = sqrt(root);
			/* All indices whose lowest set bit is this one. */
			for (unsigned high = 0; high < 1u << GROUP_BITS; high += 2 * bit)
				power[high | bit] = power[high] * root;
		}
	}
}

/* 2^-f for f < 1; f is in units of 2^-FRACTION. */
BEL_INLINE double power_of(const struct lrfu *lrfu, uint64_t f)
{
	const unsigned mask = (1u << GROUP_BITS) - 1;

	return lrfu->power[0][f >> 3 * GROUP_BITS] * lrfu->power[1][f >> 2 * GROUP_BITS & mask] *
	       lrfu->power[2][f >> GROUP_BITS & mask] * lrfu->power[3][f & mask];
}

/* lambda times a number of references: returns the integer part. */
BEL_INLINE uint64_t scaled(const struct lrfu *lrfu, uint64_t references, uint64_t *fraction)
{
	const unsigned __int128 product = (unsigned __int128)lrfu->lambda * references;

	*fraction = (uint64_t)product & (((uint64_t)1 << FRACTION) - 1);
	return (uint64_t)(product >> FRACTION);
}

/* 2^(-lambda x). */
BEL_INLINE double weight(const struct lrfu *lrfu, uint64_t x)
{
	uint64_t fraction, bits;
	const uint64_t whole = scaled(lrfu, x, &fraction);
	double scale;

	if (whole > 1000)
		return 0;
	bits = (1023 - whole) << MANTISSA;
	memcpy(&scale, &bits, sizeof(scale));
	return power_of(lrfu, fraction) * scale;
}

static void lrfu_init(void *self, const struct bel_env *env)
{
	struct lrfu *lrfu = self;

	lrfu->frames = env->frames;
	lrfu->lambda = (uint64_t)(env->param[0] * ((uint64_t)1 << FRACTION) + 0.5);
	fill_powers(lrfu);
	lrfu->next = weight(lrfu, 1);
	env->page_array(env->host, &lrfu->use, sizeof(*lrfu->use));
	bel_heap_create_top(&lrfu->heap, env);
}

/* The heap's key: exponent, mantissa and L, most significant first. */
static struct bel_key key_of(const struct lrfu *lrfu, uint32_t page)
{
	const uint64_t last = lrfu->use[page].last;
	double sum = lrfu->use[page].sum;
	uint64_t fraction, exponent, bits;
	unsigned __int128 key;

	if (!lrfu->lambda)
		return (struct bel_key){(uint64_t)sum, last};
	exponent = scaled(lrfu, last, &fraction);
	if (fraction)
		sum *= 2 * power_of(lrfu, ((uint64_t)1 << FRACTION) - fraction);
	memcpy(&bits, &sum, sizeof(bits));
	exponent += (bits >> MANTISSA) - 1023;
	bits &= ((uint64_t)1 << MANTISSA) - 1;
	key = (unsigned __int128)exponent << KEY_BITS | bits >> (MANTISSA - KEY_BITS);
	key = key << TIME_BITS | last;
	return (struct bel_key){(uint64_t)(key >> 64), (uint64_t)key};
}

/* Counts the n - 1 further references of a run whose first was at L. */
BEL_INLINE void repeat(struct lrfu *lrfu, uint32_t page, uint32_t n)
{
	double sum = lrfu->use[page].sum;

	lrfu->use[page].last += n - 1;
	while (--n) {
		const double more = 1 + sum * lrfu->next;

		/* C does not change any more. */
		if (more == sum)
			break;
		sum = more;
	}
	lrfu->use[page].sum = sum;
}

static void lrfu_hit(void *self, uint64_t now, struct bel_ref ref)
{
	struct lrfu *lrfu = self;
	double *sum = &lrfu->use[ref.page].sum;

	*sum = 1 + *sum * weight(lrfu, now - lrfu->use[ref.page].last);
	lrfu->use[ref.page].last = now;
	if (bel_count(ref) > 1)
		repeat(lrfu, ref.page, bel_count(ref));
}

static uint32_t choose(struct lrfu *lrfu)
{
	uint32_t page = 0;

	while (bel_heap_least(&lrfu->heap, &page)) {
		const struct bel_key key = key_of(lrfu, page);

		if (!bel_key_less(lrfu->heap.entry[0].key, key))
			break;
		bel_heap_set_least(&lrfu->heap, key);
		bel_heap_fetch_next(&lrfu->heap, lrfu->use, sizeof(*lrfu->use));
	}
	return page;
}

static uint32_t lrfu_victim(void *self, uint64_t now, const struct bel_decision *out)
{
	struct lrfu *lrfu = self;

	(void)now;
	(void)out;
	return lrfu->heap.size ? choose(lrfu) : BEL_NO_PAGE;
}

static void lrfu_fault(void *self, uint64_t now, struct bel_ref ref, struct bel_decision *out)
{
	struct lrfu *lrfu = self;

	lrfu->use[ref.page].sum = 1;
	lrfu->use[ref.page].last = now;
	if (bel_count(ref) > 1)
		repeat(lrfu, ref.page, bel_count(ref));
	if (bel_resident(out) == lrfu->frames) {
		const uint32_t victim = choose(lrfu);

		bel_heap_replace_least(&lrfu->heap, ref.page, key_of(lrfu, ref.page));
		bel_evict(out, victim);
		bel_heap_fetch_next(&lrfu->heap, out->state, sizeof(*out->state));
		bel_heap_fetch_next(&lrfu->heap, lrfu->use, sizeof(*lrfu->use));
	} else {
		bel_heap_add(&lrfu->heap, ref.page, key_of(lrfu, ref.page));
	}
}

static void lrfu_drop(void *self, uint32_t page)
{
	struct lrfu *lrfu = self;

	bel_heap_remove(&lrfu->heap, page);
}

static const struct bel_hooks lrfu_hooks = {
	.hit = lrfu_hit,
	.fault = lrfu_fault,
	.drop = lrfu_drop,
};

static const struct bel_param lrfu_params[] = {
	{"lambda", "", BEL_PARAM_REAL, 0.001, 0, 1,
		"0: all references weigh the same (LFU); 1: the last one decides (LRU)"},
	{.name = NULL},
};

static void lrfu_show(void *self, const struct bel_show *show)
{
	struct lrfu *lrfu = self;

	for (uint32_t i = 0; i < lrfu->heap.size; i++)
		lrfu->heap.entry[i].key = key_of(lrfu, lrfu->heap.entry[i].page);
	bel_heap_mend(&lrfu->heap);
	bel_heap_show(&lrfu->heap, show, BEL_SHOW_OTHER);
}

BEL_RUN(lrfu, lrfu_hooks, 0)

static const struct bel_policy lrfu = {
	BEL_POLICY_BASE(lrfu, struct lrfu),
	.name = "lrfu",
	.title = "LRFU: the page with the lowest sum of references, each weighted by its age",
	.source = "D. Lee, J. Choi, J. Kim, S. H. Noh, S. L. Min, Y. Cho, C. S. Kim, LRFU: a "
		  "spectrum "
		  "of policies that subsumes the least recently used and least frequently used "
		  "policies, IEEE Transactions on Computers 50(12), 2001",
	.params = lrfu_params,
	.victim = lrfu_victim,
	.show = lrfu_show,
	.aliases = "least recently frequently used",
};

BEL_POLICY(lrfu);
