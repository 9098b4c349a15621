/* SPDX-License-Identifier: MIT */
/*
 * gen_slice.h: cuts generated references to a slice: where references to another page begin. Private to
 * lib/gen.
 *
 *	struct bel_gen_cut cut = {.sliced = true, .began = !from, .to = to, .last = page before `from`};
 *
 *	n = bel_gen_cut(&cut, now, access, n);     for all references from `from` on, until cut.ended
 */
#ifndef BEL_GEN_SLICE_H
#define BEL_GEN_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace.h"

struct bel_gen_cut {
	bool sliced, began, ended;
	uint64_t to;   /* UINT64_MAX: the end */
	uint64_t last; /* page of the reference before */
};

/* Moves what is in the slice to the front; returns how many. `now`: number of the first. */
size_t bel_gen_cut(struct bel_gen_cut *cut, uint64_t now, struct bel_access *access, size_t n);

#endif
