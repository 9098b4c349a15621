/* SPDX-License-Identifier: MIT */
/*
 * figure_finish.c: makes the order, labels and axes of a figure after all records have been added.
 */
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "elide.h"
#include "figure.h"
#include "figure_group.h"
#include "figure_measured.h"
#include "label.h"
#include "line_style.h"

#define TITLE_MAX 90
#define LABEL_MAX 120
#define TICK_LETTERS 22 /* as long as quote.c leaves ticks */
#define TITLE_TRACES 3
#define WIDE 100 /* a line that spans this factor gets a logarithmic axis */

/* Which properties, besides policy and parameters, distinguish the series of this figure. */
struct differences {
	bool trace, page_bytes, seed;
};

static int by_x(const void *left, const void *right)
{
	const struct bel_point *a = left, *b = right;

	if (a->x != b->x)
		return a->x < b->x ? -1 : 1;
	return a->y < b->y ? -1 : a->y > b->y;
}

/* A curve is, and may have millions of points. */
static bool in_order(const struct bel_series *series)
{
	for (size_t i = 1; i < series->points; i++)
		if (by_x(&series->point[i - 1], &series->point[i]) > 0)
			return false;
	return true;
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool same_columns(const struct bel_point *a, const struct bel_point *b)
{
	for (size_t i = 0; i < BEL_FIGURE_SPEC_COLUMNS; i++)
		if (a->column[i] != b->column[i])
			return false;
	return true;
}

/* Identical records count once; two different values for one x are an error. */
static int order_points(
	const struct bel_figure *figure, struct bel_series *series, struct bel_err *err)
{
	size_t kept = 0;

	if (!in_order(series))
		qsort(series->point, series->points, sizeof(*series->point), by_x);
	if (series->kind == BEL_SERIES_MEASURED)
		return bel_figure_measured_join(series, err);
	for (size_t i = 0; i < series->points; i++) {
		struct bel_point *point = &series->point[i];
		const struct bel_point *last = kept ? &series->point[kept - 1] : NULL;

		if (last && last->x == point->x && last->y == point->y && last->low == point->low &&
			last->high == point->high && same_text(last->label, point->label) &&
			same_columns(last, point)) {
			free(point->label);
			point->label = NULL;
			continue;
		}
		/* A line may be vertical within one record, but not between several. */
		if (last && last->x == point->x && series->kind != BEL_SERIES_SPOT &&
			last->record != point->record)
			return bel_fail(err,
				"%s: line %lu: %s at %s %.15g has a different %s than in %s, line "
				"%lu",
				point->source, point->line, series->policy, figure->spec->x.word[0],
				point->x, figure->spec->y.word[0], last->source, last->line);
		if (kept != i) {
			series->point[kept] = *point;
			point->label = NULL;
		}
		kept++;
	}
	series->points = kept;
	return 0;
}

/*
 * A last interval of less than half the width of the one before it is drawn as a part of that: few
 * references, all of them faults, would be the highest peak. A value is a mean over its width.
 */
static void join_last(struct bel_series *series)
{
	struct bel_point *last, *to;
	double width;

	if (series->points < 2)
		return;
	last = &series->point[series->points - 1];
	to = last - 1;
	width = to->width + last->width;
	if (!(width > 0) || last->width >= to->width / 2)
		return;
	to->y = (to->y * to->width + last->y * last->width) / width;
	to->low = to->high = to->y;
	to->width = width;
	free(last->label);
	series->points--;
}

/* "4 KiB", "512 B": exact, since page sizes are powers of two. */
static void size_text(char *text, size_t capacity, uint64_t bytes)
{
	static const char *const unit[] = {"B", "KiB", "MiB", "GiB"};
	size_t i = 0;

	while (i < 3 && bytes >= 1024 && bytes % 1024 == 0) {
		bytes /= 1024;
		i++;
	}
	snprintf(text, capacity, "%llu %s", (unsigned long long)bytes, unit[i]);
}

/* For a record without a spec. Switches that are off are left out, to save space. */
static void put_params(FILE *out, const struct bel_series *s)
{
	const char *params = s->params;

	fputs(s->policy, out);
	while (*params) {
		const size_t length = strcspn(params, " ");

		if (length < 4 || strncmp(params + length - 4, "=off", 4) != 0)
			fprintf(out, " %.*s", (int)length, params);
		params += length + strspn(params + length, " ");
	}
}

/* A policy as -p takes it, with numbers such as 1048576 as it takes them, too: 1M. */
static void put_spec(FILE *out, const char *spec)
{
	while (*spec) {
		const size_t other = strcspn(spec, "=") + 1;
		unsigned long long number;
		char *end;

		if (other > strlen(spec)) {
			fputs(spec, out);
			return;
		}
		fprintf(out, "%.*s", (int)other, spec);
		spec += other;
		number = strtoull(spec, &end, 10);
		if (end == spec || (*end && *end != ':') || number < 1024 || number % 1024 != 0)
			continue;
		if (number % (1024 * 1024) == 0)
			fprintf(out, "%lluM", number / 1024 / 1024);
		else
			fprintf(out, "%lluk", number / 1024);
		spec = end;
	}
}

/* The name of the series without that of its trace. */
static char *make_name(const struct bel_series *s, const struct differences *differ, bool is_row)
{
	char size[32], *text = NULL;
	size_t capacity;
	FILE *out = open_memstream(&text, &capacity);

	if (!out)
		return NULL;
	if (is_row || s->kind == BEL_SERIES_MEASURED)
		fputs(s->policy, out);
	else if (s->many_params)
		fprintf(out, "%s by %.*s", s->policy, (int)strcspn(s->params, "="), s->params);
	else if (*s->spec)
		put_spec(out, s->spec);
	else
		put_params(out, s);
	if (s->frames)
		fprintf(out, ", %llu frame%s", (unsigned long long)s->frames,
			s->frames == 1 ? "" : "s");
	if (s->sampled)
		fprintf(out, ", sample of %llu pages", (unsigned long long)s->sampled);
	else if (s->rate > 0)
		fprintf(out, ", sample of %.3g%%", 100 * s->rate);
	size_text(size, sizeof(size), s->page_bytes);
	if (differ->page_bytes)
		fprintf(out, ", %s pages", size);
	if (differ->seed && s->seed != BEL_NO_SEED)
		fprintf(out, ", seed %llu", (unsigned long long)s->seed);
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

/* Cuts a text between code points. */
static void cut_text(char *text, size_t most)
{
	size_t n = 0;

	for (char *at = text; *at; at++) {
		if (((unsigned char)*at & 0xc0) == 0x80 || n++ < most)
			continue;
		while (at > text && ((unsigned char)*at & 0xc0) == 0x80)
			at--;
		if (strlen(at) > 3)
			memcpy(at, "...", 4);
		return;
	}
}

/* Makes name and label of a series. */
static int make_texts(const struct bel_figure *figure, struct bel_series *s,
	const struct differences *differ, struct bel_err *err)
{
	s->name = make_name(s, differ, figure->spec->rows.word[0] != NULL);
	if (!s->name)
		return bel_err_memory(err, "a figure");
	if (!bel_figure_rename(figure, &s->name, err))
		return BEL_FAIL;
	if (asprintf(&s->label, differ->trace ? "%s, %s" : "%s", s->name, s->trace) < 0) {
		s->label = NULL;
		return bel_err_memory(err, "a figure");
	}
	cut_text(s->name, LABEL_MAX);
	cut_text(s->label, LABEL_MAX);
	return 0;
}

/* Names of rows are ticks. Their ends tell regions apart, so the middle is left out. */
static int elide_rows(struct bel_figure *figure, struct bel_err *err)
{
	char **const name = calloc(figure->count, sizeof(*name));
	int r = name ? 0 : -1;

	for (size_t i = 0; name && i < figure->count; i++) {
		name[i] = strdup(figure->series[i].name);
		r = name[i] ? r : -1;
	}
	if (r == 0)
		r = bel_elide(name, figure->count, TICK_LETTERS);
	for (size_t i = 0; name && i < figure->count; i++) {
		struct bel_series *const series = &figure->series[i];

		free(series->label);
		free(series->name);
		series->name = name[i];
		series->label = name[i] ? strdup(name[i]) : NULL;
		r = series->label ? r : -1;
	}
	free(name);
	return r == 0 ? 0 : bel_err_memory(err, "a figure");
}

static char *make_title(const struct bel_figure *figure)
{
	char *text = NULL;
	size_t capacity, names = 0;
	FILE *out = open_memstream(&text, &capacity);

	if (!out)
		return NULL;
	for (size_t i = 0; i < figure->count; i++) {
		const char *name = figure->series[i].trace;
		size_t k = 0;

		while (k < i && strcmp(figure->series[k].trace, name) != 0)
			k++;
		if (k == i && names++ < TITLE_TRACES)
			fprintf(out, "%s%s", names > 1 ? ", " : "", name);
	}
	if (names > TITLE_TRACES)
		fprintf(out, " and %zu more", names - TITLE_TRACES);
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	cut_text(text, TITLE_MAX);
	return text;
}

static struct differences compare_series(const struct bel_figure *figure)
{
	struct differences differ = {0};

	for (size_t i = 1; i < figure->count; i++) {
		const struct bel_series *a = &figure->series[0], *b = &figure->series[i];

		differ.trace |= strcmp(a->trace, b->trace) != 0;
		differ.page_bytes |= a->page_bytes != b->page_bytes;
		for (size_t k = 0; k < i; k++) {
			const struct bel_series *c = &figure->series[k];

			differ.seed |= b->seed != c->seed && b->seed != BEL_NO_SEED &&
				       c->seed != BEL_NO_SEED;
		}
	}
	return differ;
}

static void note_least(double *least, double value)
{
	if (value > 0 && (*least == 0 || value < *least))
		*least = value;
}

/* Columns share the y axis. */
static void measure_y(struct bel_figure *figure, const struct bel_point *point)
{
	double most = fmax(point->y, point->high);

	note_least(&figure->y_least, point->y);
	note_least(&figure->y_least, point->low);
	for (size_t i = 0; i < BEL_FIGURE_SPEC_COLUMNS; i++) {
		note_least(&figure->y_least, point->column[i]);
		most = fmax(most, point->column[i]);
	}
	figure->y_max = fmax(figure->y_max, most);
}

static void measure(struct bel_figure *figure, const struct bel_series *series)
{
	const struct bel_point *first = &series->point[0];
	const struct bel_point *last = &series->point[series->points - 1];
	const bool fresh = series == figure->series;

	if (fresh || first->x < figure->x_min)
		figure->x_min = first->x;
	if (fresh || last->x + last->width > figure->x_max)
		figure->x_max = last->x + last->width;
	for (const struct bel_point *point = first; point <= last; point++) {
		note_least(&figure->x_least, point->x);
		measure_y(figure, point);
	}
	note_least(&figure->x_least, last->x + last->width);
	if (series->kind == BEL_SERIES_SPOT || series->points < 3 || !(first->x > 0))
		return;
	/* A sweep by factors ends with a much larger step than its first. */
	if (last->x >= 4 * first->x && last->x - last[-1].x >= 2 * (first[1].x - first->x))
		figure->geometric = true;
	if (last->x >= WIDE * first->x)
		figure->geometric = true;
}

void bel_figure_measure(struct bel_figure *figure)
{
	figure->y_max = figure->x_least = figure->y_least = 0;
	figure->geometric = false;
	for (size_t i = 0; i < figure->count; i++)
		measure(figure, &figure->series[i]);
}

/* Sorts by kind: lines, spots, floors, what was measured; the order within a kind stays the same. */
static int order_series(struct bel_figure *figure, struct bel_err *err)
{
	struct bel_series *ordered = calloc(figure->count, sizeof(*ordered));
	size_t n = 0;

	if (!ordered)
		return bel_err_memory(err, "a figure");
	for (int kind = 0; kind < BEL_SERIES_KINDS; kind++)
		for (size_t i = 0; i < figure->count; i++)
			if ((int)figure->series[i].kind == kind)
				ordered[n++] = figure->series[i];
	free(figure->series);
	figure->series = ordered;
	figure->capacity = n;
	return 0;
}

/* Cuts names along x as labels are cut, so that both can be matched. */
static void cut_names(struct bel_figure *figure)
{
	for (size_t i = 0; i < figure->names; i++)
		cut_text(figure->name[i], LABEL_MAX);
	for (size_t i = 0; i < figure->count; i++)
		for (size_t k = 0; k < figure->series[i].points; k++)
			if (figure->series[i].point[k].label)
				cut_text(figure->series[i].point[k].label, LABEL_MAX);
}

/* Gives the traces of series names that distinguish them. */
static int label_traces(struct bel_figure *figure, struct bel_err *err)
{
	struct bel_label_key *key = calloc(figure->count, sizeof(*key));
	char **label = NULL;

	for (size_t i = 0; key && i < figure->count; i++) {
		const struct bel_series *s = &figure->series[i];

		key[i] = (struct bel_label_key){s->trace, s->file, s->digest, s->page_bytes};
	}
	if (key)
		label = bel_labels_new(key, figure->count);
	free(key);
	if (!label)
		return bel_err_memory(err, "a figure");
	for (size_t i = 0; i < figure->count; i++) {
		free(figure->series[i].trace);
		figure->series[i].trace = label[i];
	}
	free(label);
	for (size_t i = 0; i < figure->count; i++)
		if (!bel_figure_rename(figure, &figure->series[i].trace, err))
			return BEL_FAIL;
	return 0;
}

int bel_figure_finish(struct bel_figure *figure, struct bel_err *err)
{
	struct differences differ;

	if (label_traces(figure, err) < 0 || bel_figure_names_finish(figure, err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; i < figure->names; i++)
		if (!bel_figure_rename(figure, &figure->name[i], err))
			return BEL_FAIL;
	differ = compare_series(figure);
	figure->page_bytes = differ.page_bytes ? 0 : figure->series[0].page_bytes;
	figure->title = make_title(figure);
	if (!figure->title)
		return bel_err_memory(err, "a figure");
	for (size_t i = 0; i < figure->count; i++) {
		struct bel_series *series = &figure->series[i];

		if (order_points(figure, series, err) < 0)
			return BEL_FAIL;
		if (!figure->spec->columns.word[0])
			join_last(series);
		if (make_texts(figure, series, &differ, err) < 0)
			return BEL_FAIL;
	}
	cut_names(figure);
	if (figure->spec->rows.word[0] && elide_rows(figure, err) < 0)
		return BEL_FAIL;
	if (order_series(figure, err) < 0)
		return BEL_FAIL;
	bel_figure_group(figure);
	if (!figure->spec->rows.word[0])
		bel_figure_twins(figure);
	bel_figure_events_finish(figure);
	bel_style_series(figure);
	bel_figure_measure(figure);
	return 0;
}
