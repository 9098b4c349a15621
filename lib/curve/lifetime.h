/* SPDX-License-Identifier: MIT */
/*
 * lifetime.h: how much memory to give a program, from its fault curve: the lifetime function, its
 * knee, and the space-time product.
 *
 * With m pages a program makes L(m) = references / faults references between two faults. The knee
 * is where L(m) / m is largest: there a ray from the origin touches the curve (P. J. Denning,
 * Working sets past and present, IEEE TSE 6(1), 1980: the primary knee). The space-time product is
 * the memory held, multiplied by the time for which it is held; this time includes the time that
 * faults take.
 */
#ifndef BEL_LIFETIME_H
#define BEL_LIFETIME_H

#include "curve.h"

/* Pages held at a point: the mean resident set if the curve has it, otherwise the frames. */
double bel_lifetime_memory(const struct bel_curve *curve, size_t i);

/* L at a point. The curve must have references. */
double bel_lifetime_at(const struct bel_curve *curve, size_t i);

/* In page references. A fault takes as long as `fault` references. */
double bel_space_time_at(const struct bel_curve *curve, size_t i, double fault);

/* The point of the knee; the first of equal ones. The curve must have references. */
size_t bel_lifetime_knee(const struct bel_curve *curve);

/* The point with the lowest space-time product. */
size_t bel_space_time_least(const struct bel_curve *curve, double fault);

#endif
