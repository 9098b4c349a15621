/* SPDX-License-Identifier: MIT */
/* predictions.c: measured and predicted major faults of programs. */
#include "predictions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "measured.h"
#include "results.h"
#include "version.h"

static void release_one(struct bel_prediction *at)
{
	free(at->spec);
	free(at->kernel);
	free(at->reclaim);
}

void bel_predictions_cut(struct bel_predictions *p, size_t count)
{
	while (p->count > count)
		release_one(&p->at[--p->count]);
}

void bel_predictions_release(struct bel_predictions *p)
{
	bel_predictions_cut(p, 0);
	free(p->at);
	*p = (struct bel_predictions){.count = 0};
}

/* What all predictions of a record have in common, and where they go. */
struct taking {
	struct bel_predictions *into;
	struct bel_prediction common;
	struct bel_err *err;
};

static int take_one(void *host, const char *spec, uint64_t predicted)
{
	const struct taking *const taking = host;
	struct bel_predictions *const p = taking->into;
	struct bel_prediction *at;

	if (p->count == p->capacity) {
		const size_t capacity = p->capacity ? 2 * p->capacity : 64;
		struct bel_prediction *const grown = reallocarray(p->at, capacity, sizeof(*grown));

		if (!grown)
			return bel_err_memory(taking->err, "comparison");
		p->at = grown;
		p->capacity = capacity;
	}
	at = &p->at[p->count];
	*at = taking->common;
	at->place = p->count++;
	at->predicted = predicted;
	at->spec = strdup(spec);
	at->reclaim = strdup(taking->common.reclaim);
	at->kernel = taking->common.kernel ? strdup(taking->common.kernel) : NULL;
	return at->spec && at->reclaim && (at->kernel || !taking->common.kernel)
		       ? 0
		       : bel_err_memory(taking->err, "comparison");
}

/* A count, or UINT64_MAX if the record does not have it. */
static int get_count(
	const struct bel_record *record, const char *name, uint64_t *value, struct bel_err *err)
{
	*value = UINT64_MAX;
	return bel_record_has(record, name) ? bel_record_get_count(record, name, value, err) : 0;
}

int bel_predictions_take(struct bel_predictions *p, const struct bel_record *record, uint32_t trace,
	struct bel_err *err)
{
	struct taking taking = {.into = p, .common = {.trace = trace}, .err = err};
	const char *kernel = NULL, *reclaim;
	uint64_t major;

	if (!bel_record_has(record, "predicted_major_faults"))
		return 0;
	if (bel_record_get_count(record, "frames", &taking.common.frames, err) < 0 ||
		bel_record_get_count(record, "major_faults", &major, err) < 0 ||
		get_count(record, "file_pages", &taking.common.file_pages, err) < 0 ||
		get_count(record, "read_ahead_bytes", &taking.common.read_ahead_bytes, err) < 0 ||
		(bel_record_has(record, "kernel") &&
			bel_record_get_text(record, "kernel", &kernel, err) < 0) ||
		bel_record_get_text(record, "reclaim", &reclaim, err) < 0)
		return BEL_FAIL;
	taking.common.major = taking.common.least = taking.common.most = (double)major;
	taking.common.repetitions = 1;
	/* Only take_one() uses them, and copies them. */
	taking.common.kernel = (char *)kernel;
	taking.common.reclaim = (char *)reclaim;
	return bel_record_each_count(record, "predicted_major_faults", take_one, &taking, err);
}

static int compare_counts(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* 0: both were measured in the same way. */
static int by_measurement(const struct bel_prediction *a, const struct bel_prediction *b)
{
	return compare_counts(a->trace, b->trace)
		       ?: strcmp(a->kernel ?: "", b->kernel ?: "")
		       ?: strcmp(a->reclaim, b->reclaim)
		       ?: compare_counts(a->file_pages, b->file_pages)
		       ?: compare_counts(a->read_ahead_bytes, b->read_ahead_bytes)
		       ?: compare_counts(a->frames, b->frames);
}

/* 0: repetitions of the same thing. */
static int by_what(const struct bel_prediction *a, const struct bel_prediction *b)
{
	return by_measurement(a, b)
		       ?: strcmp(a->spec, b->spec)
		       ?: compare_counts(a->predicted, b->predicted);
}

static int by_what_and_faults(const void *left, const void *right)
{
	const struct bel_prediction *const a = left, *const b = right;

	return by_what(a, b) ?: (a->major > b->major) - (a->major < b->major);
}

/* The order of records: policies as they appeared. */
static int in_order(const void *left, const void *right)
{
	const struct bel_prediction *const a = left, *const b = right;

	return by_measurement(a, b) ?: compare_counts(a->place, b->place);
}

void bel_predictions_join(struct bel_predictions *p)
{
	size_t kept = 0;

	if (p->count)
		qsort(p->at, p->count, sizeof(*p->at), by_what_and_faults);
	for (size_t i = 0, n; i < p->count; i += n) {
		struct bel_prediction first = p->at[i];

		for (n = 1; i + n < p->count && !by_what(&first, &p->at[i + n]); n++)
			if (p->at[i + n].place < first.place)
				first.place = p->at[i + n].place;
		/* Each is one run, and they are sorted. */
		first.major =
			bel_measured_median(p->at[i + (n - 1) / 2].major, p->at[i + n / 2].major);
		first.most = p->at[i + n - 1].major;
		first.repetitions = n;
		for (size_t k = 1; k < n; k++)
			release_one(&p->at[i + k]);
		p->at[kept++] = first;
	}
	p->count = kept;
	if (p->count)
		qsort(p->at, p->count, sizeof(*p->at), in_order);
}

static int emit_one(struct bel_emit *emit, const struct bel_prediction *at,
	const struct bel_compared_trace *trace, struct bel_err *err)
{
	struct bel_record *r = bel_record_new("belady.compare-prediction/1");

	bel_record_text(r, "tool", "bel-compare");
	bel_record_text(r, "version", BEL_VERSION);
	bel_record_copy(r, "trace", trace->record, "trace");
	bel_record_text(r, "spec", at->spec);
	bel_record_text(r, "kernel", at->kernel);
	bel_record_text(r, "reclaim", at->reclaim);
	bel_record_count_or_null(r, "file_pages", at->file_pages, at->file_pages != UINT64_MAX);
	bel_record_count_or_null(
		r, "read_ahead_bytes", at->read_ahead_bytes, at->read_ahead_bytes != UINT64_MAX);
	bel_record_count(r, "frames", at->frames);
	bel_record_count(r, "memory_bytes", at->frames * trace->page_bytes);
	bel_record_count(r, "repetitions", at->repetitions);
	bel_record_count(r, "measured_major_faults", (uint64_t)at->major);
	bel_record_count(r, "measured_least", (uint64_t)at->least);
	bel_record_count(r, "measured_most", (uint64_t)at->most);
	bel_record_real(r, "spread_percent",
		at->major > 0 ? 100 * (at->most - at->least) / at->major : NAN);
	bel_record_count(r, "predicted_major_faults", at->predicted);
	bel_record_real(r, "error_percent",
		at->major > 0 ? 100 * ((double)at->predicted / at->major - 1) : NAN);
	return bel_emit(emit, r, err);
}

int bel_predictions_emit(struct bel_emit *emit, const struct bel_predictions *p,
	const struct bel_compared_trace *traces, struct bel_err *err)
{
	for (size_t i = 0; i < p->count; i++)
		if (emit_one(emit, &p->at[i], &traces[p->at[i].trace], err) < 0)
			return BEL_FAIL;
	return 0;
}
