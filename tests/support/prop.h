/* SPDX-License-Identifier: MIT */
/*
 * prop.h: the framework of a property program: seed, rounds, verdict.
 *
 *	struct prop p;
 *	prop_start(&p, argc, argv, 2000, 50000);     --seed N, --rounds N, --long
 *	while (prop_round(&p))                       p.rng has a new seed in each round
 *		if (...) return prop_failed(&p);     after the counter-example was printed
 *	return prop_passed(&p);
 *
 * A round depends only on its seed: the seed printed with a failure repeats the failure in the
 * first round. Without --seed the seed is 1. If everything is slow (sanitizers, emulators),
 * BEL_PROP_PERCENT=20 in the environment reduces the rounds to a fifth.
 */
#ifndef BEL_PROP_H
#define BEL_PROP_H

#include <stdbool.h>
#include <stdint.h>

#include "rng.h"

struct prop {
	const char *name;
	uint64_t seed; /* seed of this round; the next one's is one higher */
	uint64_t first, rounds, done;
	struct bel_rng rng;
};

/* Exits with 2 on a wrong command line. */
void prop_start(struct prop *p, int argc, char **argv, uint64_t rounds, uint64_t long_rounds);
bool prop_round(struct prop *p);
int prop_failed(const struct prop *p); /* prints how to repeat it; returns what main returns */
int prop_passed(const struct prop *p);

#endif
