/* SPDX-License-Identifier: MIT */
/*
 * rng.h: the random number generator: xoshiro256** (Blackman and Vigna 2021),
 * seeded through splitmix64. The same seed gives the same sequence on every machine.
 */
#ifndef BEL_RNG_H
#define BEL_RNG_H

#include <stdint.h>

struct bel_rng {
	uint64_t s[4];
};

void bel_rng_seed(struct bel_rng *rng, uint64_t seed);
uint64_t bel_rng_next(struct bel_rng *rng);

/* As `draws` calls of bel_rng_next(), in some milliseconds whatever their number. */
void bel_rng_jump(struct bel_rng *rng, uint64_t draws);

/* Uniform in [0, bound), without bias (Lemire 2019); bound 0 is not allowed. */
uint64_t bel_rng_below(struct bel_rng *rng, uint64_t bound);

/* Uniform in [0, 1) with 53 bits. */
double bel_rng_real(struct bel_rng *rng);

/*
 * An unpredictable number, different at each call. Tables and trees mix it in, so that no input
 * can be crafted to make them slow. Results never depend on it.
 */
uint64_t bel_rng_secret(void);

#endif
