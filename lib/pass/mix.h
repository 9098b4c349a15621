/* SPDX-License-Identifier: MIT */
/*
 * mix.h: one trace, or several interleaved traces, as the input of a pass, as one machine would
 * run them.
 *
 * Each trace in turn runs for `quantum` references (and to the end of the run that reaches it),
 * until all have ended. Address spaces and pages are renumbered in order of first appearance.
 */
#ifndef BEL_MIX_H
#define BEL_MIX_H

#include "pass.h"

struct bel_mix;

/* The sources belong to the caller and outlive the mix. They must have the same page size. */
struct bel_mix *bel_mix_new(
	struct bel_source *const *sources, size_t count, uint64_t quantum, struct bel_err *err);
void bel_mix_free(struct bel_mix *mix); /* NULL is allowed */

struct bel_pass_input bel_mix_input(struct bel_mix *mix);

#endif
