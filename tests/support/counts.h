/* SPDX-License-Identifier: MIT */
/* counts.h: compares an engine's counts with those of a list-scanning simulator. */
#ifndef BEL_COUNTS_H
#define BEL_COUNTS_H

#include "naive.h"
#include "sim.h"

/* True if they agree; otherwise writes to `text` (of `size` bytes) which count differs first. */
bool counts_agree(
	const struct bel_sim *sim, const struct naive_counts *naive, char *text, size_t size);

/* The same for a tally. */
bool tally_agrees(
	const struct bel_tally *tally, const struct naive_counts *naive, char *text, size_t size);

#endif
