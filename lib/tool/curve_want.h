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
	struct bel_policy_spec *spec; /* owned */
	uint64_t tau;                 /* the one window asked for, 0: none given */
};

/* "lru,clock:bit=0,vmin,./mine.so". *wants is the caller's, freed with curve_wants_free(). */
int curve_wants_parse(
	const char *text, struct curve_want **wants, size_t *count, struct bel_err *err);
void curve_wants_free(struct curve_want *wants, size_t count);

/*
 * The algorithm for a want on a trace of `pages` pages (0: not known yet), with its
 * parameters in the order of its table; NULL: the engine. `caps` (enum bel_curve_cap): what it
 * must be able to do.
 */
const struct bel_curve_algorithm *curve_choose(
	const struct curve_want *want, uint64_t pages, uint32_t caps, double param[8]);

#endif
