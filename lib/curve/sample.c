/* SPDX-License-Identifier: MIT */
/* sample.c: selects the runs on sampled pages. */
#include "sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "page_table.h"
#include "rng.h"
#include "simd.h"

struct bel_sample {
	struct bel_sample_rule rule;
	struct bel_page_table number; /* numbers of the sampled pages */
	uint32_t pages;
	struct bel_run *runs;
	size_t capacity;
};

uint32_t bel_sample_mix(uint64_t seed)
{
	struct bel_rng rng;

	bel_rng_seed(&rng, seed);
	return (uint32_t)(bel_rng_next(&rng) >> 32);
}

struct bel_sample *bel_sample_new(const struct bel_sample_setup *setup, struct bel_err *err)
{
	struct bel_sample *sample = calloc(1, sizeof(*sample));
	const double threshold = ldexp(setup->rate, 32);

	if (!sample || bel_page_table_init(&sample->number, err) < 0) {
		free(sample);
		bel_err_memory(err, "a sample of pages");
		return NULL;
	}
	sample->rule = (struct bel_sample_rule){
		.threshold = threshold < 1 ? 1 : (uint64_t)llround(threshold),
		.seed = bel_sample_mix(setup->seed),
		.vectors = !setup->portable && bel_has_avx512(),
	};
	return sample;
}

void bel_sample_free(struct bel_sample *sample)
{
	if (!sample)
		return;
	bel_page_table_release(&sample->number);
	free(sample->runs);
	free(sample);
}

/* The runs that do not fill a vector. `chosen` runs were copied before. */
static size_t select_plain(const struct bel_sample_rule *rule, const struct bel_run *runs,
	size_t count, struct bel_run *to, size_t chosen)
{
	for (size_t i = 0; i < count; i++) {
		to[chosen] = runs[i];
		chosen += bel_sample_hash(runs[i].page, rule->seed) < rule->threshold;
	}
	return chosen;
}

#if defined(__x86_64__)
/* The runs that fill whole vectors. *done is the number of runs examined. */
static BEL_AVX512 size_t select_avx512(const struct bel_sample_rule *rule,
	const struct bel_run *runs, size_t count, struct bel_run *to, size_t *done)
{
	const __m512i seed = _mm512_set1_epi64(rule->seed);
	const __m512i first = _mm512_set1_epi32((int)UINT32_C(0x85ebca6b));
	const __m512i second = _mm512_set1_epi32((int)UINT32_C(0xc2b2ae35));
	const __m512i page = _mm512_set1_epi64(UINT32_MAX);
	const __m512i threshold = _mm512_set1_epi64((long long)rule->threshold);
	size_t chosen = 0, i = 0;

	for (; i + BEL_SAMPLE_SLACK <= count; i += BEL_SAMPLE_SLACK) {
		const __m512i eight = _mm512_loadu_si512(runs + i);
		__m512i h = _mm512_xor_si512(_mm512_and_si512(eight, page), seed);
		__mmask8 in;

		h = _mm512_mullo_epi32(_mm512_xor_si512(h, _mm512_srli_epi32(h, 16)), first);
		h = _mm512_mullo_epi32(_mm512_xor_si512(h, _mm512_srli_epi32(h, 13)), second);
		h = _mm512_xor_si512(h, _mm512_srli_epi32(h, 16));
		in = _mm512_cmplt_epu64_mask(_mm512_and_si512(h, page), threshold);
		if (!in)
			continue;
		_mm512_storeu_si512(to + chosen, _mm512_maskz_compress_epi64(in, eight));
		chosen += (size_t)__builtin_popcount(in);
	}
	*done = i;
	return chosen;
}
#endif

size_t bel_sample_select(const struct bel_sample_rule *rule, const struct bel_run *runs,
	size_t count, struct bel_run *to)
{
	size_t done = 0, chosen = 0;

#if defined(__x86_64__)
	if (rule->vectors)
		chosen = select_avx512(rule, runs, count, to, &done);
#endif
	return select_plain(rule, runs + done, count - done, to, chosen);
}

static int reserve(struct bel_sample *sample, size_t count, struct bel_err *err)
{
	struct bel_run *grown;

	if (count + BEL_SAMPLE_SLACK <= sample->capacity)
		return BEL_OK;
	grown = reallocarray(sample->runs, count + BEL_SAMPLE_SLACK, sizeof(*grown));
	if (!grown)
		return bel_err_memory(err, "a sample of pages");
	sample->runs = grown;
	sample->capacity = count + BEL_SAMPLE_SLACK;
	return BEL_OK;
}

int bel_sample_take(struct bel_sample *sample, const struct bel_run *runs, size_t count,
	struct bel_sample_part *part, struct bel_err *err)
{
	uint64_t references = 0;

	if (reserve(sample, count, err) < 0)
		return BEL_FAIL;
	count = bel_sample_select(&sample->rule, runs, count, sample->runs);
	for (size_t i = 0; i < count; i++) {
		const uint32_t page = sample->runs[i].page;
		uint32_t number = bel_page_table_find(&sample->number, page);

		if (number == BEL_NOT_IN_TABLE) {
			number = sample->pages++;
			if (bel_page_table_add(&sample->number, page, number, err) < 0)
				return BEL_FAIL;
		}
		sample->runs[i].page = number;
		references += bel_run_count(sample->runs[i]);
	}
	*part = (struct bel_sample_part){
		.runs = sample->runs,
		.count = count,
		.references = references,
		.pages = sample->pages,
	};
	return BEL_OK;
}
