/* SPDX-License-Identifier: MIT */
/*
 * model_curve.h: tests a curve algorithm for several sizes against the policy's reference model.
 *
 * On short traces faults, write-backs and mean resident pages must be the model's at every size.
 * On long traces of many pages the counts must be the engine's.
 *
 *	const struct model_curve arc = {"arc", "log", "arc:integer=on"};
 *
 *	if (!model_curve_holds(&arc, &p))
 *		return prop_failed(&p);
 */
#ifndef MODEL_CURVE_H
#define MODEL_CURVE_H

#include "prop.h"

struct model_curve {
	const char *policy, *algorithm;
	const char *spec; /* with parameters, as after -p */
};

/* One round; prints what went wrong. */
bool model_curve_holds(const struct model_curve *c, struct prop *p);

#endif
