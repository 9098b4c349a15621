/* SPDX-License-Identifier: MIT */
/* figure_measured.h: what was measured in real memory, private to lib/plot. */
#ifndef BEL_FIGURE_MEASURED_H
#define BEL_FIGURE_MEASURED_H

#include "figure.h"
#include "measured.h"

/* "measured: Linux 6.18.44 (lists)"; the caller calls free(). NULL: no memory. */
char *bel_figure_measured_name(const struct bel_measured *measured);

/* Makes one point of all measurements at one x. The points are in order of x. */
int bel_figure_measured_join(struct bel_series *series, struct bel_err *err);

/* The number of the series' name among the names of what was measured, from 0. */
unsigned bel_figure_measured_number(const struct bel_figure *figure, size_t series);

#endif
