/* SPDX-License-Identifier: MIT */
/* results.c: reads records for comparisons. */
#include "results.h"

#include <stdlib.h>
#include <string.h>

#include "label.h"

void bel_results_init(struct bel_results *results)
{
	*results = (struct bel_results){.count = 0};
}

static void drop_measurement(struct bel_results *m)
{
	struct bel_measurement *const last = &m->measurement[--m->measurements];

	free(last->kernel);
	free(last->reclaim);
}

void bel_results_release(struct bel_results *results)
{
	while (results->measurements)
		drop_measurement(results);
	free(results->measurement);
	bel_predictions_release(&results->predictions);
	for (size_t i = 0; i < results->traces; i++)
		bel_record_free(results->trace[i].record);
	for (size_t i = 0; i < results->policies; i++) {
		bel_record_free(results->policy[i].record);
		free(results->policy[i].params);
	}
	bel_labels_free(results->label, results->traces);
	free(results->trace);
	free(results->policy);
	free(results->result);
	bel_results_init(results);
}

/* Copies a record; a trace or policy keeps a copy of its first record. */
static struct bel_record *keep(const struct bel_record *record)
{
	struct bel_record *kept = bel_record_new("kept");

	bel_record_copy(kept, "trace", record, "trace");
	bel_record_copy(kept, "policy", record, "policy");
	bel_record_copy(kept, "params", record, "params");
	bel_record_copy(kept, "spec", record, "spec");
	return kept;
}

static int other_references(
	const struct bel_record *record, uint64_t references, struct bel_err *err)
{
	return bel_fail(err,
		"%s: line %lu: trace.references is not %llu, as in another record of this digest",
		bel_record_source(record), bel_record_line(record), (unsigned long long)references);
}

static int find_trace(struct bel_results *m, const struct bel_record *record, uint32_t *index,
	struct bel_err *err)
{
	struct bel_compared_trace wanted = {.digest = ""}, *grown;

	if (bel_record_get_text(record, "trace.name", &wanted.name, err) < 0 ||
		bel_record_get_text(record, "trace.digest", &wanted.digest, err) < 0 ||
		bel_record_get_count(record, "trace.page_bytes", &wanted.page_bytes, err) < 0 ||
		bel_record_get_count(record, "trace.references", &wanted.references, err) < 0)
		return BEL_FAIL;
	for (size_t i = m->traces; i-- > 0;)
		if (m->trace[i].page_bytes == wanted.page_bytes &&
			!strcmp(m->trace[i].digest, wanted.digest)) {
			*index = (uint32_t)i;
			return m->trace[i].references == wanted.references
				       ? 0
				       : other_references(record, m->trace[i].references, err);
		}
	grown = reallocarray(m->trace, m->traces + 1, sizeof(*grown));
	if (!grown)
		return bel_err_memory(err, "comparison");
	m->trace = grown;
	wanted.record = keep(record);
	if (bel_record_get_text(wanted.record, "trace.name", &wanted.name, err) < 0 ||
		bel_record_get_text(wanted.record, "trace.digest", &wanted.digest, err) < 0 ||
		(bel_record_has(wanted.record, "trace.file") &&
			bel_record_get_text(wanted.record, "trace.file", &wanted.file, err) < 0)) {
		bel_record_free(wanted.record);
		return BEL_FAIL;
	}
	*index = (uint32_t)m->traces;
	m->trace[m->traces++] = wanted;
	return 0;
}

static int add_policy(struct bel_results *m, const struct bel_record *record,
	struct bel_ranked *wanted, struct bel_err *err)
{
	struct bel_ranked *grown = reallocarray(m->policy, m->policies + 1, sizeof(*grown));

	if (!grown)
		return bel_err_memory(err, "comparison");
	m->policy = grown;
	wanted->record = keep(record);
	if (bel_record_get_text(wanted->record, "policy", &wanted->name, err) < 0) {
		bel_record_free(wanted->record);
		return BEL_FAIL;
	}
	m->policy[m->policies++] = *wanted;
	wanted->params = NULL;
	return 0;
}

static int find_policy(struct bel_results *m, const struct bel_record *record, uint32_t *index,
	struct bel_err *err)
{
	/* Curves of policies without random numbers have no seed. */
	struct bel_ranked wanted = {.seed = 1};
	int r = 0;

	if (bel_record_get_text(record, "policy", &wanted.name, err) < 0)
		return BEL_FAIL;
	if (bel_record_has(record, "seed") &&
		bel_record_get_count(record, "seed", &wanted.seed, err) < 0)
		return BEL_FAIL;
	wanted.params = bel_record_object_text(record, "params");
	if (!wanted.params)
		return bel_err_memory(err, "comparison");
	*index = 0;
	while (*index < m->policies &&
		(strcmp(m->policy[*index].name, wanted.name) != 0 ||
			strcmp(m->policy[*index].params, wanted.params) != 0 ||
			m->policy[*index].seed != wanted.seed))
		++*index;
	if (*index == m->policies)
		r = add_policy(m, record, &wanted, err);
	free(wanted.params);
	return r;
}

static int add(struct bel_results *m, const struct bel_result *result, struct bel_err *err)
{
	if (m->count == m->capacity) {
		const size_t capacity = m->capacity ? 2 * m->capacity : 256;
		struct bel_result *grown = reallocarray(m->result, capacity, sizeof(*grown));

		if (!grown)
			return bel_err_memory(err, "comparison");
		m->result = grown;
		m->capacity = capacity;
	}
	m->result[m->count++] = *result;
	return 0;
}

static int no_counts(const struct bel_record *record, struct bel_err *err)
{
	return bel_fail(err,
		"%s: line %lu: \"frames\" and \"faults\" of the %s record must be a count each, or "
		"two lists of as many counts",
		bel_record_source(record), bel_record_line(record), bel_record_schema(record));
}

/* A run has one frame count, a curve has many. */
static int take_record(struct bel_results *m, const struct bel_record *record, struct bel_err *err)
{
	const struct bel_record_column frames = bel_record_column(record, "frames");
	const struct bel_record_column faults = bel_record_column(record, "faults");
	struct bel_result result = {
		.source = bel_record_source(record), .line = bel_record_line(record)};

	if (!bel_record_has(record, "frames")) {
		m->variable++;
		return 0;
	}
	/* A sampled curve, with or without a band. */
	if (bel_record_has(record, "sample")) {
		m->inexact++;
		return 0;
	}
	if (find_trace(m, record, &result.trace, err) < 0 ||
		find_policy(m, record, &result.policy, err) < 0)
		return BEL_FAIL;
	if (faults.length != frames.length)
		return no_counts(record, err);
	for (size_t i = 0; i < (frames.length ? frames.length : 1); i++) {
		if (!bel_record_column_count(&frames, i, &result.frames) ||
			!bel_record_column_count(&faults, i, &result.faults))
			return no_counts(record, err);
		if (result.faults > m->trace[result.trace].references)
			return bel_fail(err, "%s: line %lu: more faults than trace.references",
				result.source, result.line);
		if (add(m, &result, err) < 0)
			return BEL_FAIL;
	}
	return 0;
}

static int take_measured(
	struct bel_results *m, const struct bel_record *record, struct bel_err *err)
{
	struct bel_measurement wanted = {.trace = 0}, *grown;

	if (bel_measured_get(record, &wanted.counts, err) < 0 ||
		find_trace(m, record, &wanted.trace, err) < 0)
		return BEL_FAIL;
	grown = reallocarray(m->measurement, m->measurements + 1, sizeof(*grown));
	if (!grown)
		return bel_err_memory(err, "comparison");
	m->measurement = grown;
	wanted.kernel = wanted.counts.kernel ? strdup(wanted.counts.kernel) : NULL;
	wanted.reclaim = strdup(wanted.counts.reclaim);
	m->measurement[m->measurements++] = wanted;
	if (!wanted.reclaim || (!wanted.kernel && wanted.counts.kernel))
		return bel_err_memory(err, "comparison");
	return wanted.counts.program
		       ? bel_predictions_take(&m->predictions, record, wanted.trace, err)
		       : 0;
}

/* Removes everything that was added after `before`. */
static void go_back(struct bel_results *m, const struct bel_results *before)
{
	while (m->measurements > before->measurements)
		drop_measurement(m);
	bel_predictions_cut(&m->predictions, before->predictions.count);
	while (m->traces > before->traces)
		bel_record_free(m->trace[--m->traces].record);
	while (m->policies > before->policies) {
		bel_record_free(m->policy[--m->policies].record);
		free(m->policy[m->policies].params);
	}
	m->count = before->count;
	m->variable = before->variable;
	m->inexact = before->inexact;
	m->others = before->others;
}

int bel_results_read(struct bel_results *m, const char *path, struct bel_err *err)
{
	const struct bel_results before = *m;
	struct bel_records *records;
	struct bel_record *record;
	int r;

	r = bel_records_open(&records, path, err);
	while (r >= 0 && (r = bel_records_next(records, &record, err)) > 0) {
		const char *schema = bel_record_schema(record);

		if (!strcmp(schema, "belady.run/1") || !strcmp(schema, "belady.curve/1"))
			r = take_record(m, record, err);
		else if (bel_measured_is(schema))
			r = take_measured(m, record, err);
		else
			m->others++;
		bel_record_free(record);
	}
	bel_records_close(records);
	if (r < 0)
		go_back(m, &before);
	return r;
}

static int in_order(const void *left, const void *right)
{
	const struct bel_result *a = left, *b = right;

	if (a->trace != b->trace)
		return a->trace < b->trace ? -1 : 1;
	if (a->frames != b->frames)
		return a->frames < b->frames ? -1 : 1;
	return (a->policy > b->policy) - (a->policy < b->policy);
}

static int label_traces(struct bel_results *m, struct bel_err *err)
{
	struct bel_label_key *key = calloc(m->traces + 1, sizeof(*key));

	for (size_t i = 0; key && i < m->traces; i++) {
		const struct bel_compared_trace *t = &m->trace[i];

		key[i] = (struct bel_label_key){t->name, t->file, t->digest, t->page_bytes};
	}
	if (key)
		m->label = bel_labels_new(key, m->traces);
	free(key);
	for (size_t i = 0; m->label && i < m->traces; i++)
		m->trace[i].label = m->label[i];
	return m->label ? 0 : bel_err_memory(err, "comparison");
}

static int by_measurement(const void *left, const void *right)
{
	const struct bel_measurement *const a = left, *const b = right;
	int r;

	if (a->trace != b->trace)
		return a->trace < b->trace ? -1 : 1;
	if (a->counts.program != b->counts.program)
		return a->counts.program ? 1 : -1;
	r = strcmp(a->kernel ?: "", b->kernel ?: "") ?: strcmp(a->reclaim, b->reclaim);
	if (r)
		return r;
	return (a->counts.frames > b->counts.frames) - (a->counts.frames < b->counts.frames);
}

/* Makes one measurement of all those of a trace under one kernel with as many frames. */
static int join_measurements(struct bel_results *m, struct bel_err *err)
{
	struct bel_measured *const same = calloc(m->measurements + 1, sizeof(*same));
	size_t kept = 0;

	if (!same)
		return bel_err_memory(err, "comparison");
	if (m->measurements)
		qsort(m->measurement, m->measurements, sizeof(*m->measurement), by_measurement);
	for (size_t i = 0, n; i < m->measurements; i += n) {
		struct bel_measurement first = m->measurement[i];

		for (n = 0;
			i + n < m->measurements && !by_measurement(&first, &m->measurement[i + n]);
			n++) {
			same[n] = m->measurement[i + n].counts;
			if (n) {
				free(m->measurement[i + n].kernel);
				free(m->measurement[i + n].reclaim);
			}
		}
		bel_measured_join(same, n);
		first.counts = *same;
		m->measurement[kept++] = first;
	}
	m->measurements = kept;
	free(same);
	return 0;
}

int bel_results_finish(struct bel_results *m, struct bel_err *err)
{
	size_t kept = 0;

	if (label_traces(m, err) < 0 || join_measurements(m, err) < 0)
		return BEL_FAIL;
	bel_predictions_join(&m->predictions);
	if (m->count)
		qsort(m->result, m->count, sizeof(*m->result), in_order);
	for (size_t i = 0; i < m->count; i++) {
		const struct bel_result *is = &m->result[i];
		const struct bel_result *last = kept ? &m->result[kept - 1] : NULL;

		if (!last || in_order(last, is) != 0)
			m->result[kept++] = *is;
		else if (last->faults != is->faults)
			return bel_fail(err,
				"%s: line %lu: %s with %llu frames has %llu faults, and %llu in "
				"%s, line %lu",
				is->source, is->line, m->policy[is->policy].name,
				(unsigned long long)is->frames, (unsigned long long)is->faults,
				(unsigned long long)last->faults, last->source, last->line);
	}
	m->count = kept;
	return 0;
}

const struct bel_result *bel_results_find(
	const struct bel_results *m, uint32_t trace, uint32_t policy, uint64_t frames)
{
	const struct bel_result wanted = {.trace = trace, .policy = policy, .frames = frames};

	return m->count ? bsearch(&wanted, m->result, m->count, sizeof(wanted), in_order) : NULL;
}
