/* SPDX-License-Identifier: MIT */
/* run_digest.c: a digest of runs: a polynomial modulo the prime 2^61 - 1. */
#include "run_digest.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#define PRIME ((UINT64_C(1) << 61) - 1)

enum { AT_ONCE = 8 };

/* power[1] times this is 1, modulo the prime. */
#define INVERSE UINT64_C(0x1fcf10d145a02acc)

/* The point and its powers. */
static const uint64_t power[AT_ONCE + 1] = {
	0x1,
	0x1b7d3a5c9e8f4217,
	0x1f324ed3f45b27a6,
	0xfa5df024a59a42a,
	0x12ec2f7f6822fc74,
	0xc923785e1754031,
	0x1cca8bcfd5f489a3,
	0x16c68ba0b3471b3c,
	0x6d609aa7aac31c9,
};

/* A number below 2^63 that is equal modulo the prime. */
static uint64_t reduce(unsigned __int128 n)
{
	return (uint64_t)(n & PRIME) + (uint64_t)((n >> 61) & PRIME) + (uint64_t)(n >> 122);
}

static uint64_t coefficient(struct bel_run run)
{
	return (uint64_t)run.info << 32 | run.page;
}

/*
 * Eight runs share one reduction: the sum is below 7 x 2^125 + 2^124 + 2^64, less than 2^128.
 */
void bel_run_digest_add(struct bel_run_digest *digest, const struct bel_run *runs, size_t count)
{
	uint64_t value = digest->value;
	size_t i = 0;

	for (; i + AT_ONCE <= count; i += AT_ONCE) {
		unsigned __int128 sum = (unsigned __int128)value * power[AT_ONCE] +
					coefficient(runs[i + AT_ONCE - 1]);

		for (unsigned k = 1; k < AT_ONCE; k++)
			sum += (unsigned __int128)coefficient(runs[i + AT_ONCE - 1 - k]) * power[k];
		value = reduce(sum);
	}
	for (; i < count; i++)
		value = reduce((unsigned __int128)value * power[1] + coefficient(runs[i]));
	digest->value = value;
	digest->runs += count;
}

uint64_t bel_run_weight_shift(uint64_t weight, uint64_t runs)
{
	uint64_t shift = 1, base = power[1];

	for (uint64_t n = runs; n; n >>= 1) {
		if (n & 1)
			shift = reduce((unsigned __int128)shift * base);
		base = reduce((unsigned __int128)base * base);
	}
	return reduce((unsigned __int128)weight * shift);
}

void bel_run_digest_join(struct bel_run_digest *digest, const struct bel_run_digest *behind)
{
	digest->value =
		reduce((unsigned __int128)bel_run_weight_shift(digest->value, behind->runs) +
			behind->value);
	digest->runs += behind->runs;
}

/* Run i of n has the power n - 1 - i: this adds up the powers -i, which do not need n. */
void bel_run_weights_add(
	uint64_t *weight, uint64_t *factor, const struct bel_run *runs, size_t count)
{
	uint64_t f = *factor;

	for (size_t i = 0; i < count; i++) {
		uint64_t *const sum = &weight[runs[i].page];

		*sum = reduce((unsigned __int128)*sum + f);
		f = reduce((unsigned __int128)f * INVERSE);
	}
	*factor = f;
}

uint64_t bel_run_weight_sum(uint64_t one, uint64_t other)
{
	return reduce((unsigned __int128)one + other);
}

void bel_run_digest_renumber(struct bel_run_digest *digest, uint64_t weight, int64_t by)
{
	const uint64_t times = by < 0 ? PRIME - (uint64_t)-by : (uint64_t)by;

	digest->value = reduce((unsigned __int128)weight * times + digest->value);
}

void bel_run_digest_text(const struct bel_run_digest *digest, char text[BEL_RUN_DIGEST_TEXT])
{
	const uint64_t number[2] = {digest->value % PRIME, digest->runs};
	uint8_t bytes[sizeof(number)];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(number[i / 8] >> i % 8 * 8);
	snprintf(text, BEL_RUN_DIGEST_TEXT, "%016" PRIx64,
		(uint64_t)XXH3_64bits(bytes, sizeof(bytes)));
}
