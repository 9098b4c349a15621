/* SPDX-License-Identifier: MIT */
/* prop_curve_sieve.c: SIEVE at 64 sizes at once is SIEVE at each of them. */
#include "sized_curve.h"

int main(int argc, char **argv)
{
	const struct sized_curve sieve = {"sieve", "sliced", "sieve", .simd = true};
	struct prop p;

	prop_start(&p, argc, argv, 1000, 10000);
	while (prop_round(&p))
		if (!sized_curve_holds(&sieve, &p))
			return prop_failed(&p);
	return prop_passed(&p);
}
