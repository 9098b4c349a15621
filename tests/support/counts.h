/* SPDX-License-Identifier: MIT */
/* counts.h: whether an engine has counted what a list-scanning simulator has. */
#ifndef COUNTS_H
#define COUNTS_H

#include "naive.h"
#include "sim.h"

/* Else says in text (of size bytes) which count differs first. */
bool counts_agree(
	const struct bel_sim *sim, const struct naive_counts *naive, char *text, size_t size);

#endif
