/* SPDX-License-Identifier: MIT */
/* compare_record.c: the results of comparisons, as records. */
#include "compare_record.h"

#include <math.h>
#include <string.h>

#include "version.h"

int bel_compare_scopes_parse(
	const char *text, const char *what, unsigned *scopes, struct bel_err *err)
{
	static const char *const name[] = {"sizes", "traces", "policies", "pairs", "errors",
		"mean-errors", "predictions", NULL};

	*scopes = 0;
	do {
		const size_t n = strcspn(text, ",");
		int i = 0;

		while (name[i] && (strlen(name[i]) != n || strncmp(name[i], text, n) != 0))
			i++;
		if (!name[i])
			return bel_usage(err, "%s: '%.*s' is not one of " BEL_COMPARE_SCOPES, what,
				(int)n, text);
		*scopes |= 1U << i;
		text += n;
	} while (*text++ == ',');
	return 0;
}

struct bel_record *bel_compare_record_new(
	const char *schema, const struct bel_compared_trace *trace, const struct bel_ranked *policy)
{
	struct bel_record *r = bel_record_new(schema);

	bel_record_text(r, "tool", "bel-compare");
	bel_record_text(r, "version", BEL_VERSION);
	if (trace)
		bel_record_copy(r, "trace", trace->record, "trace");
	bel_record_text(r, "policy", policy->name);
	bel_record_copy(r, "params", policy->record, "params");
	bel_record_copy(r, "spec", policy->record, "spec");
	bel_record_count(r, "seed", policy->seed);
	return r;
}

static void add_count(struct bel_record *r, const char *key, const struct bel_result *result)
{
	bel_record_count_or_null(r, key, result ? result->faults : 0, result != NULL);
}

static void add_rank(struct bel_record *r, const struct bel_score *score, size_t ranked)
{
	bel_record_count_or_null(r, "rank", score->rank, score->rank != 0);
	bel_record_count(r, "policies", ranked);
}

static void add_baseline(struct bel_record *r, const struct bel_ranking *ranking)
{
	bel_record_text(r, "baseline",
		ranking->baseline == BEL_NO_POLICY
			? NULL
			: ranking->results->policy[ranking->baseline].name);
}

static void add_means(struct bel_record *r, const struct bel_score *score)
{
	bel_record_real(r, "faults_over_opt", score->over_opt);
	bel_record_real(r, "faults_over_baseline", score->over_baseline);
	bel_record_real(r, "gap_closed_percent", 100 * score->gap_closed);
}

static int emit_size(struct bel_emit *emit, const struct bel_ranking *ranking,
	const struct bel_ranking_size *size, const struct bel_result *result, struct bel_err *err)
{
	const struct bel_compared_trace *trace = &ranking->results->trace[size->trace];
	const struct bel_score score = bel_ranking_at(ranking, size, result);
	struct bel_record *r = bel_compare_record_new(
		"belady.compare/1", trace, &ranking->results->policy[result->policy]);

	bel_record_count(r, "frames", size->frames);
	bel_record_count(r, "memory_bytes", size->frames * trace->page_bytes);
	bel_record_count(r, "faults", result->faults);
	add_baseline(r, ranking);
	add_count(r, "baseline_faults", size->baseline);
	add_count(r, "opt_faults", size->opt);
	add_means(r, &score);
	add_rank(r, &score, size->count - (size->opt != NULL));
	return bel_emit(emit, r, err);
}

/* By rank, the best first; opt has no rank and comes before all. */
static int emit_sizes(struct bel_emit *emit, const struct bel_ranking *ranking, struct bel_err *err)
{
	for (size_t i = 0; i < ranking->sizes; i++) {
		const struct bel_ranking_size *size = &ranking->size[i];

		for (uint32_t rank = 0; rank <= size->count; rank++)
			for (size_t k = 0; k < size->count; k++)
				if (bel_ranking_at(ranking, size, &size->result[k]).rank == rank &&
					emit_size(emit, ranking, size, &size->result[k], err) < 0)
					return BEL_FAIL;
	}
	return 0;
}

/* A policy's means over a trace, or over all traces if `trace` is NULL. */
static int emit_score(struct bel_emit *emit, const struct bel_ranking *ranking,
	const struct bel_compared_trace *trace, size_t policy, const struct bel_score *score,
	struct bel_err *err)
{
	struct bel_record *r =
		bel_compare_record_new(trace ? "belady.compare-trace/1" : "belady.compare-policy/1",
			trace, &ranking->results->policy[policy]);

	if (!trace)
		bel_record_count(r, "traces", score->traces);
	bel_record_count(r, "sizes", score->sizes);
	add_baseline(r, ranking);
	add_means(r, score);
	bel_record_real(r, "mean_rank", score->rank ? score->mean_rank : NAN);
	bel_record_count(r, "first_places", score->first_places);
	add_rank(r, score, ranking->ranked);
	return bel_emit(emit, r, err);
}

static int emit_ranking(struct bel_emit *emit, const struct bel_ranking *ranking,
	const struct bel_compared_trace *trace, const struct bel_score *score, struct bel_err *err)
{
	const size_t policies = ranking->results->policies;

	for (uint32_t rank = 0; rank <= policies; rank++)
		for (size_t p = 0; p < policies; p++)
			if (score[p].rank == rank && score[p].sizes &&
				emit_score(emit, ranking, trace, p, &score[p], err) < 0)
				return BEL_FAIL;
	return 0;
}

static int emit_pair(struct bel_emit *emit, const struct bel_ranking *ranking, size_t policy,
	size_t against, struct bel_err *err)
{
	const struct bel_pair pair = bel_ranking_pair(ranking, policy, against);
	const struct bel_ranked *other = &ranking->results->policy[against];
	const uint64_t sizes = pair.wins + pair.losses + pair.ties;
	struct bel_record *r = bel_compare_record_new(
		"belady.compare-pair/1", NULL, &ranking->results->policy[policy]);

	bel_record_text(r, "against", other->name);
	bel_record_copy(r, "against_params", other->record, "params");
	bel_record_copy(r, "against_spec", other->record, "spec");
	bel_record_count(r, "against_seed", other->seed);
	bel_record_count(r, "sizes", sizes);
	bel_record_count(r, "wins", pair.wins);
	bel_record_count(r, "losses", pair.losses);
	bel_record_count(r, "ties", pair.ties);
	bel_record_real(r, "win_share",
		sizes ? ((double)pair.wins + 0.5 * (double)pair.ties) / (double)sizes : NAN);
	return bel_emit(emit, r, err);
}

static int emit_pairs(struct bel_emit *emit, const struct bel_ranking *ranking, struct bel_err *err)
{
	const size_t policies = ranking->results->policies;

	for (size_t p = 0; p < policies; p++)
		for (size_t q = 0; q < policies; q++)
			if (p != q && p != ranking->opt && q != ranking->opt &&
				emit_pair(emit, ranking, p, q, err) < 0)
				return BEL_FAIL;
	return 0;
}

int bel_compare_records_emit(struct bel_emit *emit, const struct bel_ranking *ranking,
	unsigned scopes, struct bel_err *err)
{
	const struct bel_results *m = ranking->results;
	int r = 0;

	if (scopes & COMPARE_SIZES)
		r = emit_sizes(emit, ranking, err);
	for (size_t t = 0; (scopes & COMPARE_TRACES) && r == 0 && t < m->traces; t++)
		r = emit_ranking(
			emit, ranking, &m->trace[t], bel_ranking_of_trace(ranking, t, 0), err);
	if ((scopes & COMPARE_POLICIES) && r == 0)
		r = emit_ranking(emit, ranking, NULL, bel_ranking_of_all(ranking, 0), err);
	if ((scopes & COMPARE_PAIRS) && r == 0)
		r = emit_pairs(emit, ranking, err);
	return r;
}

int bel_regression_record_emit(struct bel_emit *emit, const struct bel_results *before,
	const struct bel_regression_result *result, struct bel_err *err)
{
	const struct bel_compared_trace *trace = &before->trace[result->before->trace];
	const double was = (double)result->before->faults, is = (double)result->after->faults;
	struct bel_record *r = bel_compare_record_new(
		"belady.regression/1", trace, &before->policy[result->before->policy]);

	bel_record_count(r, "frames", result->before->frames);
	bel_record_count(r, "memory_bytes", result->before->frames * trace->page_bytes);
	bel_record_count(r, "faults_before", result->before->faults);
	bel_record_count(r, "faults_after", result->after->faults);
	bel_record_real(r, "increase_percent", was > 0 ? 100 * (is - was) / was : NAN);
	bel_record_real(r, "limit_percent", 100 * result->limit->increase);
	return bel_emit(emit, r, err);
}
