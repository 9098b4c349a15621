/* SPDX-License-Identifier: MIT */
/* report_record.c: single values of records. */
#include <math.h>

#include "report_parts.h"

uint64_t bel_report_count(const struct bel_record *record, const char *path)
{
	uint64_t value = 0;
	struct bel_err ignored;

	return bel_record_get_count(record, path, &value, &ignored) < 0 ? 0 : value;
}

double bel_report_number(const struct bel_record *record, const char *path)
{
	const struct bel_record_column column = bel_record_column(record, path);
	double value;

	return bel_record_column_get(&column, 0, &value) ? value : NAN;
}

const char *bel_report_text(const struct bel_record *record, const char *path)
{
	const char *value;
	struct bel_err ignored;

	return bel_record_has(record, path) &&
			       bel_record_get_text(record, path, &value, &ignored) == 0
		       ? value
		       : NULL;
}
