/* SPDX-License-Identifier: MIT */
/*
 * sized_curve.h: tests the curve algorithms for up to 64 sizes. On short traces, every size must
 * equal the result of a list-scanning simulator, on both code paths: faults, and write-backs and mean
 * resident pages where the curve has them. On long traces of many pages,
 * it must equal the engine's.
 */
#ifndef SIZED_CURVE_H
#define SIZED_CURVE_H

#include "curve_feed.h"
#include "prop.h"

struct sized_curve {
	const char *policy, *algorithm;
	const char *spec; /* the engine's spec: "clock:bit=0" */
	double param;     /* the first one */
	/* NULL: the reference model of the spec, with all parameters of the spec. */
	struct naive_counts (*naive)(uint64_t frames, const struct random_trace *t);
};

/* One round; prints what went wrong. */
bool sized_curve_holds(const struct sized_curve *c, struct prop *p);

/* Makes runs over many pages that come and go, for more than one batch; *pages: their number. */
void many_pages(struct run_list *runs, uint32_t *pages, struct bel_rng *rng, size_t count);

#endif
