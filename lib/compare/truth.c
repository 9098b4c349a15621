/* SPDX-License-Identifier: MIT */
/* truth.c: errors of simulations against measured faults. */
#include "truth.h"

#include <math.h>
#include <string.h>

#include "compare_record.h"

/* The number of policies that were run with the trace and the frames of a measurement. */
static size_t policies_at(const struct bel_results *m, const struct bel_measurement *at)
{
	size_t n = 0;

	for (uint32_t p = 0; p < m->policies; p++)
		n += bel_results_find(m, at->trace, p, at->counts.frames) != NULL;
	return n;
}

void bel_truth_count(const struct bel_results *m, struct bel_truth_tally *tally)
{
	*tally = (struct bel_truth_tally){.alone = 0};
	for (size_t i = 0; i < m->measurements; i++) {
		const size_t n = policies_at(m, &m->measurement[i]);

		tally->alone += n == 0;
		tally->incomplete += n > 0 && n < m->policies;
	}
}

static double error_of(const struct bel_result *result, const struct bel_measurement *at)
{
	return at->counts.faults > 0 ? 100 * ((double)result->faults / at->counts.faults - 1) : NAN;
}

static struct bel_record *new_record(const char *schema, const struct bel_compared_trace *trace,
	const struct bel_ranked *policy, const struct bel_measurement *of)
{
	struct bel_record *r = bel_compare_record_new(schema, trace, policy);

	bel_record_text(r, "measured_by", of->counts.program ? "run" : "replay");
	bel_record_text(r, "kernel", of->kernel);
	bel_record_text(r, "reclaim", of->reclaim);
	return r;
}

static int emit_one(struct bel_emit *emit, const struct bel_results *m,
	const struct bel_measurement *at, const struct bel_result *result, struct bel_err *err)
{
	const struct bel_compared_trace *const trace = &m->trace[at->trace];
	const struct bel_measured *const counts = &at->counts;
	struct bel_record *r =
		new_record("belady.compare-truth/1", trace, &m->policy[result->policy], at);

	bel_record_count(r, "frames", counts->frames);
	bel_record_count(r, "memory_bytes", counts->frames * trace->page_bytes);
	bel_record_count(r, "measured_faults", (uint64_t)counts->faults);
	bel_record_count(r, "measured_least", (uint64_t)counts->least);
	bel_record_count(r, "measured_most", (uint64_t)counts->most);
	bel_record_real(r, "spread_percent",
		counts->faults > 0 ? 100 * (counts->most - counts->least) / counts->faults : NAN);
	bel_record_count(r, "faults", result->faults);
	bel_record_real(r, "error_percent", error_of(result, at));
	return bel_emit(emit, r, err);
}

int bel_truth_emit(struct bel_emit *emit, const struct bel_results *m, struct bel_err *err)
{
	for (size_t i = 0; i < m->measurements; i++) {
		const struct bel_measurement *const at = &m->measurement[i];

		for (uint32_t p = 0; p < m->policies; p++) {
			const struct bel_result *const result =
				bel_results_find(m, at->trace, p, at->counts.frames);

			if (result && emit_one(emit, m, at, result, err) < 0)
				return BEL_FAIL;
		}
	}
	return 0;
}

/* Whether both come from the same kernel and the same kind of measurement. */
static bool same_kind(const struct bel_measurement *a, const struct bel_measurement *b)
{
	return a->counts.program == b->counts.program && !strcmp(a->reclaim, b->reclaim) &&
	       !strcmp(a->kernel ?: "", b->kernel ?: "");
}

/* Measurements without faults have no error; they are left out. */
static bool has_errors(const struct bel_results *m, const struct bel_measurement *at)
{
	return at->counts.faults > 0 && policies_at(m, at) == m->policies;
}

static int emit_mean(struct bel_emit *emit, const struct bel_results *m,
	const struct bel_measurement *kind, uint32_t policy, struct bel_err *err)
{
	double sum = 0, absolute = 0, largest = 0;
	uint64_t sizes = 0, traces = 0;
	const struct bel_measurement *last = NULL;
	struct bel_record *r;

	for (size_t i = 0; i < m->measurements; i++) {
		const struct bel_measurement *const at = &m->measurement[i];
		double error;

		if (!same_kind(kind, at) || !has_errors(m, at))
			continue;
		error = error_of(bel_results_find(m, at->trace, policy, at->counts.frames), at);
		sum += error;
		absolute += fabs(error);
		if (fabs(error) > fabs(largest))
			largest = error;
		sizes++;
		traces += !last || last->trace != at->trace;
		last = at;
	}
	if (!sizes)
		return 0;
	r = new_record("belady.compare-truth-mean/1", NULL, &m->policy[policy], kind);
	bel_record_count(r, "traces", traces);
	bel_record_count(r, "sizes", sizes);
	bel_record_real(r, "mean_error_percent", sum / (double)sizes);
	bel_record_real(r, "mean_absolute_error_percent", absolute / (double)sizes);
	bel_record_real(r, "largest_error_percent", largest);
	return bel_emit(emit, r, err);
}

int bel_truth_means_emit(struct bel_emit *emit, const struct bel_results *m, struct bel_err *err)
{
	for (size_t i = 0; i < m->measurements; i++) {
		size_t first = 0;

		while (!same_kind(&m->measurement[first], &m->measurement[i]))
			first++;
		for (uint32_t p = 0; first == i && p < m->policies; p++)
			if (emit_mean(emit, m, &m->measurement[i], p, err) < 0)
				return BEL_FAIL;
	}
	return 0;
}
