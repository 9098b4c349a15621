/* SPDX-License-Identifier: MIT */
/*
 * slices.h: up to 64 sizes of a policy that keeps one reference bit a page, at once.
 *
 * Each page has a bit a size for "resident" and for "referenced", so that a hit at all
 * sizes is one look. Only sizes that miss are visited one by one; each has its own
 * slots, as many as it has frames, and the policy's own order of them.
 *
 * 16 bytes a page, and up to 8 bytes a frame of each size that pages can fill.
 */
#ifndef BEL_SLICES_H
#define BEL_SLICES_H

#include "curve.h"

enum { BEL_SLICES = 64, BEL_NO_SLOT = UINT32_MAX };

/* Bit s is of size s. A page is referenced only where it is resident. */
struct bel_slice {
	uint64_t resident, referenced;
};

/* One size. */
struct bel_slots {
	uint64_t frames, faults;
	uint32_t *page;  /* by slot */
	uint32_t *newer; /* by slot; NULL where the policy keeps no order of loading */
	uint32_t used, capacity;
	uint32_t hand, before, oldest, newest; /* slots; their meaning is the policy's */
};

struct bel_slices {
	struct bel_curve_setup setup;
	struct bel_slice *slice; /* by page */
	uint32_t pages, capacity;
	bool ordered;  /* keeps `newer` */
	uint64_t used; /* bits that stand for a size */
	uint64_t references;
	struct bel_slots slots[BEL_SLICES];
};

/* BEL_USAGE where the setup does not name 1 to 64 sizes; `policy` for messages. */
struct bel_slices *bel_slices_new(
	const struct bel_curve_setup *setup, bool ordered, const char *policy, struct bel_err *err);
void bel_slices_free(void *slices);

/* Room for these pages, and for the slots that they can fill. */
int bel_slices_reserve(struct bel_slices *slices, uint32_t pages, struct bel_err *err);

/* The faults so far, but for the names in the curve. */
int bel_slices_curve(const struct bel_slices *slices, struct bel_curve *curve, struct bel_err *err);

#endif
