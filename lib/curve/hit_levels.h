/* SPDX-License-Identifier: MIT */
/*
 * hit_levels.h: how many frames a policy needs for some shares of its hits, and OPT for as many.
 *
 * The shares are of the most hits on the policy's curve. One of the levels is the knee of the hits:
 * of all sizes, the one where hits / most hits is furthest above frames / frames of the most hits
 * (V. Satopaa, J. Albrecht, D. Irwin, B. Raghavan, Finding a "kneedle" in a haystack, ICDCS
 * Workshops 2011, without smoothing). Below it more memory gains much, above it little.
 */
#ifndef BEL_HIT_LEVELS_H
#define BEL_HIT_LEVELS_H

#include "curve.h"

enum { BEL_HIT_LEVELS = 6 }; /* 25, 50, 75, 90, 100%, and the knee, if it has other hits */

struct bel_hit_level {
	double share, ratio; /* of the most hits; of the references */
	uint64_t hits;       /* that the share asks for, rounded up; at the knee: what it has */
	uint64_t frames;     /* the smallest size on the curve with so many hits, or more */
	uint64_t opt_frames; /* the same of OPT's curve; 0: unknown */
	bool knee;
};

/*
 * Fills the levels, ascending by share, and returns their number: 0 if the curve has no hits.
 * `opt` may be NULL.
 */
size_t bel_hit_levels(const struct bel_curve *curve, const struct bel_curve *opt,
	struct bel_hit_level level[BEL_HIT_LEVELS]);

#endif
