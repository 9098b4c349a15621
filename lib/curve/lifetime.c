/* SPDX-License-Identifier: MIT */
/* lifetime.c: lifetime function, knee and space-time product of a fault curve. */
#include "lifetime.h"

double bel_lifetime_memory(const struct bel_curve *curve, size_t i)
{
	return curve->mean_resident ? curve->mean_resident[i] : (double)curve->x[i];
}

double bel_lifetime_at(const struct bel_curve *curve, size_t i)
{
	return (double)curve->references / (double)curve->faults[i];
}

double bel_space_time_at(const struct bel_curve *curve, size_t i, double fault)
{
	return bel_lifetime_memory(curve, i) *
	       ((double)curve->references + fault * (double)curve->faults[i]);
}

size_t bel_lifetime_knee(const struct bel_curve *curve)
{
	size_t knee = 0;

	/*
	 * L(m) / m without the constant references. There is no division, so equal values compare
	 * equal.
	 */
	for (size_t i = 1; i < curve->count; i++)
		if ((double)curve->faults[i] * bel_lifetime_memory(curve, i) <
			(double)curve->faults[knee] * bel_lifetime_memory(curve, knee))
			knee = i;
	return knee;
}

size_t bel_space_time_least(const struct bel_curve *curve, double fault)
{
	size_t least = 0;

	for (size_t i = 1; i < curve->count; i++)
		if (bel_space_time_at(curve, i, fault) < bel_space_time_at(curve, least, fault))
			least = i;
	return least;
}
