/* SPDX-License-Identifier: MIT */
/* measured.c: reads what bel-live measured. */
#include "measured.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define REPLAY "belady.live/1"
#define PROGRAM "belady.live-program/1"

bool bel_measured_is(const char *schema)
{
	return !strcmp(schema, REPLAY) || !strcmp(schema, PROGRAM);
}

static int get_program(
	const struct bel_record *record, struct bel_measured *measured, struct bel_err *err)
{
	const char *const source = bel_record_source(record);
	const unsigned long line = bel_record_line(record);
	uint64_t major, pages, file_pages = 0;

	if (!bel_record_has(record, "trace"))
		return bel_fail(err,
			"%s: line %lu: the run of a program has no trace to compare it with: use "
			"bel-live run --trace",
			source, line);
	if (bel_record_has(record, "signal"))
		return bel_fail(err,
			"%s: line %lu: a signal ended the program, so its faults are not those of "
			"its trace: leave this record out",
			source, line);
	if (bel_record_get_count(record, "major_faults", &major, err) < 0 ||
		bel_record_get_count(record, "trace.pages", &pages, err) < 0 ||
		(bel_record_has(record, "file_pages") &&
			bel_record_get_count(record, "file_pages", &file_pages, err) < 0))
		return BEL_FAIL;
	if (file_pages > pages)
		return bel_fail(err, "%s: line %lu: file_pages is larger than the trace's pages",
			source, line);
	measured->faults = (double)major + (double)(pages - file_pages);
	measured->least = measured->most = measured->faults;
	return 0;
}

static int get_replay(
	const struct bel_record *record, struct bel_measured *measured, struct bel_err *err)
{
	uint64_t faults, least, most;

	if (bel_record_get_count(record, "faults", &faults, err) < 0 ||
		bel_record_get_count(record, "faults_least", &least, err) < 0 ||
		bel_record_get_count(record, "faults_most", &most, err) < 0)
		return BEL_FAIL;
	if (least > faults || faults > most)
		return bel_fail(err, "%s: line %lu: faults is not from faults_least to faults_most",
			bel_record_source(record), bel_record_line(record));
	measured->faults = (double)faults;
	measured->least = (double)least;
	measured->most = (double)most;
	return 0;
}

int bel_measured_get(
	const struct bel_record *record, struct bel_measured *measured, struct bel_err *err)
{
	*measured = (struct bel_measured){.program = !strcmp(bel_record_schema(record), PROGRAM)};
	if (bel_record_get_count(record, "frames", &measured->frames, err) < 0 ||
		(bel_record_has(record, "kernel") &&
			bel_record_get_text(record, "kernel", &measured->kernel, err) < 0) ||
		bel_record_get_text(record, "reclaim", &measured->reclaim, err) < 0)
		return BEL_FAIL;
	return measured->program ? get_program(record, measured, err)
				 : get_replay(record, measured, err);
}

static int by_faults(const void *left, const void *right)
{
	const struct bel_measured *const a = left, *const b = right;

	return (a->faults > b->faults) - (a->faults < b->faults);
}

double bel_measured_median(double lower, double upper)
{
	return floor((lower + upper) / 2 + 0.5);
}

void bel_measured_join(struct bel_measured *measured, size_t count)
{
	double median;

	qsort(measured, count, sizeof(*measured), by_faults);
	median = bel_measured_median(measured[(count - 1) / 2].faults, measured[count / 2].faults);
	for (size_t i = 1; i < count; i++) {
		if (measured[i].least < measured->least)
			measured->least = measured[i].least;
		if (measured[i].most > measured->most)
			measured->most = measured[i].most;
	}
	measured->faults = median;
}
