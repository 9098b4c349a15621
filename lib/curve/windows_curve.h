/* SPDX-License-Identifier: MIT */
/* windows_curve.h: the curves of the working set and VMIN from the gaps between references. */
#ifndef BEL_WINDOWS_CURVE_H
#define BEL_WINDOWS_CURVE_H

#include "inter_reference_intervals.h"

/*
 * Fills *curve at the setup's windows, or at those of bel_inter_reference_windows(); not its
 * policy. `forward`: a page stays until its next use (VMIN), not for tau references after its last.
 */
int bel_windows_curve(const struct bel_inter_reference_intervals *gaps,
	const struct bel_curve_setup *setup, bool forward, struct bel_curve *curve,
	struct bel_err *err);

#endif
