/* SPDX-License-Identifier: MIT */
/*
 * figure.c: collects records into series of points.
 */
#include "figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DRAWN_LEAST 1e-18
#define DRAWN_MOST 1e18

void bel_figure_init(struct bel_figure *figure, const struct bel_figure_spec *spec)
{
	memset(figure, 0, sizeof(*figure));
	figure->spec = spec;
}

static void series_release(struct bel_series *series)
{
	for (size_t i = 0; i < series->points; i++)
		free(series->point[i].label);
	free(series->point);
	free(series->trace);
	free(series->file);
	free(series->digest);
	free(series->policy);
	free(series->params);
	free(series->spec);
	free(series->label);
}

void bel_figure_release(struct bel_figure *figure)
{
	for (size_t i = 0; i < figure->count; i++)
		series_release(&figure->series[i]);
	free(figure->series);
	bel_figure_names_release(figure);
	free(figure->title);
	memset(figure, 0, sizeof(*figure));
}

/* Element i of a path, or of a ratio of two paths. */
static int get_ratio(const struct bel_record *record, const char *path, size_t i, double *value,
	struct bel_err *err)
{
	const char *slash = strchr(path, '/');
	char above[128];
	double below;

	if (!slash)
		return bel_record_get_element(record, path, i, value, err);
	snprintf(above, sizeof(above), "%.*s", (int)(slash - path), path);
	if (bel_record_get_element(record, above, i, value, err) < 0 ||
		bel_record_get_element(record, slash + 1, i, &below, err) < 0)
		return BEL_FAIL;
	if (below == 0)
		return bel_fail(err, "%s: line %lu: %s is 0", bel_record_source(record),
			bel_record_line(record), slash + 1);
	*value /= below;
	return 0;
}

/*
 * The same, checked for what gnuplot can draw; all counts, sizes and ratios are within these
 * bounds.
 */
static int get_number(const struct bel_record *record, const char *path, size_t i, double *value,
	struct bel_err *err)
{
	if (get_ratio(record, path, i, value, err) < 0)
		return BEL_FAIL;
	if (*value == 0 || (*value >= DRAWN_LEAST && *value <= DRAWN_MOST))
		return 0;
	return bel_fail(err, "%s: line %lu: %s is %.15g: must be 0, or from %g to %g",
		bel_record_source(record), bel_record_line(record), path, *value, DRAWN_LEAST,
		DRAWN_MOST);
}

/* Whether the record has the path, or both paths of a ratio. */
static bool has_number(const struct bel_record *record, const char *path)
{
	const char *slash = strchr(path, '/');
	char above[128];

	snprintf(above, sizeof(above), "%.*s", (int)strcspn(path, "/"), path);
	return bel_record_has(record, above) && (!slash || bel_record_has(record, slash + 1));
}

/* Whether an element, or the numerator of a ratio, is null. */
static bool is_null(const struct bel_record *record, const char *path, size_t i)
{
	char above[128];

	snprintf(above, sizeof(above), "%.*s", (int)strcspn(path, "/"), path);
	return bel_record_element_is_null(record, above, i);
}

/* The first path that the record has. If it has none: the first path, for the message. */
static const char *choose(
	const struct bel_record *record, const struct bel_figure_spec_text *words, size_t *chosen)
{
	*chosen = 0;
	for (size_t i = 0; words->word[i]; i++) {
		if (has_number(record, words->word[i])) {
			*chosen = i;
			return words->word[i];
		}
	}
	return words->word[0];
}

/* Estimates have their own lines, separate from exact counts and from other samples. */
static int identify_sample(
	const struct bel_record *record, struct bel_series *series, struct bel_err *err)
{
	if (bel_record_get_element(record, "sample.rate", 0, &series->rate, err) < 0 ||
		bel_record_get_count(record, "sample.seeds", &series->seeds, err) < 0 ||
		bel_record_get_count(record, "sample.seed", &series->seed, err) < 0)
		return BEL_FAIL;
	if (!bel_record_has(record, "sample.max_pages"))
		return 0;
	return bel_record_get_count(record, "sample.max_pages", &series->sampled, err);
}

/* Fills the series from the record; owned texts. */
static int identify(const struct bel_figure *figure, const struct bel_record *record,
	struct bel_series *series, struct bel_err *err)
{
	const bool joined = bel_figure_spec_joins(figure->spec, "trace");
	const char *trace = "", *file = NULL, *digest = "", *spec = "", *policy;

	*series = (struct bel_series){.seed = BEL_NO_SEED};
	if (bel_record_get_text(record, "policy", &policy, err) < 0)
		return BEL_FAIL;
	if (!joined && (bel_record_get_text(record, "trace.name", &trace, err) < 0 ||
			       bel_record_get_count(
				       record, "trace.page_bytes", &series->page_bytes, err) < 0))
		return BEL_FAIL;
	if (!joined && bel_record_has(record, "trace.digest") &&
		bel_record_get_text(record, "trace.digest", &digest, err) < 0)
		return BEL_FAIL;
	if (!joined && bel_record_has(record, "trace.file") &&
		bel_record_get_text(record, "trace.file", &file, err) < 0)
		return BEL_FAIL;
	if (bel_record_has(record, "spec") && bel_record_get_text(record, "spec", &spec, err) < 0)
		return BEL_FAIL;
	if (bel_record_has(record, "seed") &&
		bel_record_get_count(record, "seed", &series->seed, err) < 0)
		return BEL_FAIL;
	if (bel_record_has(record, "sample") && identify_sample(record, series, err) < 0)
		return BEL_FAIL;
	if (bel_figure_spec_splits_by(figure->spec, "frames") && bel_record_has(record, "frames") &&
		bel_record_get_count(record, "frames", &series->frames, err) < 0)
		return BEL_FAIL;
	if (bel_figure_spec_joins(figure->spec, "page_bytes"))
		series->page_bytes = 0;
	series->trace = strdup(trace);
	series->file = file ? strdup(file) : NULL;
	series->digest = strndup(
		digest, strcspn(digest, bel_figure_spec_joins(figure->spec, "mix") ? "+" : ""));
	series->policy = strdup(policy);
	series->params = bel_record_object_text(record, "params");
	series->spec = strdup(spec);
	if (!series->trace || (file && !series->file) || !series->digest || !series->policy ||
		!series->params || !series->spec) {
		series_release(series);
		return bel_err_memory(err, "a figure");
	}
	return 0;
}

/* Spots of one policy form one series, with any parameters. */
static bool same_series(const struct bel_series *a, const struct bel_series *b, bool any_name)
{
	return a->kind == b->kind && a->page_bytes == b->page_bytes && a->seed == b->seed &&
	       a->frames == b->frames && a->rate == b->rate && a->sampled == b->sampled &&
	       a->seeds == b->seeds && (any_name || !strcmp(a->trace, b->trace)) &&
	       !strcmp(a->digest, b->digest) && !strcmp(a->policy, b->policy) &&
	       (a->kind == BEL_SERIES_SPOT || !strcmp(a->params, b->params));
}

/* Keeps the shorter name: the name of a mix grows with every trace in it. */
static void keep_shorter(struct bel_series *series, struct bel_series *other)
{
	if (strlen(other->trace) < strlen(series->trace)) {
		char *const name = series->trace;

		series->trace = other->trace;
		other->trace = name;
	}
}

static struct bel_series *find_series(
	struct bel_figure *figure, struct bel_series *wanted, struct bel_err *err)
{
	const bool mix = bel_figure_spec_joins(figure->spec, "mix");

	for (size_t i = figure->count; i-- > 0;) {
		struct bel_series *series = &figure->series[i];

		if (same_series(series, wanted, mix)) {
			keep_shorter(series, wanted);
			series->many_params |= strcmp(series->params, wanted->params) != 0;
			return series;
		}
	}
	if (figure->count == figure->capacity) {
		const size_t capacity = figure->capacity ? 2 * figure->capacity : 16;
		void *grown = realloc(figure->series, capacity * sizeof(*figure->series));

		if (!grown) {
			bel_err_memory(err, "a figure");
			return NULL;
		}
		figure->series = grown;
		figure->capacity = capacity;
	}
	figure->series[figure->count] = *wanted;
	memset(wanted, 0, sizeof(*wanted));
	return &figure->series[figure->count++];
}

static int add_point(struct bel_series *series, const struct bel_point *point, const char *label,
	struct bel_err *err)
{
	struct bel_point *to;

	if (series->points == series->capacity) {
		const size_t capacity = series->capacity ? 2 * series->capacity : 16;
		void *grown = realloc(series->point, capacity * sizeof(*series->point));

		if (!grown)
			return bel_err_memory(err, "a figure");
		series->point = grown;
		series->capacity = capacity;
	}
	to = &series->point[series->points++];
	*to = *point;
	to->label = label ? strdup(label) : NULL;
	return label && !to->label ? bel_err_memory(err, "a figure") : 0;
}

/* If an estimate's error is not known, its band, or one end of it, is null. */
static int get_band(const struct bel_figure_spec *spec, const struct bel_record *record, size_t i,
	struct bel_point *point, struct bel_err *err)
{
	const char *low = spec->band.word[0], *high = spec->band.word[1];

	if (is_null(record, low, i) || is_null(record, high, i)) {
		point->low = INFINITY;
		point->high = -INFINITY;
		return 0;
	}
	return get_number(record, low, i, &point->low, err) < 0
		       ? BEL_FAIL
		       : get_number(record, high, i, &point->high, err);
}

/* Gets element i of everything that the figure draws from a record. */
static int get_point(const struct bel_figure_spec *spec, const struct bel_record *record, size_t i,
	struct bel_point *point, struct bel_err *err)
{
	size_t ignored;

	if (!bel_figure_spec_axis_is(spec, "names") &&
		get_number(record, choose(record, &spec->x, &ignored), i, &point->x, err) < 0)
		return BEL_FAIL;
	if (get_number(record, choose(record, &spec->y, &ignored), i, &point->y, err) < 0)
		return BEL_FAIL;
	if (spec->width.word[0] &&
		get_number(record, spec->width.word[0], i, &point->width, err) < 0)
		return BEL_FAIL;
	point->low = point->high = point->y;
	if (spec->band.word[0] && has_number(record, spec->band.word[0]) &&
		get_band(spec, record, i, point, err) < 0)
		return BEL_FAIL;
	for (size_t k = 0; spec->columns.word[k]; k++)
		if (get_number(record, spec->columns.word[k], i, &point->column[k], err) < 0)
			return BEL_FAIL;
	return 0;
}

/* Gets the special point of the record, if it has one. */
static int get_mark(const struct bel_figure_spec *spec, const struct bel_record *record,
	struct bel_series *series, struct bel_err *err)
{
	const char *x = spec->mark.word[0], *y = spec->mark.word[1];

	if (!x || !has_number(record, x) || !has_number(record, y))
		return 0;
	series->marked = true;
	return get_number(record, x, 0, &series->mark_x, err) < 0
		       ? BEL_FAIL
		       : get_number(record, y, 0, &series->mark_y, err);
}

int bel_figure_add(struct bel_figure *figure, const struct bel_record *record, struct bel_err *err)
{
	const struct bel_figure_spec *spec = figure->spec;
	size_t choice, length;
	struct bel_series wanted, *series;
	char *label = NULL;
	int status = 0;

	if (!bel_figure_spec_wants(spec, bel_record_schema(record)))
		return 0;
	if (identify(figure, record, &wanted, err) < 0)
		return BEL_FAIL;
	if (!bel_figure_spec_takes(spec, wanted.policy)) {
		series_release(&wanted);
		return 0;
	}
	length = bel_record_length(record, choose(record, &spec->x, &choice));
	wanted.kind = choice > 0 && !length          ? BEL_SERIES_SPOT
		      : strcmp(wanted.policy, "opt") ? BEL_SERIES_LINE
						     : BEL_SERIES_FLOOR;
	if (wanted.kind == BEL_SERIES_SPOT)
		label = strdup(wanted.params);
	series = find_series(figure, &wanted, err);
	for (size_t i = 0; series && status == 0 && i < (length ? length : 1); i++) {
		struct bel_point point = {.source = bel_record_source(record),
			.line = bel_record_line(record),
			.record = figure->records};

		status = bel_figure_spec_axis_is(spec, "names")
				 ? bel_figure_name(figure, record, &point.x, err)
				 : 0;
		if (status == 0)
			status = get_point(spec, record, i, &point, err);
		if (status == 0)
			status = add_point(series, &point, label, err);
		series->banded |= point.low < point.high;
	}
	if (series && status == 0)
		status = get_mark(spec, record, series, err);
	figure->records++;
	series_release(&wanted);
	free(label);
	return !series || status < 0 ? BEL_FAIL : 1;
}
