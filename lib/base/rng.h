/* SPDX-License-Identifier: MIT */
/*
 * rng.h: the one random generator: xoshiro256** (Blackman and Vigna 2021),
 * seeded through splitmix64. Same seed, same sequence, on every machine.
 */
#ifndef BEL_RNG_H
#define BEL_RNG_H

#include <stdint.h>

struct bel_rng {
	uint64_t s[4];
};

void bel_rng_seed(struct bel_rng *rng, uint64_t seed);
uint64_t bel_rng_next(struct bel_rng *rng);

/* Uniform in [0, bound), without bias (Lemire 2019); bound 0 is not allowed. */
uint64_t bel_rng_below(struct bel_rng *rng, uint64_t bound);

/* Uniform in [0, 1) with 53 bits. */
double bel_rng_real(struct bel_rng *rng);

/*
 * A number that nobody can know before it is drawn, another one each time: what tables and
 * trees mix in, so that no input can be made to fit their weak side. Results never depend on it.
 */
uint64_t bel_rng_secret(void);

#endif
