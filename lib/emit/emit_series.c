/* SPDX-License-Identifier: MIT */
/* emit_series.c: the long arrays of counts of a record. */
#include <stdlib.h>

#include "emit_record.h"

bool bel_series_add(struct bel_record *r, json_t *place, uint64_t *value, size_t count)
{
	struct bel_series *const grown = realloc(r->series, (r->series_count + 1) * sizeof(*grown));

	if (!grown) {
		free(value);
		return false;
	}
	r->series = grown;
	grown[r->series_count++] =
		(struct bel_series){.place = place, .value = value, .count = count};
	return true;
}

const struct bel_series *bel_series_at(const struct bel_record *r, const json_t *place)
{
	for (size_t i = 0; i < r->series_count; i++)
		if (r->series[i].place == place)
			return &r->series[i];
	return NULL;
}

bool bel_series_settle(struct bel_record *r)
{
	for (size_t i = 0; i < r->series_count; i++) {
		const struct bel_series *const series = &r->series[i];

		for (size_t k = 0; k < series->count; k++)
			if (json_array_append_new(
				    series->place, json_integer((json_int_t)series->value[k])) < 0)
				return false;
	}
	bel_series_release(r);
	return true;
}

void bel_series_release(struct bel_record *r)
{
	for (size_t i = 0; i < r->series_count; i++)
		free(r->series[i].value);
	free(r->series);
	r->series = NULL;
	r->series_count = 0;
}
