/* SPDX-License-Identifier: MIT */
/*
 * summary_regions.h: internals of the summary, for its two files: references by region.
 */
#ifndef BEL_SUMMARY_REGIONS_H
#define BEL_SUMMARY_REGIONS_H

#include "summary.h"

int bel_summary_reserve_pages(struct bel_summary *summary, size_t pages, struct bel_err *err);

/* Makes room for the counts of all mappings known so far. */
int bel_summary_reserve_mappings(struct bel_summary *summary, struct bel_err *err);

/* Counts a run for its page. */
void bel_summary_place(struct bel_summary *summary, struct bel_run run, struct bel_granules pages);

/* A page is placed some runs later: fetches what is read of it. Any number is right. */
void bel_summary_fetch(const struct bel_summary *summary, uint32_t page, struct bel_granules pages);
/* At the end: adds the counts of pages, and the mapped bytes, to regions and mappings. */
void bel_summary_credit(struct bel_summary *summary);

#endif
