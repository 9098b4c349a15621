/* SPDX-License-Identifier: MIT */
/* prop_curve_sieve.c: SIEVE at 64 sizes at once is SIEVE at each of them. */
#include "sized_curve.h"
#include "twin.h"

static struct naive_counts naive(uint64_t frames, const struct random_trace *t)
{
	const struct twin_setup setup = {.kind = twin_of("sieve"),
		.frames = frames,
		.pages = t->pages,
		.refs = t->ref,
		.count = t->count};
	struct twin *twin = twin_new(&setup);
	struct naive_counts counts;

	for (size_t i = 0; i < t->count; i++)
		twin_step(twin);
	counts = twin->counts;
	twin_free(twin);
	return counts;
}

int main(int argc, char **argv)
{
	const struct sized_curve sieve = {"sieve", "sliced", "sieve", .naive = naive};
	struct prop p;

	prop_start(&p, argc, argv, 1000, 10000);
	while (prop_round(&p))
		if (!sized_curve_holds(&sieve, &p))
			return prop_failed(&p);
	return prop_passed(&p);
}
