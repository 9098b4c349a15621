/* SPDX-License-Identifier: MIT */
/* figure_group.c: which series share a panel, which are equal, and which are the best. */
#include "figure_group.h"

#include <stdlib.h>
#include <string.h>

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

		while (k < i && strcmp(figure->series[k].trace, series->trace) != 0)
			k++;
		series->panel = k < i ? figure->series[k].panel : figure->panels++;
	}
}

static bool same_points(const struct bel_series *a, const struct bel_series *b)
{
	if (a->points != b->points || a->banded != b->banded || a->kind == BEL_SERIES_FLOOR ||
		b->kind == BEL_SERIES_SPOT)
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

/* What ranks a series: the mean of all points of the series with its name. */
struct rank {
	const char *name;
	double mean;
	bool high;
};

static int by_mean(const void *left, const void *right)
{
	const struct rank *a = left, *b = right;

	if (a->mean != b->mean)
		return (a->mean < b->mean) != a->high ? -1 : 1;
	return strcmp(a->name, b->name);
}

static double mean_of(const struct bel_figure *figure, const char *name)
{
	double sum = 0;
	size_t n = 0;

	for (size_t i = 0; i < figure->count; i++) {
		const struct bel_series *const series = &figure->series[i];

		if (series->kind == BEL_SERIES_FLOOR || strcmp(series->name, name) != 0)
			continue;
		for (size_t k = 0; k < series->points; k++)
			sum += series->point[k].y;
		n += series->points;
	}
	return sum / (double)n;
}

static bool is_kept(const struct bel_series *series, const struct rank *rank, size_t count)
{
	if (series->kind == BEL_SERIES_FLOOR)
		return true;
	for (size_t i = 0; i < count; i++)
		if (!strcmp(rank[i].name, series->name))
			return true;
	return false;
}

/* Removes the series that are not kept, and orders nothing. */
static void keep(struct bel_figure *figure, const struct rank *rank, size_t count)
{
	size_t kept = 0;
	/* The names of those left out are still in the ranks, but only the first `count` are read. */
	for (size_t i = 0; i < figure->count; i++) {
		if (is_kept(&figure->series[i], rank, count))
			figure->series[kept++] = figure->series[i];
		else
			bel_figure_series_release(&figure->series[i]);
	}
	figure->count = kept;
}

static bool has_lines(const struct bel_figure *figure)
{
	for (size_t i = 0; i < figure->count; i++)
		if (figure->series[i].kind == BEL_SERIES_LINE)
			return true;
	return false;
}

int bel_figure_top(struct bel_figure *figure, size_t top, struct bel_err *err)
{
	struct rank *const rank = calloc(figure->count, sizeof(*rank));
	const bool lines = has_lines(figure);
	size_t ranks = 0;

	if (!rank)
		return bel_err_memory(err, "a figure");
	for (size_t i = 0; i < figure->count; i++) {
		const struct bel_series *const series = &figure->series[i];

		/* Spots have other sizes of memory, so they are not better or worse. */
		if (series->kind == BEL_SERIES_FLOOR ||
			(lines && series->kind == BEL_SERIES_SPOT) || is_kept(series, rank, ranks))
			continue;
		rank[ranks++] =
			(struct rank){series->name, mean_of(figure, series->name), figure->high};
	}
	qsort(rank, ranks, sizeof(*rank), by_mean);
	if (ranks > top) {
		keep(figure, rank, top);
		bel_figure_twins(figure);
		bel_figure_measure(figure);
	}
	free(rank);
	return ranks > top ? (int)(ranks - top) : 0;
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
