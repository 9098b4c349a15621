/* SPDX-License-Identifier: MIT */
/* figure_top.c: keeps the best series of a figure. */
#include <stdlib.h>
#include <string.h>

#include "figure_group.h"

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

/* Not one of the policies that are ranked. */
static bool is_beside(const struct bel_series *series)
{
	return series->kind == BEL_SERIES_FLOOR || series->kind == BEL_SERIES_MEASURED;
}

static double mean_of(const struct bel_figure *figure, const char *name)
{
	double sum = 0;
	size_t n = 0;

	for (size_t i = 0; i < figure->count; i++) {
		const struct bel_series *const series = &figure->series[i];

		if (is_beside(series) || strcmp(series->name, name) != 0)
			continue;
		for (size_t k = 0; k < series->points; k++)
			sum += series->point[k].y;
		n += series->points;
	}
	return sum / (double)n;
}

static bool is_kept(const struct bel_series *series, const struct rank *rank, size_t count)
{
	if (is_beside(series))
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
		if (is_beside(series) || (lines && series->kind == BEL_SERIES_SPOT) ||
			is_kept(series, rank, ranks))
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
