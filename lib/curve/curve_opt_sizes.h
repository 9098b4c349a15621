/* SPDX-License-Identifier: MIT */
/*
 * curve_opt_sizes.h: the algorithm for OPT at some sizes, for the one for all sizes, which hands
 * the trace over to it where that costs less.
 */
#ifndef BEL_CURVE_OPT_SIZES_H
#define BEL_CURVE_OPT_SIZES_H

#include "curve.h"

extern const struct bel_curve_algorithm bel_curve_opt_sizes;

#endif
