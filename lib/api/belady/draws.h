/* SPDX-License-Identifier: MIT */
/*
 * draws.h: random frames for policies that compare a sample at each eviction. The sample of the
 * next eviction is drawn at this one, and what will be read of it is prefetched: with many frames
 * nearly every read would be a cache miss. The numbers drawn are the same as without that.
 *
 *	struct bel_draws ahead;                             inside the policy's instance
 *
 *	drawn = bel_draws_take(&ahead, &seed, used, n);     n <= BEL_DRAWS_MAX frames below `used`
 *	...                                                   look at drawn[0] to drawn[n - 1]
 *	bel_draws_ahead(&ahead, seed, used, n, self->slot, sizeof(*self->slot));
 *
 * Where a parameter says how many frames are drawn, and 0 compares all of them:
 *
 *	bel_sample_start(&sample, self->draws, slots.used);
 *	while (bel_sample_next(&sample, &self->ahead, &seed))
 *		for (uint32_t i = 0; i < sample.count; i++)
 *			...                                   look at sample.frame[i]
 *
 * A sample that was drawn for another seed, bound or size is drawn again.
 */
#ifndef BELADY_DRAWS_H
#define BELADY_DRAWS_H

#include "random.h"

#define BEL_DRAWS_MAX 64

struct bel_draws {
	uint64_t before, after; /* the generator's state */
	uint32_t bound, count;
	uint32_t drawn[BEL_DRAWS_MAX];
};

/* As n calls of bel_random_below(). */
BEL_INLINE const uint32_t *bel_draws_take(
	struct bel_draws *ahead, uint64_t *seed, uint32_t bound, uint32_t n)
{
	if (ahead->before != *seed || ahead->bound != bound || ahead->count != n) {
		ahead->before = *seed;
		ahead->bound = bound;
		ahead->count = n;
		for (uint32_t i = 0; i < n; i++)
			ahead->drawn[i] = bel_random_below(seed, bound);
		ahead->after = *seed;
	}
	*seed = ahead->after;
	return ahead->drawn;
}

/* Draws what the next bel_draws_take() is expected to; prefetches those elements of an array. */
BEL_INLINE void bel_draws_ahead(struct bel_draws *ahead, uint64_t seed, uint32_t bound, uint32_t n,
	const void *array, size_t width)
{
	const uint32_t *drawn = bel_draws_take(ahead, &seed, bound, n);

	for (uint32_t i = 0; i < n; i++)
		__builtin_prefetch((const char *)array + drawn[i] * width);
}

/* A sample of frames, in parts. */
struct bel_sample {
	uint32_t draws, used; /* frames to draw, 0: all; frames in use */
	uint32_t done, count; /* frames before this part, and in it */
	const uint32_t *frame;
	uint32_t all[BEL_DRAWS_MAX];
};

BEL_INLINE void bel_sample_start(struct bel_sample *sample, uint32_t draws, uint32_t used)
{
	sample->draws = draws;
	sample->used = used;
	sample->done = sample->count = 0;
}

/* The next part; 0: there is none. */
BEL_INLINE int bel_sample_next(struct bel_sample *sample, struct bel_draws *ahead, uint64_t *seed)
{
	const uint32_t total = sample->draws ? sample->draws : sample->used;
	uint32_t left;

	sample->done += sample->count;
	left = total - sample->done;
	sample->count = left < BEL_DRAWS_MAX ? left : BEL_DRAWS_MAX;
	if (!left)
		return 0;
	if (sample->draws) {
		sample->frame = bel_draws_take(ahead, seed, sample->used, sample->count);
		return 1;
	}
	for (uint32_t i = 0; i < sample->count; i++)
		sample->all[i] = sample->done + i;
	sample->frame = sample->all;
	return 1;
}

#endif
