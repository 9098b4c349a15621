/* SPDX-License-Identifier: MIT */
/*
 * curve_spec.h: the policies that curves are asked for, and how each curve is to be had.
 *
 * An algorithm that registered for a policy's curve takes over where it can do what was asked (its
 * parameters, its pages); all else goes through the engine, size by size.
 */
#ifndef BEL_CURVE_SPEC_H
#define BEL_CURVE_SPEC_H

#include "curve.h"
#include "spec.h"

struct bel_curve_spec {
	const char *name;
	const struct bel_policy_spec *spec; /* borrowed */
	uint64_t tau;                       /* the one window asked for, 0: none given */
};

/* One for each of the specs, which outlive them: *made is an array for the caller to free(). */
int bel_curve_specs_make(const struct bel_policy_spec *specs, size_t count,
	struct bel_curve_spec **made, struct bel_err *err);

/*
 * The algorithm for a spec on a trace of `pages` pages (0: not known yet), with its
 * parameters in the order of its table; NULL: the engine. `caps` (enum bel_curve_cap): what it
 * must be able to do.
 */
const struct bel_curve_algorithm *bel_curve_choose(
	const struct bel_curve_spec *spec, uint64_t pages, uint32_t caps, double param[8]);

#endif
