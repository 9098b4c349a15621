/* SPDX-License-Identifier: MIT */
/*
 * figure_group.h: which series of a figure belong together, private to lib/plot.
 */
#ifndef BEL_FIGURE_GROUP_H
#define BEL_FIGURE_GROUP_H

#include "figure.h"

/* Gives each series its panel: one for each trace, unless the figure makes its own. */
void bel_figure_group(struct bel_figure *figure);

/* Finds series that are equal to an earlier one of their panel, so that the key can say so. */
void bel_figure_twins(struct bel_figure *figure);

/* Finds the ranges of the axes. */
void bel_figure_measure(struct bel_figure *figure);

/* Replaces an owned text if the figure renames it; false: no memory. */
bool bel_figure_rename(const struct bel_figure *figure, char **text, struct bel_err *err);

#endif
