/* SPDX-License-Identifier: MIT */
/*
 * exponential.h: e^-x for the weights of policies. The result has the same bits on every machine;
 * exp() of the C library does not guarantee that.
 *
 * It computes e^(-x/1024), whose series needs few terms, and squares it ten times. It uses only
 * additions, multiplications and divisions, in this order:
 *
 *	y = x / 1024
 *	s = 1; for k = 12, 11, ..., 1: s = 1 - y / k * s
 *	ten times: s = s * s
 *
 * From x = 700 on the result is 0. The relative error is below 1e-8.
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
