/* SPDX-License-Identifier: MIT */
/*
 * lifetime.h: what a fault curve says of how much memory to give: the lifetime function, its
 * knee, and the space-time product.
 *
 * With m pages a program runs L(m) = references / faults between two faults. Its knee is where
 * L(m) / m is largest: where a ray from the origin that turns down touches the curve
 * (P. J. Denning, Working sets past and present, IEEE TSE 6(1), 1980: the primary knee). The
 * space-time product charges for memory as long as it is held, the time that faults take included.
 */
#ifndef BEL_LIFETIME_H
#define BEL_LIFETIME_H

#include "curve.h"

/* Pages held at a point: the mean resident set where the curve has it, else the frames. */
double bel_lifetime_memory(const struct bel_curve *curve, size_t i);

/* L at a point of a curve with references. */
double bel_lifetime_at(const struct bel_curve *curve, size_t i);

/* In page references, where a fault takes as long as `fault` references. */
double bel_space_time_at(const struct bel_curve *curve, size_t i, double fault);

/* The curve's point of the knee; of equal ones the first. Call only where there are references. */
size_t bel_lifetime_knee(const struct bel_curve *curve);

/* The point of the least space-time product. */
size_t bel_space_time_least(const struct bel_curve *curve, double fault);

#endif
