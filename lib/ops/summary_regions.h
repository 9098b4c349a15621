/* SPDX-License-Identifier: MIT */
/*
 * summary_regions.h: the inside of the summary, for its two files: where references go.
 */
#ifndef BEL_SUMMARY_REGIONS_H
#define BEL_SUMMARY_REGIONS_H

#include "summary.h"

int bel_summary_reserve_pages(struct bel_summary *summary, size_t pages, struct bel_err *err);

/* Room for the counts of all mappings that the map knows. */
int bel_summary_reserve_mappings(struct bel_summary *summary, struct bel_err *err);

/* Counts a run for its page; what pages have, and what was mapped, goes to regions, mappings and
 * gaps at the end. */
void bel_summary_place(struct bel_summary *summary, struct bel_run run, struct bel_granules pages);
void bel_summary_credit(struct bel_summary *summary);

#endif
