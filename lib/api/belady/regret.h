/* SPDX-License-Identifier: MIT */
/*
 * regret.h: chooses between two experts by weights, and lowers the weight of an expert that was
 * wrong (LeCaR: Vietri et al., HotStorage 2018). Also a learning rate that adapts to the number of
 * hits (Cacheus: Rodriguez et al., FAST 2021).
 *
 *	struct bel_regret trust;                  inside the policy's instance
 *	struct bel_rate rate;
 *	bel_regret_init(&trust);                  in init(): 0.5 each
 *	bel_rate_init(&rate, env->frames);
 *	who = bel_regret_choose(&trust, &seed);   draws one random number
 *	bel_regret_punish(&trust, who, rate.r);   multiplies the weight by e^-rate
 *	bel_rate_pass(&rate, &seed, now, n, hit); n references from `now` on: all hits, or no hit
 */
#ifndef BELADY_REGRET_H
#define BELADY_REGRET_H

#include <math.h>

#include "exponential.h"
#include "random.h"

#define BEL_REGRET_MAX 0.99

struct bel_regret {
	double weight[2];
};

BEL_INLINE void bel_regret_init(struct bel_regret *trust)
{
	trust->weight[0] = trust->weight[1] = 0.5;
}

/* 0 if a random number is below the weight of expert 0, else 1. */
BEL_INLINE int bel_regret_choose(const struct bel_regret *trust, uint64_t *seed)
{
	return bel_random_real(seed) < trust->weight[0] ? 0 : 1;
}

/* Then divides both weights by their sum. A weight above 0.99 becomes 0.99, the other 0.01. */
static __attribute__((unused)) void bel_regret_punish(
	struct bel_regret *trust, int who, double rate)
{
	double *const weight = trust->weight;
	double sum;

	weight[who] *= bel_exp_minus(rate);
	sum = weight[0] + weight[1];
	for (int i = 0; i < 2; i++)
		weight[i] /= sum;
	for (int i = 0; i < 2; i++) {
		if (weight[i] > BEL_REGRET_MAX) {
			weight[i] = BEL_REGRET_MAX;
			weight[1 - i] = 1 - BEL_REGRET_MAX;
		}
	}
}

/*
 * The learning rate r starts at sqrt(2 ln 2 / period); r0 is this value limited to [0.001, 1]. It
 * is adapted after each period of `period` references ([x] is x rounded down):
 *
 *	h = [1000 hits in the period / period + 1/2]
 *	d = h - the h of the period before (at first 0)
 *	g = [1000 r + 1/2] - the same of the r before the last adaptation (at first 0)
 *
 *	g d > 0:      r = min(1, r + r |g| / 1000); z = m = 0
 *	g d < 0:      r = max(0.001, r - r |g| / 1000); z = m = 0
 *	else d <= 0:  1. d < 0 or h = 0: z = z + 1; d < 0: m = m + 1
 *	              2. z >= 10: r = r0, z = 0; stop
 *	              3. d = 0: stop
 *	              4. m >= 10: r = r0, m = 0; stop
 *	              5. r >= 1: r = 0.9; r <= 0.001: r = 0.005; otherwise draw a random number:
 *	                 odd: r = min(1, 1.25 r); even: r = max(0.001, 0.75 r)
 */
struct bel_rate {
	double r, before, reset;
	uint64_t period, end, hits; /* end: time of the first reference after the period */
	int64_t permille;           /* h */
	int idle, worse;            /* z, m */
};

BEL_INLINE void bel_rate_init(struct bel_rate *rate, uint64_t period)
{
	*rate = (struct bel_rate){.period = period, .end = period};
	rate->r = sqrt(2 * BEL_LN_2 / (double)period);
	rate->reset = rate->r < 0.001 ? 0.001 : rate->r > 1 ? 1 : rate->r;
}

/* d <= 0: starts again from r0, or tries another direction. */
static __attribute__((unused)) double bel_rate_stray(
	struct bel_rate *rate, uint64_t *seed, int64_t more)
{
	const double r = rate->r;

	rate->idle += more < 0 || !rate->permille;
	rate->worse += more < 0;
	if (rate->idle >= 10) {
		rate->idle = 0;
		return rate->reset;
	}
	if (more == 0)
		return r;
	if (rate->worse >= 10) {
		rate->worse = 0;
		return rate->reset;
	}
	if (r >= 1 || r <= 0.001)
		return r >= 1 ? 0.9 : 0.005;
	if (bel_random_next(seed) & 1)
		return r * 1.25 < 1 ? r * 1.25 : 1;
	return r * 0.75 > 0.001 ? r * 0.75 : 0.001;
}

static __attribute__((unused)) void bel_rate_adapt(struct bel_rate *rate, uint64_t *seed)
{
	const int64_t permille = (int64_t)((2000 * rate->hits + rate->period) / (2 * rate->period));
	const int64_t more = permille - rate->permille;
	const int64_t grown =
		(int64_t)(1000 * rate->r + 0.5) - (int64_t)(1000 * rate->before + 0.5);
	const double change = rate->r * (double)(grown < 0 ? -grown : grown) / 1000;
	double r = rate->r;

	rate->permille = permille;
	rate->hits = 0;
	if (grown && more) {
		r = (grown > 0) == (more > 0) ? r + change : r - change;
		r = r > 1 ? 1 : r < 0.001 ? 0.001 : r;
		rate->idle = rate->worse = 0;
	} else if (more <= 0) {
		r = bel_rate_stray(rate, seed, more);
	}
	rate->before = rate->r;
	rate->r = r;
}

BEL_INLINE void bel_rate_pass(
	struct bel_rate *rate, uint64_t *seed, uint64_t now, uint64_t n, int hit)
{
	while (n) {
		const uint64_t left = rate->end - now, part = n < left ? n : left;

		rate->hits += hit ? part : 0;
		now += part;
		n -= part;
		if (__builtin_expect(now == rate->end, 0)) {
			bel_rate_adapt(rate, seed);
			rate->end += rate->period;
		}
	}
}

#endif
