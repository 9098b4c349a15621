/* SPDX-License-Identifier: MIT */
/*
 * curve_spec.h: the policies whose curves are requested, and the algorithm for each.
 *
 * If an algorithm is registered for the policy's curve and supports the request (the parameters,
 * the number of pages), it is used. Otherwise the engine simulates each size.
 */
#ifndef BEL_CURVE_SPEC_H
#define BEL_CURVE_SPEC_H

#include "curve.h"
#include "spec.h"

struct bel_curve_spec {
	const char *name;
	const struct bel_policy_spec *spec; /* borrowed */
	uint64_t tau;                       /* the requested window; 0: none */
};

/*
 * Makes one for each of the specs, which must outlive them. *made is an array; the caller calls
 * free().
 */
int bel_curve_specs_make(const struct bel_policy_spec *specs, size_t count,
	struct bel_curve_spec **made, struct bel_err *err);

/*
 * The algorithm for a spec on a trace of `pages` pages (0: not yet known), and its parameters in
 * the order of its table. NULL: use the engine. `caps` (enum bel_curve_cap): what it must be able
 * to do. BEL_CURVE_REQUESTS gives other counts, so an algorithm has it only if it is asked for.
 */
const struct bel_curve_algorithm *bel_curve_choose(
	const struct bel_curve_spec *spec, uint64_t pages, uint32_t caps, double param[8]);

/*
 * Of these ascending numbers of frames, how many of the first ones an engine for each is cheaper for
 * than the algorithm: those with few frames, or all if few are left.
 */
size_t bel_curve_left_to_engines(
	const struct bel_curve_algorithm *algorithm, const uint64_t *frames, size_t count);

#endif
