/* SPDX-License-Identifier: MIT */
/*
 * blame_chrome.h: faults over time by key, as counters in Chrome's trace format (JSON), which
 * Perfetto shows. The time is the number of references; the program shows it as microseconds.
 */
#ifndef BEL_BLAME_CHROME_H
#define BEL_BLAME_CHROME_H

#include <stdio.h>

#include "blame_table.h"
#include "blame_timeline.h"

/* The table is ordered; the keys of the samples are numbers of table->keys. */
int bel_blame_chrome(FILE *file, const struct bel_blame_table *table,
	const struct bel_blame_timeline *line, const char *title, struct bel_err *err);

#endif
