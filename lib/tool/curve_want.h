/* SPDX-License-Identifier: MIT */
/*
 * curve_want.h: the policies that curves are asked for, and how each curve is to be had.
 *
 * An algorithm that registered for a policy's curve takes over where it can do what was asked (its
 * parameters, its pages); all else goes through the engine, size by size.
 */
#ifndef BEL_CURVE_WANT_H
#define BEL_CURVE_WANT_H

#include "curve.h"
#include "spec.h"

struct curve_want {
	const char *name;
	const struct bel_policy_spec *spec; /* borrowed */
	uint64_t tau;                       /* the one window asked for, 0: none given */
};

/* One for each of the specs, which outlive them: *wants is an array for the caller to free(). */
int curve_wants_make(const struct bel_policy_spec *specs, size_t count, struct curve_want **wants,
	struct bel_err *err);

/*
 * The algorithm for a want on a trace of `pages` pages (0: not known yet), with its
 * parameters in the order of its table; NULL: the engine. `caps` (enum bel_curve_cap): what it
 * must be able to do.
 */
const struct bel_curve_algorithm *curve_choose(
	const struct curve_want *want, uint64_t pages, uint32_t caps, double param[8]);

#endif
