/* SPDX-License-Identifier: MIT */
/*
 * sized_curve.h: tests a curve algorithm for several sizes against simulators of one size.
 *
 * On short traces, faults, write-backs and mean resident pages at every size must be those of a
 * list-scanning simulator. On long traces of many pages the counts must be the engine's.
 *
 *	const struct sized_curve arc = {"arc", "log", .spec = "arc:integer=on"};
 *
 *	if (!sized_curve_holds(&arc, &p))
 *		return prop_failed(&p);
 */
#ifndef BEL_SIZED_CURVE_H
#define BEL_SIZED_CURVE_H

#include "curve_feed.h"
#include "prop.h"

struct sized_curve {
	const char *policy, *algorithm;
	const char *spec; /* with parameters, as after -p */
	bool simd; /* the algorithm also has a portable form; both must give the same curve */
	/* NULL: the reference model of the policy, with the parameters of the spec. */
	struct naive_counts (*naive)(uint64_t frames, const struct random_trace *t);
};

/* One round; prints what went wrong. */
bool sized_curve_holds(const struct sized_curve *c, struct prop *p);

#endif
