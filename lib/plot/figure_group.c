/* SPDX-License-Identifier: MIT */
/* figure_group.c: which series share a panel, and which are equal. */
#include "figure_group.h"

#include <stdlib.h>
#include <string.h>

/* Rows are in one panel if they count the same. */
static bool share_panel(
	const struct bel_figure_spec *spec, const struct bel_series *a, const struct bel_series *b)
{
	return !strcmp(a->trace, b->trace) &&
	       (!spec->rows.word[0] || !strcmp(a->params, b->params));
}

void bel_figure_group(struct bel_figure *figure)
{
	const struct bel_figure_spec *spec = figure->spec;

	figure->panels = 1;
	figure->high = bel_figure_spec_axis_is(spec, "high");
	if (figure->names || bel_figure_spec_axis_is(spec, "panels"))
		return;
	figure->panels = 0;
	for (size_t i = 0; i < figure->count; i++) {
		struct bel_series *const series = &figure->series[i];
		size_t k = 0;

		while (k < i && !share_panel(spec, &figure->series[k], series))
			k++;
		series->panel = k < i ? figure->series[k].panel : figure->panels++;
	}
}

static bool same_points(const struct bel_series *a, const struct bel_series *b)
{
	if (a->points != b->points || a->banded != b->banded || b->kind == BEL_SERIES_MEASURED ||
		a->kind == BEL_SERIES_FLOOR || b->kind == BEL_SERIES_SPOT)
		return false;
	for (size_t i = 0; i < a->points; i++)
		if (a->point[i].x != b->point[i].x || a->point[i].y != b->point[i].y ||
			memcmp(a->point[i].column, b->point[i].column,
				sizeof(a->point[i].column)) != 0)
			return false;
	return true;
}

void bel_figure_twins(struct bel_figure *figure)
{
	for (size_t i = 0; i < figure->count; i++) {
		struct bel_series *const series = &figure->series[i];

		series->twin = 0;
		for (size_t k = 0; k < i && !series->twin; k++)
			if (figure->series[k].panel == series->panel && !figure->series[k].twin &&
				same_points(&figure->series[k], series))
				series->twin = k + 1;
	}
}

bool bel_figure_rename(const struct bel_figure *figure, char **text, struct bel_err *err)
{
	for (size_t i = 0; i < figure->renames; i++) {
		char *copy;

		if (strcmp(figure->rename[i].from, *text) != 0)
			continue;
		copy = strdup(figure->rename[i].to);
		if (!copy) {
			bel_err_memory(err, "a figure");
			return false;
		}
		free(*text);
		*text = copy;
		figure->rename[i].used = true;
		return true;
	}
	return true;
}
