/* SPDX-License-Identifier: MIT */
/* thin.c: leaves out points of a long line that cannot be seen. */
#include "thin.h"

#include <math.h>

#define POINTS_A_STRIP 4

/* The points of a strip that are kept; one point may be several of them. */
enum { FIRST, LAST, LOWEST, HIGHEST, BAND_LOWEST, BAND_HIGHEST, KEPT };

struct strip {
	const struct bel_point *point[KEPT];
};

static void strip_begin(struct strip *strip, const struct bel_point *point)
{
	for (int i = 0; i < KEPT; i++)
		strip->point[i] = point;
}

/* A point without a band has low above high, and so never an end of the band. */
static void strip_add(struct strip *strip, const struct bel_point *point)
{
	const struct bel_point **const at = strip->point;

	at[LAST] = point;
	if (point->y < at[LOWEST]->y)
		at[LOWEST] = point;
	if (point->y > at[HIGHEST]->y)
		at[HIGHEST] = point;
	if (point->low < at[BAND_LOWEST]->low)
		at[BAND_LOWEST] = point;
	if (point->high > at[BAND_HIGHEST]->high)
		at[BAND_HIGHEST] = point;
}

/* Gives the points of a strip in order, each once. */
static void strip_end(const struct strip *strip,
	void (*keep)(void *context, const struct bel_point *point), void *context)
{
	const struct bel_point *last = NULL;

	for (;;) {
		const struct bel_point *next = NULL;

		for (int i = 0; i < KEPT; i++)
			if ((!last || strip->point[i] > last) && (!next || strip->point[i] < next))
				next = strip->point[i];
		if (!next)
			return;
		keep(context, next);
		last = next;
	}
}

void bel_thin(const struct bel_thin *thin, const struct bel_series *series,
	void (*keep)(void *context, const struct bel_point *point), void *context)
{
	const bool whole = series->points <= POINTS_A_STRIP * thin->strips || !thin->strips ||
			   series->kind == BEL_SERIES_SPOT || !(thin->from < thin->to);
	const double scale = (double)thin->strips / (thin->to - thin->from);
	double place = 0;
	struct strip strip;

	for (size_t i = 0; i < series->points; i++) {
		const struct bel_point *const point = &series->point[i];
		const double x = thin->log_x ? log(point->x) : point->x;
		const double here = whole ? 0 : floor((x - thin->from) * scale);

		if (whole) {
			keep(context, point);
		} else if (i && here == place) {
			strip_add(&strip, point);
		} else {
			if (i)
				strip_end(&strip, keep, context);
			strip_begin(&strip, point);
			place = here;
		}
	}
	if (!whole)
		strip_end(&strip, keep, context);
}

double bel_thin_bar(const struct bel_figure *figure, size_t most)
{
	const double span = figure->x_max - figure->x_min;
	double widest = 0;

	for (size_t i = 0; i < figure->count; i++)
		for (size_t k = 0; k < figure->series[i].points; k++)
			widest = fmax(widest, figure->series[i].point[k].width);
	if (!(widest > 0))
		return 0;
	return widest * fmax(1, ceil(span / widest / (double)most - 1e-9));
}

void bel_thin_join(const struct bel_thin *thin, const struct bel_series *series,
	void (*keep)(void *context, const struct bel_point *point), void *context)
{
	struct bel_point bar = series->point[0];
	double place = floor((bar.x - thin->from) / thin->bar);

	for (size_t i = 1; i < series->points; i++) {
		const struct bel_point *const point = &series->point[i];
		const double here = floor((point->x - thin->from) / thin->bar);

		if (here != place) {
			keep(context, &bar);
			bar = *point;
			place = here;
			continue;
		}
		bar.y += point->y;
		bar.width = point->x + point->width - bar.x;
		for (size_t k = 0; k < BEL_FIGURE_SPEC_COLUMNS; k++)
			bar.column[k] += point->column[k];
	}
	keep(context, &bar);
}
