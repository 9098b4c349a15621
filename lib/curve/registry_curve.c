/* SPDX-License-Identifier: MIT */
/* registry_curve.c: the registered curve algorithms, in order. */
#include <stdlib.h>
#include <string.h>

#include "curve.h"

extern const struct bel_curve_algorithm *const __start_bel_curves[];
extern const struct bel_curve_algorithm *const __stop_bel_curves[];

static int before(const struct bel_curve_algorithm *a, const struct bel_curve_algorithm *b)
{
	int order = strcmp(a->policy, b->policy);

	return order ? order < 0 : a->rank < b->rank;
}

/* Selects by counting: there are few algorithms, and the linker chooses the section's order. */
const struct bel_curve_algorithm *bel_curve_at(size_t index)
{
	const size_t count = (size_t)(__stop_bel_curves - __start_bel_curves);

	for (size_t i = 0; i < count; i++) {
		size_t smaller = 0;

		for (size_t j = 0; j < count; j++)
			smaller += before(__start_bel_curves[j], __start_bel_curves[i]) ||
				   (j < i && !before(__start_bel_curves[i], __start_bel_curves[j]));
		if (smaller == index)
			return __start_bel_curves[i];
	}
	return NULL;
}

void bel_curve_release(struct bel_curve *curve)
{
	free(curve->x);
	free(curve->faults);
	free(curve->writebacks);
	free(curve->dirty);
	free(curve->mean_resident);
	free(curve->low);
	free(curve->high);
	*curve = (struct bel_curve){0};
}
