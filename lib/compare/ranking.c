/* SPDX-License-Identifier: MIT */
/* ranking.c: ranks, means and pairs. */
#include "ranking.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The optimum for comparisons; opt with bypass=on is another policy. */
static uint32_t find_opt(const struct bel_results *m)
{
	for (uint32_t i = 0; i < m->policies; i++)
		if (!strcmp(m->policy[i].name, "opt") && !strstr(m->policy[i].params, "bypass=on"))
			return i;
	return BEL_NO_POLICY;
}

static uint32_t find_baseline(const struct bel_results *m, const char *name)
{
	for (uint32_t i = 0; i < m->policies; i++)
		if (!strcmp(m->policy[i].name, name))
			return i;
	return BEL_NO_POLICY;
}

static const struct bel_result *result_of(const struct bel_ranking_size *size, uint32_t policy)
{
	for (size_t i = 0; i < size->count; i++)
		if (size->result[i].policy == policy)
			return &size->result[i];
	return NULL;
}

static int find_sizes(struct bel_ranking *c, struct bel_err *err)
{
	const struct bel_results *m = c->results;

	c->size = calloc(m->count + 1, sizeof(*c->size));
	if (!c->size)
		return bel_err_memory(err, "comparison");
	for (size_t i = 0; i < m->count; i += c->size[c->sizes++].count) {
		struct bel_ranking_size *size = &c->size[c->sizes];

		*size = (struct bel_ranking_size){.trace = m->result[i].trace,
			.frames = m->result[i].frames,
			.result = &m->result[i]};
		while (i + size->count < m->count &&
			m->result[i + size->count].trace == size->trace &&
			m->result[i + size->count].frames == size->frames)
			size->count++;
		size->opt = result_of(size, c->opt);
		size->baseline = result_of(size, c->baseline);
		size->complete = size->count == m->policies;
		c->incomplete += !size->complete;
	}
	return 0;
}

static double ratio(double above, double below)
{
	return below > 0 ? above / below : NAN;
}

static double gap(double baseline, double is, double opt)
{
	return baseline > opt ? (baseline - is) / (baseline - opt) : NAN;
}

struct bel_score bel_ranking_at(const struct bel_ranking *c, const struct bel_ranking_size *size,
	const struct bel_result *result)
{
	const double faults = (double)result->faults;
	const double opt = size->opt ? (double)size->opt->faults : NAN;
	const double baseline = size->baseline ? (double)size->baseline->faults : NAN;
	struct bel_score score = {
		.sizes = 1,
		.traces = 1,
		.over_opt = ratio(faults, opt),
		.over_baseline = ratio(faults, baseline),
		.gap_closed = gap(baseline, faults, opt),
	};

	if (result->policy == c->opt)
		return score;
	score.rank = 1;
	for (size_t i = 0; i < size->count; i++)
		score.rank +=
			size->result[i].policy != c->opt && size->result[i].faults < result->faults;
	score.mean_rank = score.rank;
	score.first_places = score.rank == 1;
	return score;
}

/* Sums for means. */
struct sums {
	double log_over_opt, log_over_baseline, ranks;
	double faults, opt, baseline;
	uint64_t sizes, first_places;
};

static struct bel_score mean(const struct sums *s)
{
	const double n = (double)s->sizes;

	return (struct bel_score){
		.sizes = s->sizes,
		.traces = 1,
		.over_opt = exp(s->log_over_opt / n),
		.over_baseline = exp(s->log_over_baseline / n),
		.gap_closed = gap(s->baseline, s->faults, s->opt),
		.mean_rank = s->ranks / n,
		.first_places = s->first_places,
	};
}

/* By the mean of faults / opt's faults; without opt, by the mean rank. */
static void rank(const struct bel_ranking *c, struct bel_score *score)
{
	const size_t policies = c->results->policies;

	for (size_t p = 0; p < policies; p++) {
		if (p == c->opt || !score[p].sizes)
			continue;
		score[p].rank = 1;
		for (size_t q = 0; q < policies; q++)
			score[p].rank +=
				q != c->opt && score[q].sizes &&
				(isnan(score[p].over_opt) ? score[q].mean_rank < score[p].mean_rank
							  : score[q].over_opt < score[p].over_opt);
	}
}

static void score_trace(struct bel_ranking *c, size_t trace)
{
	const size_t policies = c->results->policies;

	for (uint32_t p = 0; p < policies; p++) {
		struct sums s = {.sizes = 0};

		for (size_t i = 0; i < c->sizes; i++) {
			const struct bel_ranking_size *size = &c->size[i];
			const struct bel_result *result = result_of(size, p);
			struct bel_score at;

			if (size->trace != trace || !size->complete)
				continue;
			at = bel_ranking_at(c, size, result);
			s.log_over_opt += log(at.over_opt);
			s.log_over_baseline += log(at.over_baseline);
			s.ranks += at.mean_rank;
			s.faults += (double)result->faults;
			s.opt += size->opt ? (double)size->opt->faults : NAN;
			s.baseline += size->baseline ? (double)size->baseline->faults : NAN;
			s.first_places += at.first_places;
			s.sizes++;
		}
		if (s.sizes)
			c->of_trace[trace * policies + p] = mean(&s);
	}
	rank(c, &c->of_trace[trace * policies]);
}

static void score_all(struct bel_ranking *c)
{
	const size_t policies = c->results->policies;

	for (size_t p = 0; p < policies; p++) {
		struct bel_score all = {.sizes = 0};
		double n, gaps = 0;

		for (size_t t = 0; t < c->results->traces; t++) {
			const struct bel_score *score = &c->of_trace[t * policies + p];

			if (!score->sizes)
				continue;
			all.sizes += score->sizes;
			all.traces++;
			all.first_places += score->first_places;
			all.over_opt += log(score->over_opt);
			all.over_baseline += log(score->over_baseline);
			/* A trace on which all policies are optimal has no gap to close. */
			gaps += !isnan(score->gap_closed);
			all.gap_closed += isnan(score->gap_closed) ? 0 : score->gap_closed;
			all.mean_rank += score->mean_rank;
		}
		n = (double)all.traces;
		all.over_opt = exp(all.over_opt / n);
		all.over_baseline = exp(all.over_baseline / n);
		all.gap_closed = gaps > 0 ? all.gap_closed / gaps : NAN;
		all.mean_rank /= n;
		c->of_all[p] = all;
	}
	rank(c, c->of_all);
}

static void count_pairs(struct bel_ranking *c)
{
	const size_t policies = c->results->policies;

	for (size_t i = 0; i < c->sizes; i++) {
		const struct bel_ranking_size *size = &c->size[i];

		for (size_t a = 0; a < size->count; a++)
			for (size_t b = 0; b < size->count; b++) {
				const struct bel_result *x = &size->result[a];
				const struct bel_result *y = &size->result[b];
				struct bel_pair *pair = &c->pair[x->policy * policies + y->policy];

				pair->wins += x->faults < y->faults;
				pair->losses += x->faults > y->faults;
				pair->ties += x->faults == y->faults;
			}
	}
}

int bel_ranking_init(struct bel_ranking *c, const struct bel_results *results, const char *baseline,
	struct bel_err *err)
{
	const size_t policies = results->policies;

	*c = (struct bel_ranking){.results = results,
		.opt = find_opt(results),
		.baseline = find_baseline(results, baseline)};
	c->ranked = policies - (c->opt != BEL_NO_POLICY);
	c->of_trace = calloc(policies * results->traces + 1, sizeof(*c->of_trace));
	c->of_all = calloc(policies + 1, sizeof(*c->of_all));
	c->pair = calloc(policies * policies + 1, sizeof(*c->pair));
	if (!c->of_trace || !c->of_all || !c->pair) {
		bel_ranking_release(c);
		return bel_err_memory(err, "comparison");
	}
	if (find_sizes(c, err) < 0) {
		bel_ranking_release(c);
		return BEL_FAIL;
	}
	for (size_t t = 0; t < results->traces; t++)
		score_trace(c, t);
	score_all(c);
	count_pairs(c);
	return 0;
}

void bel_ranking_release(struct bel_ranking *c)
{
	free(c->size);
	free(c->of_trace);
	free(c->of_all);
	free(c->pair);
	*c = (struct bel_ranking){.sizes = 0};
}

const struct bel_score *bel_ranking_of_trace(
	const struct bel_ranking *c, size_t trace, size_t policy)
{
	return &c->of_trace[trace * c->results->policies + policy];
}

const struct bel_score *bel_ranking_of_all(const struct bel_ranking *c, size_t policy)
{
	return &c->of_all[policy];
}

struct bel_pair bel_ranking_pair(const struct bel_ranking *c, size_t policy, size_t against)
{
	return c->pair[policy * c->results->policies + against];
}
