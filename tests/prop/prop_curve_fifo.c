/* SPDX-License-Identifier: MIT */
/* prop_curve_fifo.c: FIFO at 64 sizes at once is FIFO at each of them. */
#include "sized_curve.h"

static struct naive_counts naive(uint64_t frames, const struct random_trace *t)
{
	const struct naive_setup setup = {NAIVE_FIFO, .frames = frames};

	return naive_run(&setup, t->ref, t->count);
}

int main(int argc, char **argv)
{
	const struct sized_curve fifo = {"fifo", "rows", "fifo", .simd = true, .naive = naive};
	struct prop p;

	prop_start(&p, argc, argv, 1000, 10000);
	while (prop_round(&p))
		if (!sized_curve_holds(&fifo, &p))
			return prop_failed(&p);
	return prop_passed(&p);
}
