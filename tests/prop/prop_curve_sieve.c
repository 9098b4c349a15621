/* SPDX-License-Identifier: MIT */
/* prop_curve_sieve.c: SIEVE at 64 sizes at once is SIEVE at each of them. */
#include "reference_model.h"
#include "sized_curve.h"

static struct naive_counts naive(uint64_t frames, const struct random_trace *t)
{
	const struct model_setup setup = {.kind = model_of("sieve"),
		.frames = frames,
		.pages = t->pages,
		.refs = t->ref,
		.count = t->count};
	struct reference_model *model = model_new(&setup);
	struct naive_counts counts;

	for (size_t i = 0; i < t->count; i++)
		model_step(model);
	counts = model->counts;
	model_free(model);
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
