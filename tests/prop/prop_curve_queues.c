/* SPDX-License-Identifier: MIT */
/*
 * prop_curve_queues.c: a policy that promotes lazily, at 64 sizes at once, is its reference model at
 * each of them, with each of the model's parameters.
 */
#include <string.h>

#include "reference_model.h"
#include "sized_curve.h"

static bool policy_holds(const char *policy, struct prop *p)
{
	const struct model_kind *const kind = model_of(policy);
	struct sized_curve curve = {policy, "sliced", .simd = true};
	size_t specs = 0;

	while (kind->specs[specs])
		specs++;
	/* clock-pro:repeats=off is left to engines. */
	do
		curve.spec = kind->specs[bel_rng_below(&p->rng, specs)];
	while (strstr(curve.spec, "repeats"));
	return sized_curve_holds(&curve, p);
}

int main(int argc, char **argv)
{
	static const char *const policies[] = {"s3-fifo", "second-chance", "enhanced-clock",
		"qd-lp-fifo", "car", "cart", "clock-pro"};
	struct prop p;

	prop_start(&p, argc, argv, 150, 10000);
	while (prop_round(&p))
		for (size_t i = 0; i < sizeof(policies) / sizeof(*policies); i++)
			if (!policy_holds(policies[i], &p))
				return prop_failed(&p);
	return prop_passed(&p);
}
