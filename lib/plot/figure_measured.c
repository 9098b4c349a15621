/* SPDX-License-Identifier: MIT */
/* figure_measured.c: what was measured in real memory, and how far the lines are from it. */
#include "figure_measured.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

char *bel_figure_measured_name(const struct bel_measured *measured)
{
	char *text;

	return asprintf(&text, "%s: Linux%s%s (%s)", measured->program ? "program" : "measured",
		       measured->kernel ? " " : "", measured->kernel ?: "", measured->reclaim) < 0
		       ? NULL
		       : text;
}

int bel_figure_measured_join(struct bel_series *series, struct bel_err *err)
{
	struct bel_measured *const same = calloc(series->points + 1, sizeof(*same));
	size_t kept = 0;

	if (!same)
		return bel_err_memory(err, "a figure");
	for (size_t i = 0, n; i < series->points; i += n) {
		struct bel_point point = series->point[i];

		for (n = 0; i + n < series->points && series->point[i + n].x == point.x; n++) {
			same[n].faults = series->point[i + n].y;
			same[n].least = series->point[i + n].low;
			same[n].most = series->point[i + n].high;
		}
		bel_measured_join(same, n);
		point.y = same->faults;
		point.low = same->least;
		point.high = same->most;
		series->point[kept++] = point;
	}
	series->points = kept;
	/* Every measured point has a spread, also one of 0. */
	series->banded = true;
	free(same);
	return 0;
}

/* The first measured series with this name; there is one. */
static size_t first_named(const struct bel_figure *figure, const char *name)
{
	size_t first = 0;

	while (figure->series[first].kind != BEL_SERIES_MEASURED ||
		strcmp(figure->series[first].name, name) != 0)
		first++;
	return first;
}

unsigned bel_figure_measured_number(const struct bel_figure *figure, size_t series)
{
	const size_t first = first_named(figure, figure->series[series].name);
	unsigned number = 0;

	for (size_t i = 0; i < first; i++)
		number += figure->series[i].kind == BEL_SERIES_MEASURED &&
			  first_named(figure, figure->series[i].name) == i;
	return number;
}

static int by_x(const void *left, const void *right)
{
	const struct bel_point *const a = left, *const b = right;

	return (a->x > b->x) - (a->x < b->x);
}

static double percent(double value, double measured)
{
	return 100 * (value / measured - 1);
}

static void note(struct bel_figure *figure, double value)
{
	figure->error_least = fmin(figure->error_least, value);
	figure->error_most = fmax(figure->error_most, value);
}

/* The error of a line at a measured point of its panel. False: the line has no value there. */
static bool add_error(struct bel_figure *figure, struct bel_series *line, size_t measured,
	const struct bel_point *point)
{
	const struct bel_point *at;

	if (line->kind != BEL_SERIES_LINE || line->panel != figure->series[measured].panel)
		return false;
	at = bsearch(point, line->point, line->points, sizeof(*point), by_x);
	if (!at)
		return false;
	line->error[line->errors++] =
		(struct bel_error){measured, point->x, percent(at->y, point->y)};
	note(figure, percent(at->y, point->y));
	return true;
}

static bool has(const struct bel_figure *figure, enum bel_series_kind kind)
{
	for (size_t i = 0; i < figure->count; i++)
		if (figure->series[i].kind == kind)
			return true;
	return false;
}

/* The errors of all lines at the points of one measured series. How many points had no line. */
static int compare_with(struct bel_figure *figure, size_t measured)
{
	const struct bel_series *const series = &figure->series[measured];
	int alone = 0;

	for (size_t i = 0; i < series->points; i++) {
		const struct bel_point *const point = &series->point[i];
		bool any = false;

		for (size_t k = 0; point->y > 0 && k < figure->count; k++)
			any |= add_error(figure, &figure->series[k], measured, point);
		alone += !any && point->y > 0;
		if (!any)
			continue;
		note(figure, percent(point->low, point->y));
		note(figure, percent(point->high, point->y));
	}
	return alone;
}

int bel_figure_errors(struct bel_figure *figure, struct bel_err *err)
{
	size_t most = 0;
	int alone = 0;

	if (!figure->spec->measured.word[0])
		return 0;
	if (!has(figure, BEL_SERIES_MEASURED))
		return bel_fail(err, "nothing was measured: give also records of bel-live (%s)",
			figure->spec->measured.word[0]);
	if (!has(figure, BEL_SERIES_LINE))
		return bel_fail(err,
			"no policy to compare with what was measured: give also records of bel-sim "
			"or bel-curve (%s)",
			figure->spec->records.word[0]);
	for (size_t i = 0; i < figure->count; i++)
		if (figure->series[i].kind == BEL_SERIES_MEASURED)
			most += figure->series[i].points;
	for (size_t i = 0; i < figure->count; i++) {
		figure->series[i].error = calloc(most, sizeof(*figure->series[i].error));
		if (!figure->series[i].error)
			return bel_err_memory(err, "a figure");
	}
	for (size_t i = 0; i < figure->count; i++)
		if (figure->series[i].kind == BEL_SERIES_MEASURED)
			alone += compare_with(figure, i);
	return alone;
}
