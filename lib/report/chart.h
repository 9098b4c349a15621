/* SPDX-License-Identifier: MIT */
/*
 * chart.h: lines over an x axis as SVG, private to lib/report.
 *
 *	struct chart chart = {.alt = "faults ...", .x_label = "memory", .log_x = true, ...};
 *
 *	bel_chart_write(file, &chart);
 *
 * The picture needs the page's style (page_style.c), which has the colours. Lines differ in colour
 * and in dashes, and each has its name at its end. The page's script finds the values of a line in
 * the page's records: `first` and `last` are their numbers, `x_member` and `y_member` the members.
 */
#ifndef BEL_CHART_H
#define BEL_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define BEL_CHART_STYLES 8 /* then they begin again */

struct chart_line {
	const char *name;
	const double *x, *y; /* x ascending */
	size_t count;
	bool steps; /* a value holds until the next x */
	size_t first, last;
	const char *x_member, *y_member;
};

struct chart_mark {
	const char *name;
	double x;
};

struct chart {
	const char *alt; /* what it shows, for those who do not see it */
	const char *x_label, *y_label;
	bool log_x, log_y;
	double x_from, x_to; /* ends of the axis */
	double x_bytes;      /* bytes of one unit of x; 0: they are not memory */
	const struct chart_line *line;
	size_t lines;
	const struct chart_mark *mark;
	size_t marks;
};

void bel_chart_write(FILE *file, const struct chart *chart);

/* The key: a button for each line, which shows and hides it. */
void bel_chart_key(FILE *file, const struct chart *chart);

#endif
