/* SPDX-License-Identifier: MIT */
/* figure_point.c: the points of a record. */
#include "figure_point.h"

#include <math.h>
#include <string.h>

#define DRAWN_LEAST 1e-18
#define DRAWN_MOST 1e18

/* The text of a path before its slash. */
#define PATH_MAX_BYTES 128

static const char *above_of(const char *path, char *above)
{
	snprintf(above, PATH_MAX_BYTES, "%.*s", (int)strcspn(path, "/"), path);
	return above;
}

bool bel_figure_has_number(const struct bel_record *record, const char *path)
{
	const char *slash = strchr(path, '/');
	char above[PATH_MAX_BYTES];

	return bel_record_has(record, above_of(path, above)) &&
	       (!slash || bel_record_has(record, slash + 1));
}

const char *bel_figure_choose(
	const struct bel_record *record, const struct bel_figure_spec_text *words, size_t *chosen)
{
	*chosen = 0;
	for (size_t i = 0; words->word[i]; i++) {
		if (bel_figure_has_number(record, words->word[i])) {
			*chosen = i;
			return words->word[i];
		}
	}
	return words->word[0];
}

static struct bel_figure_number find(const struct bel_record *record, const char *path)
{
	const char *const slash = strchr(path, '/');
	struct bel_figure_number number = {.path = path, .ratio = slash};
	char above[PATH_MAX_BYTES];

	number.above = bel_record_column(record, above_of(path, above));
	if (slash)
		number.below = bel_record_column(record, slash + 1);
	return number;
}

void bel_figure_members_find(struct bel_figure_members *members, const struct bel_figure_spec *spec,
	const struct bel_record *record)
{
	size_t ignored;

	*members = (struct bel_figure_members){.record = record};
	members->has_x = !bel_figure_spec_axis_is(spec, "names");
	if (members->has_x)
		members->x = find(record, bel_figure_choose(record, &spec->x, &ignored));
	members->y = find(record, bel_figure_choose(record, &spec->y, &ignored));
	members->has_width = spec->width.word[0];
	if (members->has_width)
		members->width = find(record, spec->width.word[0]);
	members->has_band = spec->band.word[0] && bel_figure_has_number(record, spec->band.word[0]);
	if (members->has_band) {
		members->low = find(record, spec->band.word[0]);
		members->high = find(record, spec->band.word[1]);
	}
	for (; spec->columns.word[members->columns]; members->columns++)
		members->column[members->columns] =
			find(record, spec->columns.word[members->columns]);
}

static int check_length(const struct bel_figure_members *members,
	const struct bel_figure_number *number, bool may_be_one, struct bel_err *err)
{
	const struct bel_record *const record = members->record;
	const size_t length = members->has_x ? members->x.above.length : 0;
	const size_t above = number->above.length, below = number->below.length;
	const bool absent = !number->above.value && !number->above.count;

	/* What is absent is told when its first number is wanted. */
	if ((!above || above == length) && (!below || below == length) &&
		(absent || may_be_one || above == length || below == length))
		return 0;
	if (!length)
		return bel_fail(err, "%s: line %lu: %s must be one number, and not a list",
			bel_record_source(record), bel_record_line(record), number->path);
	return bel_fail(err, "%s: line %lu: %s must have as many numbers as %s, %zu",
		bel_record_source(record), bel_record_line(record), number->path, members->x.path,
		length);
}

int bel_figure_members_check(const struct bel_figure_members *members, struct bel_err *err)
{
	int r = check_length(members, &members->y, false, err);

	if (r == 0 && members->has_x)
		r = check_length(members, &members->x, false, err);
	if (r == 0 && members->has_width)
		r = check_length(members, &members->width, true, err);
	if (r == 0 && members->has_band)
		r = check_length(members, &members->low, false, err);
	if (r == 0 && members->has_band)
		r = check_length(members, &members->high, false, err);
	for (size_t k = 0; r == 0 && k < members->columns; k++)
		r = check_length(members, &members->column[k], true, err);
	return r;
}

/* Says which path has no number. */
static int lacks(const struct bel_record *record, const struct bel_figure_number *number, size_t i,
	struct bel_err *err)
{
	const char *const slash = strchr(number->path, '/');
	char above[PATH_MAX_BYTES];
	double ignored;

	if (bel_record_get_element(record, above_of(number->path, above), i, &ignored, err) < 0)
		return BEL_FAIL;
	return bel_record_get_element(record, slash + 1, i, &ignored, err);
}

/* Checked for what gnuplot can draw; all counts, sizes and ratios are within these bounds. */
static int get(const struct bel_record *record, const struct bel_figure_number *number, size_t i,
	double *value, struct bel_err *err)
{
	double below;

	if (!bel_record_column_get(&number->above, i, value) ||
		(number->ratio && !bel_record_column_get(&number->below, i, &below)))
		return lacks(record, number, i, err);
	if (number->ratio) {
		if (below == 0)
			return bel_fail(err, "%s: line %lu: %s is 0", bel_record_source(record),
				bel_record_line(record), strchr(number->path, '/') + 1);
		*value /= below;
	}
	if (*value == 0 || (*value >= DRAWN_LEAST && *value <= DRAWN_MOST))
		return 0;
	return bel_fail(err, "%s: line %lu: %s is %.15g: must be 0, or from %g to %g",
		bel_record_source(record), bel_record_line(record), number->path, *value,
		DRAWN_LEAST, DRAWN_MOST);
}

int bel_figure_get_number(
	const struct bel_record *record, const char *path, double *value, struct bel_err *err)
{
	const struct bel_figure_number number = find(record, path);

	return get(record, &number, 0, value, err);
}

/* If an estimate's error is not known, its band, or one end of it, is null. */
static int get_band(const struct bel_figure_members *members, size_t i, struct bel_point *point,
	struct bel_err *err)
{
	if (bel_record_column_is_null(&members->low.above, i) ||
		bel_record_column_is_null(&members->high.above, i)) {
		point->low = INFINITY;
		point->high = -INFINITY;
		return 0;
	}
	return get(members->record, &members->low, i, &point->low, err) < 0
		       ? BEL_FAIL
		       : get(members->record, &members->high, i, &point->high, err);
}

int bel_figure_point_get(const struct bel_figure_members *members, size_t i,
	struct bel_point *point, struct bel_err *err)
{
	const struct bel_record *const record = members->record;

	if (members->has_x && get(record, &members->x, i, &point->x, err) < 0)
		return BEL_FAIL;
	if (get(record, &members->y, i, &point->y, err) < 0)
		return BEL_FAIL;
	if (members->has_width && get(record, &members->width, i, &point->width, err) < 0)
		return BEL_FAIL;
	point->low = point->high = point->y;
	if (members->has_band && get_band(members, i, point, err) < 0)
		return BEL_FAIL;
	for (size_t k = 0; k < members->columns; k++)
		if (get(record, &members->column[k], i, &point->column[k], err) < 0)
			return BEL_FAIL;
	return 0;
}
