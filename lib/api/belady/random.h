/* SPDX-License-Identifier: MIT */
/*
 * random.h: random numbers for policies: splitmix64 (Steele, Lea and Flood, Fast splittable
 * pseudorandom number generators, OOPSLA 2014), whose state is one number.
 *
 *	uint64_t state = env->seed;
 *	page = resident[bel_random_below(&state, count)];
 *
 * The same seed gives the same sequence on every machine.
 */
#ifndef BELADY_RANDOM_H
#define BELADY_RANDOM_H

#include "policy.h"

BEL_INLINE uint64_t bel_random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/* Uniform in [0, bound), without bias (rejection after Lemire 2019); bound 0 is not allowed. */
BEL_INLINE uint32_t bel_random_below(uint64_t *state, uint32_t bound)
{
	uint64_t product = (bel_random_next(state) >> 32) * bound;

	if ((uint32_t)product < bound) {
		const uint32_t biased = -bound % bound;

		while ((uint32_t)product < biased)
			product = (bel_random_next(state) >> 32) * bound;
	}
	return (uint32_t)(product >> 32);
}

/* Uniform in [0, 1) with 53 bits. */
BEL_INLINE double bel_random_real(uint64_t *state)
{
	return (double)(bel_random_next(state) >> 11) * 0x1p-53;
}

#endif
