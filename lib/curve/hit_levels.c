/* SPDX-License-Identifier: MIT */
/* hit_levels.c: the frames for shares of the hits of a curve. */
#include "hit_levels.h"

#include <stdlib.h>

static uint64_t hits_at(const struct bel_curve *curve, size_t i)
{
	return curve->references - curve->faults[i];
}

/* The index of the first point with so many hits; count: none. Hits grow with the size. */
static size_t first_with(const struct bel_curve *curve, uint64_t hits)
{
	size_t i = 0;

	while (i < curve->count && hits_at(curve, i) < hits)
		i++;
	return i;
}

/* The first of equal ones. `last` is the first point with the most hits. */
static size_t knee_of(const struct bel_curve *curve, size_t last)
{
	const __int128 most = hits_at(curve, last), frames = curve->x[last];
	size_t knee = 0;
	__int128 best = 0;

	for (size_t i = 0; i <= last; i++) {
		const __int128 above = hits_at(curve, i) * frames - curve->x[i] * most;

		if (i && above <= best)
			continue;
		best = above;
		knee = i;
	}
	return knee;
}

static int by_share(const void *left, const void *right)
{
	const struct bel_hit_level *a = left, *b = right;

	return (a->share > b->share) - (a->share < b->share);
}

/* The levels by share, then the knee, unless one of them has its hits; that one is the knee then. */
static size_t choose(const struct bel_curve *curve, uint64_t most, struct bel_hit_level *level)
{
	static const unsigned percent[BEL_HIT_LEVELS - 1] = {25, 50, 75, 90, 100};
	const uint64_t hits = hits_at(curve, knee_of(curve, first_with(curve, most)));
	bool found = false;

	for (size_t i = 0; i < BEL_HIT_LEVELS - 1; i++) {
		level[i] = (struct bel_hit_level){
			.share = percent[i] / 100.0,
			.hits = most / 100 * percent[i] + (most % 100 * percent[i] + 99) / 100,
		};
		level[i].knee = !found && level[i].hits == hits;
		found |= level[i].knee;
	}
	if (found)
		return BEL_HIT_LEVELS - 1;
	level[BEL_HIT_LEVELS - 1] = (struct bel_hit_level){
		.share = (double)hits / (double)most, .hits = hits, .knee = true};
	qsort(level, BEL_HIT_LEVELS, sizeof(*level), by_share);
	return BEL_HIT_LEVELS;
}

size_t bel_hit_levels(const struct bel_curve *curve, const struct bel_curve *opt,
	struct bel_hit_level level[BEL_HIT_LEVELS])
{
	const uint64_t most = curve->count ? hits_at(curve, curve->count - 1) : 0;
	const size_t count = most ? choose(curve, most, level) : 0;

	for (size_t i = 0; i < count; i++) {
		const size_t at = opt ? first_with(opt, level[i].hits) : 0;

		level[i].ratio = (double)level[i].hits / (double)curve->references;
		level[i].frames = curve->x[first_with(curve, level[i].hits)];
		level[i].opt_frames = opt && at < opt->count ? opt->x[at] : 0;
	}
	return count;
}
