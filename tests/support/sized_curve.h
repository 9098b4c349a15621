/* SPDX-License-Identifier: MIT */
/*
 * sized_curve.h: the property that curves of up to 64 sizes share: at every size what a
 * list-scanning simulator counts, both paths alike, on short traces; and what the engine counts,
 * on long ones of many pages.
 */
#ifndef SIZED_CURVE_H
#define SIZED_CURVE_H

#include "curve_feed.h"
#include "prop.h"

struct sized_curve {
	const char *policy, *algorithm;
	const char *spec; /* of the engine: "clock:bit=0" */
	double param;     /* the first one */
	struct naive_counts (*naive)(uint64_t frames, const struct random_trace *t);
};

/* One round; says what went wrong. */
bool sized_curve_holds(const struct sized_curve *c, struct prop *p);

/* Runs over many pages that come and go, as more than one batch; *pages of them. */
void many_pages(struct run_list *runs, uint32_t *pages, struct bel_rng *rng, size_t count);

#endif
