/* SPDX-License-Identifier: MIT */
/*
 * script.c: writing a figure as a gnuplot script.
 */
#include "script.h"

#include <string.h>

/* A picture is that large unless asked otherwise; text keeps its size. */
#define PIXELS_WIDE 900
#define PIXELS_HIGH 540
#define COLUMNS_WIDE 79
#define LINES_HIGH 24
#define PIXELS_PER_INCH 96.0

static const struct {
	const char *name, *suffix;
	unsigned least, most;
} terminals[] = {
	{"svg", ".svg", 100, 20000},
	{"png", ".png", 100, 20000},
	{"pdf", ".pdf", 100, 20000},
	{"dumb", ".txt", 20, 1000},
};

#define TERMINALS (sizeof(terminals) / sizeof(*terminals))

const char *bel_terminal_of(const char *path)
{
	const size_t length = strlen(path);

	for (size_t i = 0; i < TERMINALS; i++) {
		const size_t n = strlen(terminals[i].suffix);

		if (length > n && !strcmp(path + length - n, terminals[i].suffix))
			return terminals[i].name;
	}
	return NULL;
}

int bel_script_check(const struct bel_script *script, struct bel_err *err)
{
	for (size_t i = 0; i < TERMINALS; i++) {
		const unsigned least = terminals[i].least, most = terminals[i].most;

		if (strcmp(script->terminal, terminals[i].name) != 0)
			continue;
		if (!script->width && !script->height)
			return 0;
		if (script->width >= least && script->width <= most &&
			script->height >= least / 2 && script->height <= most)
			return 0;
		return bel_usage(err, "%s pictures are %ux%u to %ux%u, not %ux%u", script->terminal,
			least, least / 2, most, most, script->width, script->height);
	}
	return bel_usage(err, "'%s' is no terminal: svg, png, pdf and dumb are", script->terminal);
}

/* In single quotes gnuplot takes everything as it is, but for the quote itself. */
static void put_text(FILE *file, const char *text)
{
	putc('\'', file);
	for (; *text; text++) {
		if (*text == '\'')
			putc('\'', file);
		putc((unsigned char)*text < 0x20 || *text == 0x7f ? ' ' : *text, file);
	}
	putc('\'', file);
}

static void put_terminal(const struct bel_script *s, FILE *file)
{
	const bool dumb = !strcmp(s->terminal, "dumb");
	const unsigned width = s->width ? s->width : dumb ? COLUMNS_WIDE : PIXELS_WIDE;
	const unsigned height = s->height ? s->height : dumb ? LINES_HIGH : PIXELS_HIGH;

	if (dumb)
		fprintf(file, "set terminal dumb feed size %u, %u %s\n", width, height,
			s->color ? "ansi" : "mono");
	else if (!strcmp(s->terminal, "svg"))
		fprintf(file,
			"set terminal svg size %u, %u dynamic background rgb 'white' "
			"font 'sans-serif,14'\n",
			width, height);
	else if (!strcmp(s->terminal, "png"))
		fprintf(file, "set terminal pngcairo size %u, %u font 'sans,11'\n", width, height);
	else
		fprintf(file, "set terminal pdfcairo size %.3fin, %.3fin font 'sans,10'\n",
			width / PIXELS_PER_INCH, height / PIXELS_PER_INCH);
	if (s->output) {
		fputs("set output ", file);
		put_text(file, s->output);
		putc('\n', file);
	}
}

static void put_point(const struct bel_figure *figure, const struct bel_series *series, double x,
	const struct bel_point *point, const char *label, FILE *file)
{
	fprintf(file, "%.15g %.15g", x, point->y);
	if (series->kind == BEL_SERIES_SPOT)
		fprintf(file, " \"%s\"", label);
	for (size_t i = 0; figure->recipe->columns.word[i]; i++)
		fprintf(file, " %.15g", point->column[i]);
	putc('\n', file);
}

static void put_points(const struct bel_figure *figure, const struct bel_series *series, FILE *file)
{
	const struct bel_point *last = &series->point[series->points - 1];

	for (const struct bel_point *point = series->point; point <= last; point++) {
		const bool named =
			series->many_params && point->label && !strchr(point->label, '"');

		put_point(figure, series, point->x, point, named ? point->label : "", file);
	}
	/* What holds over a width ends at its end, not at its beginning. */
	if (last->width > 0)
		put_point(figure, series, last->x + last->width, last, "", file);
}

/* Counts, labels and data of all series, kind by kind. */
static void put_series(const struct bel_figure *figure, FILE *file)
{
	static const char *const name[] = {"lines", "spots", "floors"};
	const char *before = "";

	for (int kind = 0; kind < BEL_SERIES_KINDS; kind++) {
		size_t n = 0;

		for (size_t i = 0; i < figure->count; i++)
			n += (int)figure->series[i].kind == kind;
		fprintf(file, "%s = %zu\n", name[kind], n);
	}
	fprintf(file, "array label[%zu] = [", figure->count);
	for (int kind = 0; kind < BEL_SERIES_KINDS; kind++) {
		for (size_t i = 0; i < figure->count; i++) {
			if ((int)figure->series[i].kind != kind)
				continue;
			fputs(before, file);
			put_text(file, figure->series[i].label);
			before = ", ";
		}
	}
	fputs("]\n$series << END\n", file);
	before = "";
	for (int kind = 0; kind < BEL_SERIES_KINDS; kind++) {
		for (size_t i = 0; i < figure->count; i++) {
			if ((int)figure->series[i].kind != kind)
				continue;
			fputs(before, file);
			put_points(figure, &figure->series[i], file);
			before = "\n\n";
		}
	}
	fputs("END\n", file);
}

static void put_units(const struct bel_figure *figure, FILE *file)
{
	static const char *const names[] = {"", "thousand ", "million ", "billion "};
	double unit = 1;
	size_t i = 0;

	while (i < 3 && figure->x_max >= 2000 * unit) {
		unit *= 1000;
		i++;
	}
	fprintf(file, "x_unit = %.15g\nx_unit_name = '%s'\n", unit, names[i]);
	fputs("page_unit = '", file);
	if (figure->page_bytes >= 1024 && figure->page_bytes % 1024 == 0)
		fprintf(file, "%llu KiB ", (unsigned long long)figure->page_bytes / 1024);
	else if (figure->page_bytes)
		fprintf(file, "%llu B ", (unsigned long long)figure->page_bytes);
	fputs("pages'\n", file);
}

void bel_script_write(const struct bel_script *script, const struct bel_figure *figure, FILE *file)
{
	const bool log_x = script->x_axis == BEL_AXIS_LOG ||
			   (script->x_axis == BEL_AXIS_AUTO && figure->geometric);

	fputs("# made by bel-plot; gnuplot alone draws it\n", file);
	put_terminal(script, file);
	fputs("title = ", file);
	put_text(file, script->title ? script->title : figure->title);
	fprintf(file,
		"\nlog_x = %d\nlog_y = %d\ndumb = %d\nlong_labels = %d\npoint_gap = %zu\n"
		"spot_gap = %zu\n",
		log_x, script->log_y, !strcmp(script->terminal, "dumb"), figure->long_labels,
		figure->most_points / 24 + 1, figure->most_spots / 24 + 1);
	put_units(figure, file);
	put_series(figure, file);
	/* One x alone has no range for gnuplot to choose. */
	if (figure->x_min == figure->x_max)
		fprintf(file, "set xrange [%.15g:%.15g]\n", figure->x_min / 2,
			figure->x_max > 0 ? figure->x_max * 2 : 1);
	fprintf(file, "\n%s\n%s", script->look, figure->recipe->text);
}
