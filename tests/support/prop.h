/* SPDX-License-Identifier: MIT */
/*
 * prop.h: the frame of a property program: seed, rounds, verdict.
 *
 *	struct prop p;
 *	prop_start(&p, argc, argv, 2000, 50000);     --seed N, --rounds N, --long
 *	while (prop_round(&p))                       p.rng is seeded anew for each round
 *		if (...) return prop_failed(&p);     after the counter-example was printed
 *	return prop_passed(&p);
 *
 * A round depends on its own seed alone: the one printed with a failure brings
 * it back as the first round. Without --seed the seed is 1. Where everything is slow
 * (sanitizers, emulators), BEL_PROP_PERCENT=20 in the environment makes it a fifth of the rounds.
 */
#ifndef PROP_H
#define PROP_H

#include <stdbool.h>
#include <stdint.h>

#include "rng.h"

struct prop {
	const char *name;
	uint64_t seed; /* of this round; the next round's is one more */
	uint64_t first, rounds, done;
	struct bel_rng rng;
};

/* Exits with 2 on a wrong command line. */
void prop_start(struct prop *p, int argc, char **argv, uint64_t rounds, uint64_t long_rounds);
bool prop_round(struct prop *p);
int prop_failed(const struct prop *p); /* says how to repeat it; what main returns */
int prop_passed(const struct prop *p);

#endif
