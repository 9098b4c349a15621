/* SPDX-License-Identifier: MIT */
/* grow.h: enlarges the arrays of curves, which have an element for each page. */
#ifndef BEL_GROW_H
#define BEL_GROW_H

#include <stddef.h>

#include "err.h"

/*
 * Enlarges the array at *(T **)array, of elements of `width` bytes, from `had` to `count` elements.
 * New bytes are set to `byte`. BEL_FAIL: out of memory for `what`; the array is as it was.
 */
int bel_curve_grow(void *array, size_t width, size_t had, size_t count, int byte, const char *what,
	struct bel_err *err);

#endif
