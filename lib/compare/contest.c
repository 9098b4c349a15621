/* SPDX-License-Identifier: MIT */
/* contest.c: ranks, means and pairs. */
#include "contest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The unreachable one is what all are measured by; a bypassing one is another. */
static uint32_t find_opt(const struct bel_measures *m)
{
	for (uint32_t i = 0; i < m->policies; i++)
		if (!strcmp(m->policy[i].name, "opt") && !strstr(m->policy[i].params, "bypass=on"))
			return i;
	return BEL_NOBODY;
}

static uint32_t find_baseline(const struct bel_measures *m, const char *name)
{
	for (uint32_t i = 0; i < m->policies; i++)
		if (!strcmp(m->policy[i].name, name))
			return i;
	return BEL_NOBODY;
}

static const struct bel_measure *measure_of(const struct bel_contest_size *size, uint32_t policy)
{
	for (size_t i = 0; i < size->count; i++)
		if (size->measure[i].policy == policy)
			return &size->measure[i];
	return NULL;
}

static int find_sizes(struct bel_contest *c, struct bel_err *err)
{
	const struct bel_measures *m = c->measures;

	c->size = calloc(m->count + 1, sizeof(*c->size));
	if (!c->size)
		return bel_err_memory(err, "comparison");
	for (size_t i = 0; i < m->count; i += c->size[c->sizes++].count) {
		struct bel_contest_size *size = &c->size[c->sizes];

		*size = (struct bel_contest_size){.trace = m->measure[i].trace,
			.frames = m->measure[i].frames,
			.measure = &m->measure[i]};
		while (i + size->count < m->count &&
			m->measure[i + size->count].trace == size->trace &&
			m->measure[i + size->count].frames == size->frames)
			size->count++;
		size->opt = measure_of(size, c->opt);
		size->baseline = measure_of(size, c->baseline);
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

struct bel_score bel_contest_at(const struct bel_contest *c, const struct bel_contest_size *size,
	const struct bel_measure *measure)
{
	const double faults = (double)measure->faults;
	const double opt = size->opt ? (double)size->opt->faults : NAN;
	const double baseline = size->baseline ? (double)size->baseline->faults : NAN;
	struct bel_score score = {
		.sizes = 1,
		.traces = 1,
		.over_opt = ratio(faults, opt),
		.over_baseline = ratio(faults, baseline),
		.gap_closed = gap(baseline, faults, opt),
	};

	if (measure->policy == c->opt)
		return score;
	score.rank = 1;
	for (size_t i = 0; i < size->count; i++)
		score.rank += size->measure[i].policy != c->opt &&
			      size->measure[i].faults < measure->faults;
	score.mean_rank = score.rank;
	score.firsts = score.rank == 1;
	return score;
}

/* Sums on their way to means. */
struct sums {
	double log_over_opt, log_over_baseline, ranks;
	double faults, opt, baseline;
	uint64_t sizes, firsts;
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
		.firsts = s->firsts,
	};
}

/* By the mean of faults over the optimum's; without an optimum, by the mean rank. */
static void rank(const struct bel_contest *c, struct bel_score *score)
{
	const size_t policies = c->measures->policies;

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

static void score_trace(struct bel_contest *c, size_t trace)
{
	const size_t policies = c->measures->policies;

	for (uint32_t p = 0; p < policies; p++) {
		struct sums s = {.sizes = 0};

		for (size_t i = 0; i < c->sizes; i++) {
			const struct bel_contest_size *size = &c->size[i];
			const struct bel_measure *measure = measure_of(size, p);
			struct bel_score at;

			if (size->trace != trace || !size->complete)
				continue;
			at = bel_contest_at(c, size, measure);
			s.log_over_opt += log(at.over_opt);
			s.log_over_baseline += log(at.over_baseline);
			s.ranks += at.mean_rank;
			s.faults += (double)measure->faults;
			s.opt += size->opt ? (double)size->opt->faults : NAN;
			s.baseline += size->baseline ? (double)size->baseline->faults : NAN;
			s.firsts += at.firsts;
			s.sizes++;
		}
		if (s.sizes)
			c->of_trace[trace * policies + p] = mean(&s);
	}
	rank(c, &c->of_trace[trace * policies]);
}

static void score_all(struct bel_contest *c)
{
	const size_t policies = c->measures->policies;

	for (size_t p = 0; p < policies; p++) {
		struct bel_score all = {.sizes = 0};
		double n, gaps = 0;

		for (size_t t = 0; t < c->measures->traces; t++) {
			const struct bel_score *score = &c->of_trace[t * policies + p];

			if (!score->sizes)
				continue;
			all.sizes += score->sizes;
			all.traces++;
			all.firsts += score->firsts;
			all.over_opt += log(score->over_opt);
			all.over_baseline += log(score->over_baseline);
			/* Of a trace on which all are optimal there is nothing to close. */
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

static void count_pairs(struct bel_contest *c)
{
	const size_t policies = c->measures->policies;

	for (size_t i = 0; i < c->sizes; i++) {
		const struct bel_contest_size *size = &c->size[i];

		for (size_t a = 0; a < size->count; a++)
			for (size_t b = 0; b < size->count; b++) {
				const struct bel_measure *x = &size->measure[a];
				const struct bel_measure *y = &size->measure[b];
				struct bel_pair *pair = &c->pair[x->policy * policies + y->policy];

				pair->wins += x->faults < y->faults;
				pair->losses += x->faults > y->faults;
				pair->ties += x->faults == y->faults;
			}
	}
}

int bel_contest_init(struct bel_contest *c, const struct bel_measures *measures,
	const char *baseline, struct bel_err *err)
{
	const size_t policies = measures->policies;

	*c = (struct bel_contest){.measures = measures,
		.opt = find_opt(measures),
		.baseline = find_baseline(measures, baseline)};
	c->ranked = policies - (c->opt != BEL_NOBODY);
	c->of_trace = calloc(policies * measures->traces + 1, sizeof(*c->of_trace));
	c->of_all = calloc(policies + 1, sizeof(*c->of_all));
	c->pair = calloc(policies * policies + 1, sizeof(*c->pair));
	if (!c->of_trace || !c->of_all || !c->pair) {
		bel_contest_release(c);
		return bel_err_memory(err, "comparison");
	}
	if (find_sizes(c, err) < 0) {
		bel_contest_release(c);
		return BEL_FAIL;
	}
	for (size_t t = 0; t < measures->traces; t++)
		score_trace(c, t);
	score_all(c);
	count_pairs(c);
	return 0;
}

void bel_contest_release(struct bel_contest *c)
{
	free(c->size);
	free(c->of_trace);
	free(c->of_all);
	free(c->pair);
	*c = (struct bel_contest){.sizes = 0};
}

const struct bel_score *bel_contest_of_trace(
	const struct bel_contest *c, size_t trace, size_t policy)
{
	return &c->of_trace[trace * c->measures->policies + policy];
}

const struct bel_score *bel_contest_of_all(const struct bel_contest *c, size_t policy)
{
	return &c->of_all[policy];
}

struct bel_pair bel_contest_pair(const struct bel_contest *c, size_t policy, size_t against)
{
	return c->pair[policy * c->measures->policies + against];
}
