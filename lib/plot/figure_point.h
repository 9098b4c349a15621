/* SPDX-License-Identifier: MIT */
/*
 * figure_point.h: the points of a record, private to lib/plot.
 *
 * The members that a figure draws are looked up once for a record, because a curve may have
 * millions of points.
 */
#ifndef BEL_FIGURE_POINT_H
#define BEL_FIGURE_POINT_H

#include "figure.h"

/* A path, or a ratio of two ("a/b"). */
struct bel_figure_number {
	const char *path;
	bool ratio;
	struct bel_record_column above, below;
};

struct bel_figure_members {
	const struct bel_record *record;
	struct bel_figure_number y, x, width, low, high;
	struct bel_figure_number column[BEL_FIGURE_SPEC_COLUMNS];
	bool has_x, has_width, has_band;
	size_t columns;
};

/* Whether the record has the path, or both paths of a ratio. */
bool bel_figure_has_number(const struct bel_record *record, const char *path);

/* The first path that the record has. If it has none: the first path, for the message. */
const char *bel_figure_choose(
	const struct bel_record *record, const struct bel_figure_spec_text *words, size_t *chosen);

/* The spec and the record must outlive the members. */
void bel_figure_members_find(struct bel_figure_members *members, const struct bel_figure_spec *spec,
	const struct bel_record *record);

/*
 * BEL_FAIL if the members that are drawn are not lists of one length, or not all one number each.
 * What they are divided by, a width and further columns may be one number for all points.
 */
int bel_figure_members_check(const struct bel_figure_members *members, struct bel_err *err);

/* Gets element i of everything that the figure draws from the record. */
int bel_figure_point_get(const struct bel_figure_members *members, size_t i,
	struct bel_point *point, struct bel_err *err);

/* A path, or a ratio, that is one number. */
int bel_figure_get_number(
	const struct bel_record *record, const char *path, double *value, struct bel_err *err);

#endif
