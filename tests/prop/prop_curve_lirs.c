/* SPDX-License-Identifier: MIT */
/* prop_curve_lirs.c: LIRS at up to 512 sizes at once is LIRS at each of them. */
#include <stddef.h>

#include "sized_curve.h"

int main(int argc, char **argv)
{
	/* Nearly all pages are LIR, or nearly all are HIR. */
	static const struct sized_curve curves[] = {
		{"lirs", "log", .spec = "lirs"},
		{"lirs", "log", .spec = "lirs:least=1"},
		{"lirs", "log", .spec = "lirs:hir=30:least=1"},
		{"lirs", "log", .spec = "lirs:hir=100"},
	};
	struct prop p;

	prop_start(&p, argc, argv, 64, 2000);
	while (prop_round(&p))
		for (size_t i = 0; i < sizeof(curves) / sizeof(*curves); i++)
			if (!sized_curve_holds(&curves[i], &p))
				return prop_failed(&p);
	return prop_passed(&p);
}
