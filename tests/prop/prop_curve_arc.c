/* SPDX-License-Identifier: MIT */
/* prop_curve_arc.c: ARC at up to 512 sizes at once is ARC at each of them. */
#include "sized_curve.h"

int main(int argc, char **argv)
{
	const struct sized_curve real = {"arc", "log", .spec = "arc"};
	const struct sized_curve integer = {"arc", "log", .spec = "arc:integer=on"};
	struct prop p;

	prop_start(&p, argc, argv, 200, 10000);
	while (prop_round(&p))
		if (!sized_curve_holds(&real, &p) || !sized_curve_holds(&integer, &p))
			return prop_failed(&p);
	return prop_passed(&p);
}
