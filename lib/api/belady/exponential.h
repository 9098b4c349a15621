/* SPDX-License-Identifier: MIT */
/*
 * exponential.h: e^-x for policies that weigh by it: the same bits on every machine, which the
 * mathematical library does not promise.
 *
 * By x/1024, whose series needs few terms, squared ten times; additions, multiplications and
 * divisions alone, in this order:
 *
 *	y = x / 1024
 *	s = 1; for k = 12, 11, ..., 1: s = 1 - y / k * s
 *	ten times: s = s * s
 *
 * 0 from x = 700 on. The relative error stays below 1e-8.
 *
 *	weight *= bel_exp_minus(rate);
 */
#ifndef BELADY_EXPONENTIAL_H
#define BELADY_EXPONENTIAL_H

#include "policy.h"

#define BEL_LN_2 0.69314718055994531

/* x is not negative. */
BEL_INLINE double bel_exp_minus(double x)
{
	const double y = x / 1024;
	double s = 1;

	if (x >= 700)
		return 0;
	for (int k = 12; k > 0; k--)
		s = 1 - y / k * s;
	for (int i = 0; i < 10; i++)
		s = s * s;
	return s;
}

#endif
