/* SPDX-License-Identifier: MIT */
/*
 * figure.c: collects records into series of points.
 */
#include "figure.h"

#include <stdlib.h>
#include <string.h>

#include "figure_measured.h"
#include "figure_point.h"

void bel_figure_init(struct bel_figure *figure, const struct bel_figure_spec *spec)
{
	memset(figure, 0, sizeof(*figure));
	figure->spec = spec;
}

void bel_figure_series_release(struct bel_series *series)
{
	for (size_t i = 0; i < series->points; i++)
		free(series->point[i].label);
	free(series->point);
	free(series->error);
	free(series->trace);
	free(series->file);
	free(series->digest);
	free(series->policy);
	free(series->params);
	free(series->spec);
	free(series->label);
	free(series->name);
}

void bel_figure_release(struct bel_figure *figure)
{
	for (size_t i = 0; i < figure->count; i++)
		bel_figure_series_release(&figure->series[i]);
	free(figure->series);
	bel_figure_names_release(figure);
	bel_figure_events_release(figure);
	free(figure->title);
	memset(figure, 0, sizeof(*figure));
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

/* What a row counts, such as "faults (lru, 64 frames)". NULL: no memory. */
static char *what_of(const struct bel_figure_spec *spec, const struct bel_record *record)
{
	const char *what = "", *policy = "";
	uint64_t frames = 0;
	struct bel_err none;
	char *text;
	int r;

	if (bel_record_get_text(record, spec->rows.word[1], &what, &none) < 0)
		return strdup("");
	if (bel_record_get_text(record, "spec", &policy, &none) < 0)
		return strdup(what);
	if (bel_record_get_count(record, "frames", &frames, &none) < 0)
		r = asprintf(&text, "%s (%s)", what, policy);
	else
		r = asprintf(&text, "%s (%s, %llu frame%s)", what, policy,
			(unsigned long long)frames, frames == 1 ? "" : "s");
	return r < 0 ? NULL : text;
}

/* Fills the series from the record; owned texts. `name`: in place of a policy; NULL: it has one. */
static int identify(const struct bel_figure *figure, const struct bel_record *record,
	const char *name, struct bel_series *series, struct bel_err *err)
{
	const bool joined = bel_figure_spec_joins(figure->spec, "trace");
	const char *const row = figure->spec->rows.word[0];
	const char *const named = row                                               ? row
				  : bel_figure_spec_splits_by(figure->spec, "spec") ? "spec"
										    : "policy";
	const char *trace = "", *file = NULL, *digest = "", *spec = "", *policy = name;

	*series = (struct bel_series){.seed = BEL_NO_SEED};
	if (!name && bel_record_get_text(record, named, &policy, err) < 0)
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
	if (!row && bel_record_has(record, "spec") &&
		bel_record_get_text(record, "spec", &spec, err) < 0)
		return BEL_FAIL;
	if (!row && bel_record_has(record, "seed") &&
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
	series->params =
		row ? what_of(figure->spec, record) : bel_record_object_text(record, "params");
	series->spec = strdup(spec);
	if (!series->trace || (file && !series->file) || !series->digest || !series->policy ||
		!series->params || !series->spec) {
		bel_figure_series_release(series);
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

	for (size_t i = figure->spec->rows.word[0] ? 0 : figure->count; i-- > 0;) {
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

/* Gets the special point of the record, if it has one. */
static int get_mark(const struct bel_figure_spec *spec, const struct bel_record *record,
	struct bel_series *series, struct bel_err *err)
{
	const char *x = spec->mark.word[0], *y = spec->mark.word[1];

	if (!x || !bel_figure_has_number(record, x) || !bel_figure_has_number(record, y))
		return 0;
	series->marked = true;
	return bel_figure_get_number(record, x, &series->mark_x, err) < 0
		       ? BEL_FAIL
		       : bel_figure_get_number(record, y, &series->mark_y, err);
}

/* What bel-live measured: one point for each record. */
static int add_measured(
	struct bel_figure *figure, const struct bel_record *record, struct bel_err *err)
{
	struct bel_measured measured;
	struct bel_point point = {.source = bel_record_source(record),
		.line = bel_record_line(record),
		.record = figure->records};
	struct bel_series wanted, *series;
	char *name;
	int r;

	if (bel_measured_get(record, &measured, err) < 0)
		return BEL_FAIL;
	name = bel_figure_measured_name(&measured);
	if (!name)
		return bel_err_memory(err, "a figure");
	r = identify(figure, record, name, &wanted, err);
	free(name);
	if (r < 0)
		return BEL_FAIL;
	wanted.kind = BEL_SERIES_MEASURED;
	point.x = (double)measured.frames;
	point.y = measured.faults;
	point.low = measured.least;
	point.high = measured.most;
	series = find_series(figure, &wanted, err);
	r = series ? add_point(series, &point, NULL, err) : BEL_FAIL;
	figure->records++;
	bel_figure_series_release(&wanted);
	return r < 0 ? BEL_FAIL : 1;
}

int bel_figure_add(struct bel_figure *figure, const struct bel_record *record, struct bel_err *err)
{
	const struct bel_figure_spec *spec = figure->spec;
	size_t choice, length;
	struct bel_series wanted, *series;
	struct bel_figure_members members;
	char *label = NULL;
	int status = 0;

	if (bel_figure_spec_measures(spec, bel_record_schema(record)))
		return add_measured(figure, record, err);
	if (!bel_figure_spec_wants(spec, bel_record_schema(record)))
		return bel_figure_event_add(figure, record, err);
	if (identify(figure, record, NULL, &wanted, err) < 0)
		return BEL_FAIL;
	if (!bel_figure_spec_takes(spec, wanted.policy)) {
		bel_figure_series_release(&wanted);
		return 0;
	}
	length = bel_record_length(record, bel_figure_choose(record, &spec->x, &choice));
	wanted.kind = spec->rows.word[0]             ? BEL_SERIES_LINE
		      : choice > 0 && !length        ? BEL_SERIES_SPOT
		      : strcmp(wanted.policy, "opt") ? BEL_SERIES_LINE
						     : BEL_SERIES_FLOOR;
	if (wanted.kind == BEL_SERIES_SPOT)
		label = strdup(wanted.params);
	bel_figure_members_find(&members, spec, record);
	status = bel_figure_members_check(&members, err);
	series = find_series(figure, &wanted, err);
	for (size_t i = 0; series && status == 0 && i < (length ? length : 1); i++) {
		struct bel_point point = {.source = bel_record_source(record),
			.line = bel_record_line(record),
			.record = figure->records};

		status = bel_figure_spec_axis_is(spec, "names")
				 ? bel_figure_name(figure, record, &point.x, err)
				 : 0;
		if (status == 0)
			status = bel_figure_point_get(&members, i, &point, err);
		if (status == 0)
			status = add_point(series, &point, label, err);
		series->banded |= point.low < point.high;
	}
	if (series && status == 0)
		status = get_mark(spec, record, series, err);
	figure->records++;
	bel_figure_series_release(&wanted);
	free(label);
	return !series || status < 0 ? BEL_FAIL : 1;
}
