/* SPDX-License-Identifier: MIT */
/* points.c: the points at which a curve is given. */
#include "points.h"

#include <stdlib.h>
#include <string.h>

int bel_points_init(struct bel_curve *curve, const struct bel_curve_setup *setup, uint32_t pages,
	struct bel_err *err)
{
	*curve = (struct bel_curve){.count = setup->x ? setup->count : pages ? pages : 1};
	curve->x = malloc((curve->count + 1) * sizeof(*curve->x));
	curve->faults = calloc(curve->count + 1, sizeof(*curve->faults));
	if (!curve->x || !curve->faults) {
		bel_curve_release(curve);
		return bel_err_memory(err, "a curve");
	}
	for (size_t i = 0; i < curve->count; i++)
		curve->x[i] = setup->x ? setup->x[i] : i + 1;
	return BEL_OK;
}

int bel_points_init_writebacks(struct bel_curve *curve, const struct bel_curve_setup *setup,
	uint32_t pages, struct bel_err *err)
{
	if (bel_points_init(curve, setup, pages, err) < 0)
		return BEL_FAIL;
	if (!setup->writebacks)
		return BEL_OK;
	curve->writebacks = calloc(curve->count + 1, sizeof(*curve->writebacks));
	curve->dirty = calloc(curve->count + 1, sizeof(*curve->dirty));
	if (curve->writebacks && curve->dirty)
		return BEL_OK;
	bel_curve_release(curve);
	return bel_err_memory(err, "a curve");
}

int bel_points_reserve_dirty(uint64_t **dirty, size_t from, size_t to, struct bel_err *err)
{
	uint64_t *const grown = realloc(*dirty, to * sizeof(*grown));

	if (!grown)
		return bel_err_memory(err, "pages of a curve");
	memset(grown + from, 0, (to - from) * sizeof(*grown));
	*dirty = grown;
	return BEL_OK;
}
