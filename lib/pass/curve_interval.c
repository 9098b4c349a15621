/* SPDX-License-Identifier: MIT */
/*
 * curve_interval.c: the curve of each interval, as the difference of the counts at its two ends.
 */
#include "curve_interval.h"

#include <stdlib.h>

bool bel_curve_interval_allowed(const struct bel_curve_job *job, struct bel_err *err)
{
	const char *name = job->spec->name;

	if (!job->parts)
		bel_usage(err,
			"%s: --interval needs frame counts that are known before reading: "
			"give them with -f",
			name);
	else if (job->algorithm && !(job->algorithm->caps & BEL_CURVE_SNAPSHOT))
		bel_usage(err,
			"%s: --interval is not possible: its curve is known only at the end of the "
			"trace",
			name);
	else
		return true;
	return false;
}

/*
 * The count of an earlier mark at a size or window. Beyond its last point only first touches
 * fault, so the last point applies.
 */
static uint64_t before(const struct bel_curve *mark, const uint64_t *value, size_t i)
{
	if (!mark || !mark->count)
		return 0;
	return value[i < mark->count ? i : mark->count - 1];
}

int bel_curve_interval_at(const struct bel_curve_job *job, size_t index,
	struct bel_curve_interval *interval, struct bel_err *err)
{
	const struct bel_curve *mark, *last;

	if (index >= job->marks)
		return 0;
	mark = &job->mark[index];
	last = index ? mark - 1 : NULL;
	*interval = (struct bel_curve_interval){
		.start = last ? last->references : 0,
		.end = mark,
		.faults = calloc(mark->count, sizeof(*interval->faults)),
	};
	interval->references = mark->references - interval->start;
	if (mark->writebacks)
		interval->writebacks = calloc(mark->count, sizeof(*interval->writebacks));
	if (!interval->faults || (mark->writebacks && !interval->writebacks)) {
		free(interval->faults);
		free(interval->writebacks);
		return bel_err_memory(err, "intervals");
	}
	for (size_t i = 0; i < mark->count; i++) {
		interval->faults[i] = mark->faults[i] - before(last, last ? last->faults : NULL, i);
		if (mark->writebacks)
			interval->writebacks[i] = mark->writebacks[i] -
						  before(last, last ? last->writebacks : NULL, i);
	}
	return 1;
}
