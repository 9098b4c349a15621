/* SPDX-License-Identifier: MIT */
/* report_curve.c: a curve of a record: its points, and those of them that are drawn. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report_parts.h"

enum {
	WHOLE = 800,  /* shorter curves are drawn whole */
	STRIPS = 300, /* parts of the x axis, on a linear and on a logarithmic scale */
};

void bel_report_curve_release(struct bel_report_curve *curve)
{
	bel_record_free(curve->record);
	free(curve->x);
	free(curve->faults);
	free(curve->drawn);
	free(curve->drawn_x);
	free(curve->drawn_faults);
}

static int bad(const struct bel_report_curve *curve, const char *what, struct bel_err *err)
{
	return bel_fail(err, "%s: line %lu: %s", bel_record_source(curve->record),
		bel_record_line(curve->record), what);
}

static bool is_counted(const struct bel_record_column *column, size_t i, double *value)
{
	return bel_record_column_get(column, i, value) && *value >= 0 && *value <= REPORT_MOST;
}

static int read_points(struct bel_report_curve *curve, struct bel_err *err)
{
	const char *const member = curve->windows ? "mean_resident_pages" : "frames";
	const struct bel_record_column x = bel_record_column(curve->record, member);
	const struct bel_record_column y = bel_record_column(curve->record, "faults");

	curve->count = x.length;
	if (!x.length || y.length != x.length)
		return bad(curve, "a curve needs as many faults as memory sizes, and at least one",
			err);
	curve->x = calloc(curve->count, sizeof(*curve->x));
	curve->faults = calloc(curve->count, sizeof(*curve->faults));
	if (!curve->x || !curve->faults)
		return bel_err_memory(err, "a curve");
	for (size_t i = 0; i < curve->count; i++) {
		if (!is_counted(&x, i, &curve->x[i]) || !is_counted(&y, i, &curve->faults[i]))
			return bad(curve, "memory sizes and faults must be numbers from 0 to 2^53",
				err);
		if (i && curve->x[i] < curve->x[i - 1] && !curve->windows)
			return bad(curve, "the memory sizes of a curve must ascend", err);
	}
	return BEL_OK;
}

/* The strip of a point on an axis from 1 to the last point. */
static unsigned strip_of(double x, double last, bool is_log)
{
	const double share = is_log ? log(fmax(x, 1)) / log(fmax(last, 2)) : x / fmax(last, 1);

	return (unsigned)(fmin(share, 1) * STRIPS);
}

/* The first point of each strip, the last of all, and the knee. */
static void choose(struct bel_report_curve *curve)
{
	const double last = curve->x[curve->count - 1];
	unsigned linear = UINT32_MAX, logarithmic = UINT32_MAX;

	for (size_t i = 0; i < curve->count; i++) {
		const unsigned of_linear = strip_of(curve->x[i], last, false);
		const unsigned of_log = strip_of(curve->x[i], last, true);
		const bool same = of_linear == linear && of_log == logarithmic;
		const bool end = !i || i + 1 == curve->count || i == curve->knee;

		if (curve->count > WHOLE && same && !end)
			continue;
		linear = of_linear;
		logarithmic = of_log;
		curve->drawn_x[curve->drawn_count] = curve->x[i];
		curve->drawn_faults[curve->drawn_count] = curve->faults[i];
		curve->drawn[curve->drawn_count++] = i;
	}
}

static void find_knee(struct bel_report_curve *curve)
{
	const char *const member = curve->windows ? "tau" : "frames";
	const uint64_t at =
		bel_report_count(curve->record, curve->windows ? "knee.tau" : "knee.frames");
	const struct bel_record_column x = bel_record_column(curve->record, member);
	double value;

	curve->knee = curve->count;
	for (size_t i = 0; at && i < curve->count; i++)
		if (bel_record_column_get(&x, i, &value) && value == (double)at)
			curve->knee = i;
}

static int fill(struct bel_report_curve *curve, struct bel_err *err)
{
	if (bel_record_get_text(curve->record, "spec", &curve->spec, err) < 0)
		return BEL_FAIL;
	curve->windows = bel_record_has(curve->record, "tau");
	if (read_points(curve, err) < 0)
		return BEL_FAIL;
	find_knee(curve);
	curve->drawn = calloc(curve->count, sizeof(*curve->drawn));
	curve->drawn_x = calloc(curve->count, sizeof(*curve->drawn_x));
	curve->drawn_faults = calloc(curve->count, sizeof(*curve->drawn_faults));
	if (!curve->drawn || !curve->drawn_x || !curve->drawn_faults)
		return bel_err_memory(err, "a curve");
	choose(curve);
	return BEL_OK;
}

int bel_report_curve_add(
	struct bel_report_trace *trace, struct bel_record *record, struct bel_err *err)
{
	struct bel_report_curve *const grown =
		reallocarray(trace->curve, trace->curves + 1, sizeof(*grown));

	if (!grown) {
		bel_record_free(record);
		return bel_err_memory(err, "a report");
	}
	trace->curve = grown;
	grown[trace->curves] = (struct bel_report_curve){.record = record};
	return fill(&grown[trace->curves++], err);
}

size_t bel_report_curve_at(const struct bel_report_curve *curve, double pages)
{
	size_t best = curve->count;

	for (size_t i = 0; i < curve->count; i++)
		if (curve->x[i] <= pages && (best == curve->count || curve->x[i] >= curve->x[best]))
			best = i;
	return best;
}

/* Adds the drawn elements of an array of numbers. */
static void add_drawn(
	struct bel_record *to, const struct bel_report_curve *curve, const char *member)
{
	const struct bel_record_column column = bel_record_column(curve->record, member);
	double value;

	if (column.length != curve->count)
		return;
	bel_record_open_array(to, member);
	for (size_t i = 0; i < curve->drawn_count; i++)
		if (!bel_record_column_get(&column, curve->drawn[i], &value))
			bel_record_null(to, NULL);
		else if (value >= 0 && value < 0x1p53 && value == floor(value))
			bel_record_count(to, NULL, (uint64_t)value);
		else
			bel_record_real(to, NULL, value);
	bel_record_close(to);
}

struct bel_record *bel_report_curve_record(const struct bel_report_curve *curve)
{
	static const char *const plain[] = {"tool", "version", "trace", "policy", "params", "spec",
		"plugin", "algorithm", "exact", "partial", "compulsory_faults", "seed", NULL};
	static const char *const arrays[] = {"frames", "tau", "faults", "faults_low", "faults_high",
		"writebacks", "mean_resident_pages", NULL};
	static const char *const ends[] = {"knee", "min_space_time", "sample", NULL};
	struct bel_record *const r = bel_record_new("belady.curve/1");

	for (const char *const *key = plain; *key; key++)
		if (bel_record_has(curve->record, *key))
			bel_record_copy(r, *key, curve->record, *key);
	for (const char *const *key = arrays; *key; key++)
		add_drawn(r, curve, *key);
	for (const char *const *key = ends; *key; key++)
		if (bel_record_has(curve->record, *key))
			bel_record_copy(r, *key, curve->record, *key);
	return r;
}
