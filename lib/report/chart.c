/* SPDX-License-Identifier: MIT */
/* chart.c: lines over an x axis as SVG. */
#include "chart.h"

#include <math.h>
#include <string.h>

#include "html.h"
#include "markup.h"

enum {
	WIDTH = 860,
	HEIGHT = 400,
	LEFT = 76,
	RIGHT = 130, /* for the names at the ends of lines */
	TOP = 12,
	BOTTOM = 58,
	NAME_LETTERS = 18,
	NAME_HEIGHT = 15,
	NAMED_MOST = 16, /* more names would cover one another; the key has all */
};

/* One axis: from value to place. */
struct axis {
	bool log;
	double from, to; /* values */
	double start, length;
};

static double place(const struct axis *axis, double value)
{
	const double low = axis->log ? log(axis->from) : axis->from;
	const double high = axis->log ? log(axis->to) : axis->to;
	const double at = axis->log ? log(fmax(value, axis->from)) : value;

	return axis->start + (high > low ? (at - low) / (high - low) : 0.5) * axis->length;
}

/* ---- axes ---- */

static void y_axis(const struct chart *chart, struct axis *axis)
{
	double low = INFINITY, high = 0;

	for (size_t l = 0; l < chart->lines; l++)
		for (size_t i = 0; i < chart->line[l].count; i++) {
			low = fmin(low, chart->line[l].y[i]);
			high = fmax(high, chart->line[l].y[i]);
		}
	*axis = (struct axis){.start = HEIGHT - BOTTOM, .length = -(HEIGHT - BOTTOM - TOP)};
	axis->log = chart->log_y && low >= 1 && high > low;
	axis->from = axis->log ? pow(10, floor(log10(low) + 1e-9)) : 0;
	axis->to = axis->log ? pow(10, ceil(log10(high) - 1e-9)) : fmax(1, high * 1.05);
}

/* A step between ticks: 1, 2 or 5 times a power of ten, for about `most` ticks. */
static double step_of(double range, int most)
{
	const double least = range / most;
	const double power = pow(10, floor(log10(least)));

	return least <= power       ? power
	       : least <= 2 * power ? 2 * power
	       : least <= 5 * power ? 5 * power
				    : 10 * power;
}

/* 2M for 2,000,000. */
static void put_scaled(FILE *file, double value)
{
	static const char *const unit[] = {"", "k", "M", "G", "T", "P"};
	char text[BEL_HTML_SIZE];
	size_t u = 0;

	for (; value >= 1000 && u < 5; u++)
		value /= 1000;
	fprintf(file, "%s%s", bel_html_real(text, value), unit[u]);
}

static void y_tick(FILE *file, const struct axis *y, double value)
{
	const double at = place(y, value);

	fprintf(file, "<path class=\"grid\" d=\"M%d %.1fH%d\"/>", LEFT, at, WIDTH - RIGHT);
	fprintf(file, "<text class=\"end\" x=\"%d\" y=\"%.1f\">", LEFT - 6, at + 4);
	put_scaled(file, value);
	fputs("</text>\n", file);
}

static void draw_y_axis(FILE *file, const struct axis *y)
{
	if (y->log) {
		const double decades = log10(y->to / y->from);
		const double by = pow(10, fmax(1, ceil(decades / 8 - 1e-9)));

		for (unsigned i = 0; y->from * pow(by, i) <= y->to * 1.001; i++)
			y_tick(file, y, y->from * pow(by, i));
	} else {
		const double step = step_of(y->to, 7);

		for (unsigned i = 0; i * step <= y->to; i++)
			y_tick(file, y, i * step);
	}
}

static void x_tick(FILE *file, const struct chart *chart, const struct axis *x, double value)
{
	const double at = place(x, value);
	char text[BEL_HTML_SIZE];

	fprintf(file, "<path class=\"grid\" d=\"M%.1f %dV%d\"/>", at, TOP, HEIGHT - BOTTOM);
	fprintf(file, "<text class=\"mid\" x=\"%.1f\" y=\"%d\">", at, HEIGHT - BOTTOM + 17);
	if (chart->x_bytes > 0)
		bel_html_count(file, (uint64_t)value);
	else
		put_scaled(file, value);
	fputs("</text>\n", file);
	if (chart->x_bytes > 0)
		fprintf(file, "<text class=\"mid soft\" x=\"%.1f\" y=\"%d\">%s</text>\n", at,
			HEIGHT - BOTTOM + 32, bel_html_bytes(text, value * chart->x_bytes));
}

static void draw_x_axis(FILE *file, const struct chart *chart, const struct axis *x)
{
	if (x->log) {
		const double doublings = log2(x->to / x->from);
		const double by = pow(2, fmax(1, ceil(doublings / 9)));

		const double first = pow(2, ceil(log2(x->from) - 1e-9));

		for (unsigned i = 0; first * pow(by, i) <= x->to; i++)
			x_tick(file, chart, x, first * pow(by, i));
	} else {
		const double step = step_of(x->to - x->from, 7);

		const double first = ceil(x->from / step) * step;

		for (unsigned i = 0; first + i * step <= x->to; i++)
			x_tick(file, chart, x, first + i * step);
	}
	fprintf(file, "<text class=\"mid\" x=\"%d\" y=\"%d\">%s</text>\n",
		(LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, chart->x_label);
	fprintf(file, "<text class=\"mid\" transform=\"translate(16 %d) rotate(-90)\">%s</text>\n",
		(TOP + HEIGHT - BOTTOM) / 2, chart->y_label);
	fprintf(file, "<path class=\"axis\" d=\"M%d %dV%dH%d\"/>\n", LEFT, TOP, HEIGHT - BOTTOM,
		WIDTH - RIGHT);
}

/* ---- lines ---- */

static void draw_line(FILE *file, const struct chart_line *line, size_t number,
	const struct axis *x, const struct axis *y)
{
	fprintf(file,
		"<path class=\"line s%zu\" data-line=\"%zu\" data-first=\"%zu\" data-last=\"%zu\" "
		"data-x=\"%s\" data-y=\"%s\" d=\"",
		number % BEL_CHART_STYLES, number, line->first, line->last, line->x_member,
		line->y_member);
	for (size_t i = 0; i < line->count; i++) {
		const double px = place(x, line->x[i]), py = place(y, line->y[i]);

		if (i && line->steps)
			fprintf(file, "H%.1fV%.1f", px, py);
		else
			fprintf(file, "%c%.1f %.1f", i ? 'L' : 'M', px, py);
	}
	if (line->steps && line->count)
		fprintf(file, "H%.1f", place(x, x->to));
	fputs("\"/>\n", file);
}

/* The name of each line right of its end; those that would overlap move down, and up again. */
static void draw_names(FILE *file, const struct chart *chart, const struct axis *y)
{
	const double lowest = HEIGHT - BOTTOM;
	double at[NAMED_MOST];
	size_t order[NAMED_MOST];
	const size_t count = chart->lines < NAMED_MOST ? chart->lines : NAMED_MOST;

	for (size_t l = 0; l < count; l++) {
		const struct chart_line *const line = &chart->line[l];
		size_t i = l;

		at[l] = line->count ? place(y, line->y[line->count - 1]) : lowest;
		for (; i > 0 && at[order[i - 1]] > at[l]; i--)
			order[i] = order[i - 1];
		order[i] = l;
	}
	for (size_t i = 1; i < count; i++)
		at[order[i]] = fmax(at[order[i]], at[order[i - 1]] + NAME_HEIGHT);
	for (size_t i = count; i-- > 0;)
		at[order[i]] = fmin(
			at[order[i]], i + 1 == count ? lowest : at[order[i + 1]] - NAME_HEIGHT);
	for (size_t l = 0; l < count; l++) {
		fprintf(file, "<text class=\"name t%zu\" data-line=\"%zu\" x=\"%d\" y=\"%.1f\">",
			l % BEL_CHART_STYLES, l, WIDTH - RIGHT + 7, at[l] + 4);
		bel_markup_short(file, chart->line[l].name, NAME_LETTERS);
		fputs("</text>\n", file);
	}
}

static void draw_marks(FILE *file, const struct chart *chart, const struct axis *x)
{
	for (size_t i = 0; i < chart->marks; i++) {
		fprintf(file, "<path class=\"mark\" d=\"M%.1f %dV%d\"><title>",
			place(x, chart->mark[i].x), TOP, HEIGHT - BOTTOM);
		bel_markup_text(file, chart->mark[i].name);
		fputs("</title></path>\n", file);
	}
}

void bel_chart_write(FILE *file, const struct chart *chart)
{
	const struct axis x = {.log = chart->log_x,
		.from = chart->x_from,
		.to = chart->x_to,
		.start = LEFT,
		.length = WIDTH - RIGHT - LEFT};
	struct axis y;

	y_axis(chart, &y);
	fprintf(file,
		"<svg class=\"chart\" role=\"img\" viewBox=\"0 0 %d %d\" data-left=\"%d\" "
		"data-right=\"%d\" data-top=\"%d\" data-bottom=\"%d\" data-from=\"%.17g\" "
		"data-to=\"%.17g\" data-log=\"%d\" data-bytes=\"%.17g\" data-unit=\"%s\" "
		"aria-label=\"",
		WIDTH, HEIGHT, LEFT, WIDTH - RIGHT, TOP, HEIGHT - BOTTOM, x.from, x.to, x.log,
		chart->x_bytes, chart->x_bytes > 0 ? "frames" : "references");
	bel_markup_text(file, chart->alt);
	fputs("\">\n", file);
	draw_y_axis(file, &y);
	draw_x_axis(file, chart, &x);
	draw_marks(file, chart, &x);
	for (size_t l = 0; l < chart->lines; l++)
		draw_line(file, &chart->line[l], l, &x, &y);
	draw_names(file, chart, &y);
	fputs("</svg>\n", file);
}

void bel_chart_key(FILE *file, const struct chart *chart)
{
	fputs("<p class=\"key\">", file);
	for (size_t l = 0; l < chart->lines; l++) {
		fprintf(file,
			"<button type=\"button\" aria-pressed=\"true\" data-line=\"%zu\">"
			"<svg viewBox=\"0 0 28 10\" aria-hidden=\"true\">"
			"<path class=\"line s%zu\" d=\"M1 5H27\"/></svg> ",
			l, l % BEL_CHART_STYLES);
		bel_markup_text(file, chart->line[l].name);
		fputs("</button> ", file);
	}
	fputs("</p>\n", file);
}
