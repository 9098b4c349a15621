/* SPDX-License-Identifier: MIT */
/* grow.c: enlarges the arrays of curves. */
#include "grow.h"

#include <stdlib.h>
#include <string.h>

int bel_curve_grow(void *array, size_t width, size_t had, size_t count, int byte, const char *what,
	struct bel_err *err)
{
	char *old, *grown;

	/* The caller's pointer has another type than char *: only its bytes are copied. */
	memcpy(&old, array, sizeof(old));
	grown = reallocarray(old, count, width);
	if (!grown)
		return bel_err_memory(err, what);
	memset(grown + had * width, byte, (count - had) * width);
	memcpy(array, &grown, sizeof(grown));
	return BEL_OK;
}
