/* SPDX-License-Identifier: MIT */
/*
 * regression_check.h: checks whether faults have increased: compares each result of one set with
 * its counterpart in another set.
 *
 * Traces are counterparts if they have the same name, or if each set has only one trace. Digests
 * need not agree, because a changed program has a different trace. If a set has several traces of
 * one name, the counterpart must also have the same file, or the same digest if there is no file.
 * Policies are compared by name and parameters.
 *
 *	struct bel_regression_limits gate;
 *	bel_regression_parse(&gate, "2%@64MiB,10%", "--max-faults-increase", &err);
 *	bel_regression_check(&gate, &before, &after, told, host, &tally, &err);
 */
#ifndef BEL_REGRESSION_CHECK_H
#define BEL_REGRESSION_CHECK_H

#include "results.h"

#define BEL_REGRESSION_LIMITS 16

struct bel_regression_limit {
	double increase; /* 0.02: 2% more faults are allowed */
	uint64_t bytes;  /* at this memory size, or the next smaller one that was run; 0: at all */
};

struct bel_regression_limits {
	struct bel_regression_limit limit[BEL_REGRESSION_LIMITS];
	size_t limits;
};

struct bel_regression_tally {
	uint64_t compared, failed;
	uint64_t missing; /* policies on traces of `before` that `after` lacks */
};

/* The result of one comparison. */
struct bel_regression_result {
	const struct bel_regression_limit *limit;
	const struct bel_result *before, *after; /* after NULL: missing; then limit is NULL, too */
	bool failed;
};

int bel_regression_parse(struct bel_regression_limits *gate, const char *text, const char *what,
	struct bel_err *err);

/* Calls `told` for each result; a negative return value ends the check and is returned. */
int bel_regression_check(const struct bel_regression_limits *gate, const struct bel_results *before,
	const struct bel_results *after,
	int (*told)(void *host, const struct bel_regression_result *result), void *host,
	struct bel_regression_tally *tally);

#endif
