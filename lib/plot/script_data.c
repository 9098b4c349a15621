/* SPDX-License-Identifier: MIT */
/* script_data.c: the part of a gnuplot script that has the data of a panel. */
#include "script_data.h"

#include <string.h>

#define MARKS_A_LINE 16

static void put_point(
	const struct bel_figure *figure, double x, const struct bel_point *point, FILE *file)
{
	fprintf(file, "%.15g %.15g", x, point->y);
	for (size_t i = 0; figure->spec->columns.word[i]; i++)
		fprintf(file, " %.15g", point->column[i]);
	putc('\n', file);
}

static void keep_point(void *context, const struct bel_point *point)
{
	const struct bel_script_writing *const to = context;

	put_point(to->figure, point->x, point, to->file);
}

/* Both upper corners of a bar. */
static void keep_bar(void *context, const struct bel_point *bar)
{
	const struct bel_script_writing *const to = context;

	put_point(to->figure, bar->x, bar, to->file);
	put_point(to->figure, bar->x + bar->width, bar, to->file);
}

static void put_points(struct bel_script_writing *to, const struct bel_series *series)
{
	const struct bel_figure *const figure = to->figure;
	const struct bel_point *last = &series->point[series->points - 1];
	FILE *const file = to->file;

	if (to->thin.bar > 0) {
		bel_thin_join(&to->thin, series, keep_bar, to);
		return;
	}
	bel_thin(&to->thin, series, keep_point, to);
	/* A value that holds over a width is drawn to the end of it. */
	if (last->width > 0)
		put_point(figure, last->x + last->width, last, file);
}

static size_t count_kind(const struct bel_figure *figure, int kind)
{
	size_t n = 0;

	for (size_t i = 0; i < figure->count; i++)
		n += (int)figure->series[i].kind == kind;
	return n;
}

/* Writes the data of series to a block, with empty lines between them. */
static void put_block(struct bel_script_writing *to, const char *name,
	bool (*has)(const struct bel_series *),
	void (*put)(struct bel_script_writing *, const struct bel_series *))
{
	const struct bel_figure *const figure = to->figure;
	FILE *const file = to->file;
	const char *before = "";

	fprintf(file, "%s << END\n", name);
	for (size_t i = 0; i < figure->count; i++) {
		if (!has(&figure->series[i]))
			continue;
		fputs(before, file);
		put(to, &figure->series[i]);
		before = "\n\n";
	}
	fputs("END\n", file);
}

/* Writes how many series have something, and their numbers from 1. */
static void put_numbers(const struct bel_figure *figure, const char *name, const char *of,
	bool (*has)(const struct bel_series *), FILE *file)
{
	size_t n = 0;

	for (size_t i = 0; i < figure->count; i++)
		n += has(&figure->series[i]);
	fprintf(file, "%s = %zu\narray %s[%zu]", name, n, of, n ? n : 1);
	fputs(n ? " = [" : "\n", file);
	for (size_t i = 0; i < figure->count; i++)
		if (has(&figure->series[i]))
			fprintf(file, "%zu%s", i + 1, --n ? ", " : "]\n");
}

static bool is_any(const struct bel_series *series)
{
	return series != NULL;
}

static bool is_banded(const struct bel_series *series)
{
	return series->banded;
}

static bool is_marked(const struct bel_series *series)
{
	return series->marked;
}

/* Writes the points to mark: enough to distinguish the lines, evenly spread. */
void bel_script_put_dots(const struct bel_script_writing *to)
{
	const struct bel_figure *const figure = to->figure;
	const bool log_x = to->thin.log_x;
	FILE *const file = to->file;
	const double least = log_x ? figure->x_least : figure->x_min;
	const double width =
		bel_script_place(figure->x_max, log_x) - bel_script_place(least, log_x);

	fputs("$dots << END\n", file);
	for (size_t i = 0; i < figure->count; i++) {
		const struct bel_series *series = &figure->series[i];
		/* Lines with many points have their marks at different places. */
		double last = series->points <= MARKS_A_LINE
				      ? -INFINITY
				      : bel_script_place(least, log_x) -
						width / MARKS_A_LINE *
							(1 - (double)i / (double)figure->count);

		fputs(i ? "\n\n" : "", file);
		for (size_t k = 0; k < series->points; k++) {
			const struct bel_point *point = &series->point[k];
			const double at = bel_script_place(point->x, log_x);

			if (series->kind != BEL_SERIES_SPOT &&
				(at < last || at - last < width / MARKS_A_LINE))
				continue;
			last = at;
			put_point(figure, point->x, point, file);
		}
	}
	fputs("END\n", file);
}

static bool is_named(const struct bel_series *series, const struct bel_point *point)
{
	return series->kind == BEL_SERIES_SPOT && series->many_params && point->label;
}

/* Writes spots that differ in their parameters: the texts in an array, the positions in a block. */
static void put_spot_names(const struct bel_script_writing *to)
{
	const struct bel_figure *const figure = to->figure;
	FILE *const file = to->file;
	size_t n = 0;

	fputs("$spot_names << END\n", file);
	for (size_t i = 0; i < figure->count; i++) {
		const struct bel_series *series = &figure->series[i];

		for (size_t k = 0; k < series->points; k++)
			if (is_named(series, &series->point[k]))
				fprintf(file, "%.15g %.15g %zu\n", series->point[k].x,
					series->point[k].y, ++n);
	}
	fprintf(file, "END\nspot_names = %zu\narray spot_name[%zu]\n", n, n ? n : 1);
	n = 0;
	for (size_t i = 0; i < figure->count; i++) {
		const struct bel_series *series = &figure->series[i];

		for (size_t k = 0; k < series->points; k++) {
			if (!is_named(series, &series->point[k]))
				continue;
			fprintf(file, "spot_name[%zu] = ", ++n);
			to->text(file, series->point[k].label);
			fputc('\n', file);
		}
	}
}

static void keep_band(void *context, const struct bel_point *point)
{
	const struct bel_script_writing *const to = context;

	if (point->low <= point->high)
		fprintf(to->file, "%.15g %.15g %.15g\n", point->x, point->low, point->high);
}

static void put_band(struct bel_script_writing *to, const struct bel_series *series)
{
	bel_thin(&to->thin, series, keep_band, to);
}

static void put_mark(struct bel_script_writing *to, const struct bel_series *series)
{
	fprintf(to->file, "%.15g %.15g\n", series->mark_x, series->mark_y);
}

static const char *label_of(const struct bel_figure *figure, size_t i)
{
	const struct bel_series *const series = &figure->series[i];

	return figure->panels > 1 ? series->name : series->label;
}

static void put_array(FILE *file, const char *name, char *const *text, size_t count,
	void (*quote)(FILE *, const char *))
{
	fprintf(file, "array %s[%zu] = [", name, count);
	for (size_t i = 0; i < count; i++) {
		fputs(i ? ", " : "", file);
		quote(file, text[i]);
	}
	fputs("]\n", file);
}

static void put_label_list(
	const struct bel_script_writing *to, const char *name, void (*quote)(FILE *, const char *))
{
	fprintf(to->file, "array %s[%zu] = [", name, to->figure->count);
	for (size_t i = 0; i < to->figure->count; i++) {
		fputs(i ? ", " : "", to->file);
		quote(to->file, label_of(to->figure, i));
	}
	fputs("]\n", to->file);
}

/* The margins and the names of a map. */
static void put_map(const struct bel_script_writing *to)
{
	const struct bel_map *const map = &to->layout->map;
	FILE *const file = to->file;

	put_array(file, "name", to->figure->name, to->figure->names, to->text);
	put_array(file, "label_tick", map->label, to->layout->labels, to->tick);
	put_array(file, "name_tick", map->name, to->layout->names, to->tick);
	fprintf(file, "map_left = %.4f\nmap_right = %.4f\nmap_bottom = %.4f\nmap_top = %.4f\n",
		map->left, map->right, map->bottom, map->top);
	fprintf(file, "map_angle = %d\nmap_stagger = %zu\n", map->angle, map->stagger);
}

/* Writes labels, looks and, if names are along the axes, shorter texts for the ticks. */
static void put_labels(const struct bel_script_writing *to)
{
	const struct bel_figure *const figure = to->figure;
	FILE *const file = to->file;

	put_label_list(to, "label", to->text);
	fprintf(file, "names = %zu\n", figure->names);
	fprintf(file, "array style_of[%zu] = [", figure->count);
	for (size_t i = 0; i < figure->count; i++)
		fprintf(file, "%s%u", i ? ", " : "", figure->series[i].style);
	fputs("]\n", file);
	if (figure->names)
		put_map(to);
	else if (figure->spec->rows.word[0])
		put_label_list(to, "label_tick", to->tick);
}

/* Writes counts, labels and data of all series, and their bands and marks. */
void bel_script_put_series(struct bel_script_writing *to)
{
	const struct bel_figure *const figure = to->figure;
	FILE *const file = to->file;
	static const char *const name[] = {"lines", "spots", "floors", "measured"};

	for (int kind = 0; kind < BEL_SERIES_KINDS; kind++)
		fprintf(file, "%s = %zu\n", name[kind], count_kind(figure, kind));
	put_labels(to);
	put_block(to, "$series", is_any, put_points);
	put_numbers(figure, "bands", "band_of", is_banded, file);
	put_block(to, "$bands", is_banded, put_band);
	put_numbers(figure, "marks", "mark_of", is_marked, file);
	put_block(to, "$marks", is_marked, put_mark);
	put_spot_names(to);
}

/* One block for each line and each measured series. */
static size_t put_error_blocks(FILE *file, const struct bel_series *series, size_t before)
{
	size_t blocks = 0;

	for (size_t i = 0; i < series->errors; i++) {
		const struct bel_error *const error = &series->error[i];

		if (i == 0 || error->measured != error[-1].measured)
			fputs(before + blocks++ ? "\n\n" : "", file);
		fprintf(file, "%.15g %.15g\n", error->x, error->percent);
	}
	return blocks;
}

/* How far the fewest and the most measured faults are from their median, in percent. */
static void put_spreads(const struct bel_script_writing *to)
{
	const struct bel_figure *const figure = to->figure;
	size_t n = 0;

	fputs("$spreads << END\n", to->file);
	for (size_t i = 0; i < figure->count; i++) {
		const struct bel_series *const series = &figure->series[i];
		bool any = false;

		for (size_t k = 0; series->kind == BEL_SERIES_MEASURED && k < series->points; k++) {
			const struct bel_point *const point = &series->point[k];

			if (point->y <= 0)
				continue;
			if (!any)
				fputs(n++ ? "\n\n" : "", to->file);
			any = true;
			fprintf(to->file, "%.15g %.15g %.15g\n", point->x,
				100 * (point->low / point->y - 1),
				100 * (point->high / point->y - 1));
		}
	}
	fprintf(to->file, "END\nspreads = %zu\n", n);
}

void bel_script_put_errors(const struct bel_script_writing *to)
{
	const struct bel_figure *const figure = to->figure;
	FILE *const file = to->file;
	size_t blocks = 0;

	if (!figure->spec->measured.word[0])
		return;
	fputs("$errors << END\n", file);
	for (size_t i = 0; i < figure->count; i++)
		blocks += put_error_blocks(file, &figure->series[i], blocks);
	fprintf(file, "END\nerrors = %zu\narray error_of[%zu]\n", blocks, blocks ? blocks : 1);
	blocks = 0;
	for (size_t i = 0; i < figure->count; i++)
		for (size_t k = 0; k < figure->series[i].errors; k++)
			if (k == 0 || figure->series[i].error[k].measured !=
					      figure->series[i].error[k - 1].measured)
				fprintf(file, "error_of[%zu] = %zu\n", ++blocks, i + 1);
	put_spreads(to);
	fprintf(file, "error_least = %.15g\nerror_most = %.15g\n", figure->error_least,
		figure->error_most);
}

static bool is_of_panel(const struct bel_figure *figure, const struct bel_figure_event *event)
{
	return !strcmp(event->digest, figure->series[0].digest) && event->x >= figure->x_min &&
	       event->x <= figure->x_max;
}

/* Writes the events of this panel's trace. */
void bel_script_put_events(const struct bel_script_writing *to)
{
	const struct bel_figure *const figure = to->figure;
	FILE *const file = to->file;
	size_t n = 0;

	for (size_t i = 0; i < figure->events; i++)
		n += is_of_panel(figure, &figure->event[i]);
	n = n > BEL_EVENTS_DRAWN ? BEL_EVENTS_DRAWN : n;
	fprintf(file, "events = %zu\narray event_x[%zu]\narray event_name[%zu]\n", n, n ? n : 1,
		n ? n : 1);
	for (size_t i = 0, k = 0; k < n; i++) {
		if (!is_of_panel(figure, &figure->event[i]))
			continue;
		k++;
		fprintf(file, "event_x[%zu] = %.15g\nevent_name[%zu] = ", k, figure->event[i].x, k);
		to->text(file, figure->event[i].name);
		putc('\n', file);
	}
}
