/* SPDX-License-Identifier: MIT */
/*
 * regression_check.h: whether faults grew: every result of one set of results against its
 * counterpart in another.
 *
 * Traces are counterparts if they have one name, or if each set has but one trace: a changed
 * program has another trace, and its digest differs. Where a set has several of one name, they
 * must also have one file, or one digest if no file is told. Policies are by name and parameters.
 *
 *	struct bel_regression_limits gate;
 *	bel_regression_parse(&gate, "2%@64MiB,10%", "--max-faults-increase", &err);
 *	bel_regression_check(&gate, &before, &after, told, host, &tally, &err);
 */
#ifndef BEL_REGRESSION_H
#define BEL_REGRESSION_H

#include "results.h"

#define BEL_REGRESSION_LIMITS 16

struct bel_regression_limit {
	double increase; /* 0.02: 2% more faults are allowed */
	uint64_t bytes;  /* at so much memory, or the next smaller that was run; 0: at any */
};

struct bel_regression_limits {
	struct bel_regression_limit limit[BEL_REGRESSION_LIMITS];
	size_t limits;
};

struct bel_regression_tally {
	uint64_t compared, failed;
	uint64_t missing; /* policies on traces of `before` that `after` lacks */
};

/* One comparison. */
struct bel_regression_result {
	const struct bel_regression_limit *limit;
	const struct bel_result *before, *after; /* after NULL: missing, then limit is, too */
	bool failed;
};

int bel_regression_parse(struct bel_regression_limits *gate, const char *text, const char *what,
	struct bel_err *err);

/* Tells each result; a negative answer of `told` ends it and is returned. */
int bel_regression_check(const struct bel_regression_limits *gate, const struct bel_results *before,
	const struct bel_results *after,
	int (*told)(void *host, const struct bel_regression_result *result), void *host,
	struct bel_regression_tally *tally);

#endif
