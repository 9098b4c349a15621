/* SPDX-License-Identifier: MIT */
/*
 * mix.h: one or several traces as the input of a pass, as one machine would see them.
 *
 * Several traces are interleaved: each has the processor for `quantum` references (to the
 * end of the run in which they are full), in turn, until it ends. Address spaces and
 * pages are numbered anew in order of their appearance.
 */
#ifndef BEL_MIX_H
#define BEL_MIX_H

#include "pass.h"

struct bel_mix;

/* The sources stay the caller's and outlive the mix. Their pages are of one size. */
struct bel_mix *bel_mix_new(
	struct bel_source *const *sources, size_t count, uint64_t quantum, struct bel_err *err);
void bel_mix_free(struct bel_mix *mix); /* NULL is allowed */

struct bel_pass_input bel_mix_input(struct bel_mix *mix);

#endif
