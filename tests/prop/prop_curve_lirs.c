/* SPDX-License-Identifier: MIT */
/* prop_curve_lirs.c: LIRS at up to 512 sizes at once is LIRS at each of them. */
#include <stddef.h>

#include "model_curve.h"

int main(int argc, char **argv)
{
	/* Nearly all pages are LIR, or nearly all are HIR. */
	static const struct model_curve curves[] = {
		{"lirs", "log", "lirs"},
		{"lirs", "log", "lirs:least=1"},
		{"lirs", "log", "lirs:hir=30:least=1"},
		{"lirs", "log", "lirs:hir=100"},
	};
	struct prop p;

	prop_start(&p, argc, argv, 30, 2000);
	while (prop_round(&p))
		for (size_t i = 0; i < sizeof(curves) / sizeof(*curves); i++)
			if (!model_curve_holds(&curves[i], &p))
				return prop_failed(&p);
	return prop_passed(&p);
}
