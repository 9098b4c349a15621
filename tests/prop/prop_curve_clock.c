/* SPDX-License-Identifier: MIT */
/* prop_curve_clock.c: Clock with either bit, at 64 sizes at once, is Clock at each of them. */
#include "sized_curve.h"

static struct naive_counts loaded_set(uint64_t frames, const struct random_trace *t)
{
	const struct naive_setup setup = {NAIVE_CLOCK, .frames = frames};

	return naive_run(&setup, t->ref, t->count);
}

static struct naive_counts loaded_clear(uint64_t frames, const struct random_trace *t)
{
	const struct naive_setup setup = {NAIVE_CLOCK, .frames = frames, .loads_cleared = true};

	return naive_run(&setup, t->ref, t->count);
}

int main(int argc, char **argv)
{
	const struct sized_curve clock[] = {
		{"clock", "sliced", "clock:bit=1", .simd = true, .naive = loaded_set},
		{"clock", "sliced", "clock:bit=0", .simd = true, .naive = loaded_clear},
	};
	struct prop p;

	prop_start(&p, argc, argv, 600, 10000);
	while (prop_round(&p))
		if (!sized_curve_holds(&clock[0], &p) || !sized_curve_holds(&clock[1], &p))
			return prop_failed(&p);
	return prop_passed(&p);
}
