/* SPDX-License-Identifier: MIT */
/*
 * model_random.h: the random numbers of policies, for their reference models: splitmix64 as its
 * authors give it, and numbers below a bound by Lemire's multiplication: take 32 random bits x;
 * the result is the upper half of x * bound, unless its lower half is below 2^32 mod bound; then
 * try the next x.
 */
#ifndef BEL_MODEL_RANDOM_H
#define BEL_MODEL_RANDOM_H

#include <stdint.h>

static inline uint64_t model_random(uint64_t *state)
{
	uint64_t z;

	*state += UINT64_C(0x9e3779b97f4a7c15);
	z = *state;
	z ^= z >> 30;
	z *= UINT64_C(0xbf58476d1ce4e5b9);
	z ^= z >> 27;
	z *= UINT64_C(0x94d049bb133111eb);
	z ^= z >> 31;
	return z;
}

static inline uint64_t model_random_below(uint64_t *state, uint64_t bound)
{
	const uint64_t two32 = UINT64_C(1) << 32;

	for (;;) {
		const uint64_t product = model_random(state) / two32 * bound;

		if (product % two32 >= two32 % bound)
			return product / two32;
	}
}

/* In [0, 1), from the upper 53 bits. */
static inline double model_random_real(uint64_t *state)
{
	return (double)(model_random(state) / 2048) / 9007199254740992.0;
}

#endif
