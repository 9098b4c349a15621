/* SPDX-License-Identifier: MIT */
/*
 * rng.c: xoshiro256** by Blackman and Vigna (ACM Trans. Math. Softw. 47, 2021),
 * its state filled by splitmix64, as the authors recommend; bounds by Lemire's method
 * (ACM Trans. Model. Comput. Simul. 29, 2019).
 */
#include "rng.h"

#include <sys/random.h>
#include <time.h>

static uint64_t rotate_left(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

void bel_rng_seed(struct bel_rng *rng, uint64_t seed)
{
	for (int i = 0; i < 4; i++) {
		uint64_t z = seed += 0x9e3779b97f4a7c15;

		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
		z = (z ^ z >> 27) * 0x94d049bb133111eb;
		rng->s[i] = z ^ z >> 31;
	}
}

uint64_t bel_rng_next(struct bel_rng *rng)
{
	uint64_t *s = rng->s;
	const uint64_t result = rotate_left(s[1] * 5, 7) * 9;
	const uint64_t shifted = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= shifted;
	s[3] = rotate_left(s[3], 45);
	return result;
}

/*
 * A draw changes the 256 bits of the state by a linear map over GF(2). image[i] is what it makes of
 * a state in which only bit i is set; so a state becomes the sum of the images of its bits.
 */
struct map {
	struct bel_rng image[256];
};

static struct bel_rng apply(const struct map *map, const struct bel_rng *rng)
{
	struct bel_rng sum = {{0}};

	for (unsigned i = 0; i < 256; i++) {
		const uint64_t taken = -(rng->s[i / 64] >> i % 64 & 1);

		for (unsigned word = 0; word < 4; word++)
			sum.s[word] ^= map->image[i].s[word] & taken;
	}
	return sum;
}

void bel_rng_jump(struct bel_rng *rng, uint64_t draws)
{
	struct map map, twice;

	for (unsigned i = 0; i < 256; i++) {
		map.image[i] = (struct bel_rng){{0}};
		map.image[i].s[i / 64] = UINT64_C(1) << i % 64;
		bel_rng_next(&map.image[i]);
	}
	for (; draws; draws >>= 1) {
		if (draws & 1)
			*rng = apply(&map, rng);
		for (unsigned i = 0; i < 256; i++)
			twice.image[i] = apply(&map, &map.image[i]);
		map = twice;
	}
}

uint64_t bel_rng_below(struct bel_rng *rng, uint64_t bound)
{
	unsigned __int128 product = (unsigned __int128)bel_rng_next(rng) * bound;

	/* Only the lowest 2^64 mod bound fractions are over-represented: draw again for those. */
	if ((uint64_t)product < bound) {
		const uint64_t surplus = -bound % bound;

		while ((uint64_t)product < surplus)
			product = (unsigned __int128)bel_rng_next(rng) * bound;
	}
	return product >> 64;
}

double bel_rng_real(struct bel_rng *rng)
{
	return (double)(bel_rng_next(rng) >> 11) * 0x1p-53;
}

uint64_t bel_rng_secret(void)
{
	uint64_t secret;

	if (getrandom(&secret, sizeof(secret), GRND_NONBLOCK) != (ssize_t)sizeof(secret)) {
		/* Shortly after boot there is no entropy yet: use stack address and time. */
		struct timespec now = {0};

		clock_gettime(CLOCK_MONOTONIC, &now);
		secret = (uint64_t)(uintptr_t)&now ^ (uint64_t)now.tv_nsec << 32;
	}
	return secret;
}
