/* SPDX-License-Identifier: MIT */
/*
 * prop_thin.c: thinning a line. The points that are kept are points of the line, in order; and in
 * each strip of the axis the first, the last, the lowest and the highest are the same as before.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "prop.h"
#include "thin.h"

#define MOST 4000
#define STRIPS_MOST 300

/* What a strip has of some points. */
struct ends {
	bool any;
	double first_x, last_x, first_y, last_y, least, most, band_least, band_most;
};

static struct bel_point line[MOST], kept[MOST];
static size_t points, count;

static void keep(void *context, const struct bel_point *point)
{
	(void)context;
	if (count == MOST)
		abort();
	kept[count++] = *point;
}

static size_t strip_of(const struct bel_thin *thin, double x)
{
	const double place = thin->log_x ? log(x) : x;

	return (size_t)((place - thin->from) * ((double)thin->strips / (thin->to - thin->from)));
}

static void gather(
	struct ends *ends, const struct bel_thin *thin, const struct bel_point *point, size_t n)
{
	memset(ends, 0, (STRIPS_MOST + 1) * sizeof(*ends));
	for (size_t i = 0; i < n; i++) {
		struct ends *const e = &ends[strip_of(thin, point[i].x)];

		if (!e->any)
			*e = (struct ends){true, point[i].x, 0, point[i].y, 0, point[i].y,
				point[i].y, INFINITY, -INFINITY};
		e->last_x = point[i].x;
		e->last_y = point[i].y;
		e->least = fmin(e->least, point[i].y);
		e->most = fmax(e->most, point[i].y);
		e->band_least = fmin(e->band_least, point[i].low);
		e->band_most = fmax(e->band_most, point[i].high);
	}
}

static void make_line(struct bel_rng *rng)
{
	const double step = bel_rng_below(rng, 2) ? 1 : 1 + 5 * bel_rng_real(rng);
	const bool falls = bel_rng_below(rng, 2);
	double x = 1, y = 1e6;

	points = 2 + bel_rng_below(rng, MOST - 2);
	for (size_t i = 0; i < points; i++) {
		line[i] = (struct bel_point){.x = x, .y = y, .record = i};
		line[i].low = y - bel_rng_real(rng) * 100;
		line[i].high = y + bel_rng_real(rng) * 100;
		if (bel_rng_below(rng, 20) == 0) {
			line[i].low = INFINITY;
			line[i].high = -INFINITY;
		}
		x += bel_rng_below(rng, 8) ? step : 0;
		y += (bel_rng_real(rng) - (falls ? 1 : 0.5)) * 200;
	}
}

static bool is_sound(const struct bel_thin *thin)
{
	static struct ends before[STRIPS_MOST + 1], after[STRIPS_MOST + 1];

	for (size_t i = 1; i < count; i++)
		if (kept[i].record <= kept[i - 1].record)
			return false;
	for (size_t i = 0; i < count; i++)
		if (memcmp(&kept[i], &line[kept[i].record], sizeof(*kept)) != 0)
			return false;
	if (points <= 4 * thin->strips)
		return count == points;
	gather(before, thin, line, points);
	gather(after, thin, kept, count);
	return memcmp(before, after, sizeof(before)) == 0 && count <= 6 * (thin->strips + 1);
}

int main(int argc, char **argv)
{
	struct prop p;

	prop_start(&p, argc, argv, 2000, 100000);
	while (prop_round(&p)) {
		const struct bel_series series = {.point = line};
		struct bel_series whole;
		struct bel_thin thin = {.log_x = bel_rng_below(&p.rng, 2)};

		make_line(&p.rng);
		whole = series;
		whole.points = points;
		thin.strips = 1 + bel_rng_below(&p.rng, STRIPS_MOST);
		thin.from = thin.log_x ? log(line[0].x) : line[0].x;
		thin.to = thin.log_x ? log(line[points - 1].x) : line[points - 1].x;
		if (!(thin.from < thin.to))
			continue;
		count = 0;
		bel_thin(&thin, &whole, keep, NULL);
		if (!is_sound(&thin)) {
			printf("# %zu points, %zu strips, %zu kept\n", points, thin.strips, count);
			return prop_failed(&p);
		}
	}
	return prop_passed(&p);
}
