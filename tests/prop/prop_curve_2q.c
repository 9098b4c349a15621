/* SPDX-License-Identifier: MIT */
/* prop_curve_2q.c: 2Q at up to 512 sizes at once is 2Q at each of them. */
#include <stddef.h>

#include "sized_curve.h"

int main(int argc, char **argv)
{
	/* Kin or Kout 0; and many entries in A1out, so that a page has several stale ones. */
	static const struct sized_curve curves[] = {
		{"2q", "log", .spec = "2q"},
		{"2q", "log", .spec = "2q:early=on"},
		{"2q", "log", .spec = "2q:kin=10:kout=200"},
		{"2q", "log", .spec = "2q:kin=0:kout=0"},
		{"2q", "log", .spec = "2q:kin=0:kout=1000"},
		{"2q", "log", .spec = "2q:kin=100:kout=1000:early=on"},
	};
	struct prop p;

	prop_start(&p, argc, argv, 100, 5000);
	while (prop_round(&p))
		for (size_t i = 0; i < sizeof(curves) / sizeof(*curves); i++)
			if (!sized_curve_holds(&curves[i], &p))
				return prop_failed(&p);
	return prop_passed(&p);
}
