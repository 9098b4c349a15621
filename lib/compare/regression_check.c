/* SPDX-License-Identifier: MIT */
/* regression_check.c: limits on the increase of faults. */
#include "regression_check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"

static int parse_limit(
	struct bel_regression_limit *limit, char *text, const char *what, struct bel_err *err)
{
	char *at = strchr(text, '@'), *end;

	limit->bytes = 0;
	if (at)
		*at = 0;
	limit->increase = strtod(text, &end) / 100;
	if (end == text || strcmp(end, "%") != 0 || !isfinite(limit->increase) ||
		limit->increase < 0)
		return bel_usage(err, "%s: '%s' is not a percentage such as 2%%", what, text);
	if (at && bel_parse_number(at + 1, what, &limit->bytes, err) < 0)
		return BEL_USAGE;
	if (at && !limit->bytes)
		return bel_usage(err, "%s: memory size must be at least one page", what);
	return 0;
}

int bel_regression_parse(
	struct bel_regression_limits *gate, const char *text, const char *what, struct bel_err *err)
{
	char *copy = strdup(text), *rest = copy;
	int r = 0;

	if (!copy)
		return bel_err_memory(err, what);
	gate->limits = 0;
	while (rest && r == 0) {
		if (gate->limits == BEL_REGRESSION_LIMITS)
			r = bel_usage(err, "%s: more than %d limits", what, BEL_REGRESSION_LIMITS);
		else
			r = parse_limit(
				&gate->limit[gate->limits++], strsep(&rest, ","), what, err);
	}
	free(copy);
	return r;
}

/* A trace and a policy: their results are a curve with ascending frames. */
struct curve {
	const struct bel_results *in;
	uint32_t trace, policy;
};

static bool same_page_size(const struct curve *a, const struct curve *b)
{
	return a->in->trace[a->trace].page_bytes == b->in->trace[b->trace].page_bytes;
}

/* The number of traces with the same name and page size. */
static size_t count_named(const struct bel_results *in, const struct bel_compared_trace *as)
{
	size_t count = 0;

	for (size_t i = 0; i < in->traces; i++)
		count += in->trace[i].page_bytes == as->page_bytes &&
			 !strcmp(in->trace[i].name, as->name);
	return count;
}

/*
 * Of several traces of one name, the counterpart is the one with the same label in its set (the
 * same file name, perhaps in another folder), the same file, or else the same contents.
 */
static bool same_trace(const struct bel_results *a, const struct bel_compared_trace *of,
	const struct bel_results *b, const struct bel_compared_trace *with)
{
	if (a->traces == 1 && b->traces == 1)
		return true;
	if (strcmp(of->name, with->name) != 0)
		return false;
	if (count_named(a, of) == 1 && count_named(b, with) == 1)
		return true;
	if (of->file && with->file)
		return !strcmp(of->label, with->label) || !strcmp(of->file, with->file);
	return !strcmp(of->digest, with->digest);
}

/* The counterpart of a curve in the other set. */
static bool find_counterpart(
	const struct curve *of, const struct bel_results *in, struct curve *counterpart)
{
	const struct bel_ranked *policy = &of->in->policy[of->policy];

	for (size_t i = 0; i < in->count; i++) {
		const struct bel_result *m = &in->result[i];

		*counterpart = (struct curve){in, m->trace, m->policy};
		if (same_trace(of->in, &of->in->trace[of->trace], in, &in->trace[m->trace]) &&
			!strcmp(in->policy[m->policy].name, policy->name) &&
			!strcmp(in->policy[m->policy].params, policy->params) &&
			same_page_size(of, counterpart))
			return true;
	}
	return false;
}

struct check {
	int (*told)(void *host, const struct bel_regression_result *result);
	void *host;
	struct bel_regression_tally *tally;
};

/*
 * Whether the faults grew by more than the limit, in billionths: 0.3% of 1000 is 3, though 0.003 is
 * no binary fraction.
 */
static bool exceeds(const struct bel_regression_limit *limit, uint64_t before, uint64_t after)
{
	const uint64_t billion = 1000000000;
	const double allowed = round(limit->increase * (double)billion);

	if (allowed >= 0x1p64)
		return (double)after > (double)before * (1 + limit->increase);
	return after > before && (unsigned __int128)(after - before) * billion >
					 (unsigned __int128)before * (uint64_t)allowed;
}

static int compare(const struct check *check, const struct bel_regression_limit *limit,
	const struct bel_result *before, const struct bel_result *after)
{
	const struct bel_regression_result result = {
		.limit = limit,
		.before = before,
		.after = after,
		.failed = exceeds(limit, before->faults, after->faults),
	};

	check->tally->compared++;
	check->tally->failed += result.failed;
	return check->told(check->host, &result);
}

/* Compares at every common size, or at the largest common size that is not above the limit's. */
static int check_curve(const struct check *check, const struct bel_regression_limit *limit,
	const struct curve *before, const struct curve *after)
{
	const uint64_t page_bytes = before->in->trace[before->trace].page_bytes;
	const struct bel_result *last = NULL, *last_after = NULL;
	int r = 0;

	for (size_t i = 0; i < before->in->count && r >= 0; i++) {
		const struct bel_result *m = &before->in->result[i], *now;

		if (m->trace != before->trace || m->policy != before->policy)
			continue;
		now = bel_results_find(after->in, after->trace, after->policy, m->frames);
		if (!now || (limit->bytes && m->frames > limit->bytes / page_bytes))
			continue;
		if (!limit->bytes)
			r = compare(check, limit, m, now);
		last = m;
		last_after = now;
	}
	if (r >= 0 && limit->bytes && last)
		r = compare(check, limit, last, last_after);
	return r;
}

/* Whether an earlier result is of the same curve. */
static bool is_repeated(const struct bel_results *in, size_t index)
{
	const struct bel_result *is = &in->result[index];

	for (size_t i = 0; i < index; i++)
		if (in->result[i].trace == is->trace && in->result[i].policy == is->policy)
			return true;
	return false;
}

int bel_regression_check(const struct bel_regression_limits *gate, const struct bel_results *before,
	const struct bel_results *after,
	int (*told)(void *host, const struct bel_regression_result *result), void *host,
	struct bel_regression_tally *tally)
{
	const struct check check = {told, host, tally};
	int r = 0;

	*tally = (struct bel_regression_tally){.compared = 0};
	for (size_t i = 0; i < before->count && r >= 0; i++) {
		const struct bel_result *m = &before->result[i];
		const struct curve curve = {before, m->trace, m->policy};
		struct curve counterpart;

		/* Check each curve once, at its first size. */
		if (is_repeated(before, i))
			continue;
		if (!find_counterpart(&curve, after, &counterpart)) {
			const struct bel_regression_result missing = {.before = m};

			tally->missing++;
			r = told(host, &missing);
			continue;
		}
		for (size_t k = 0; k < gate->limits && r >= 0; k++)
			r = check_curve(&check, &gate->limit[k], &curve, &counterpart);
	}
	return r;
}
