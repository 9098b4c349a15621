/* SPDX-License-Identifier: MIT */
/*
 * gate.h: whether faults grew: every result of one set of measures against its fellow in another.
 *
 * Traces are fellows if they have one name, or if each set has but one trace: a changed
 * program has another trace, and its digest differs. Where a set has several of one name, they
 * must also have one file, or one digest if no file is told. Policies are by name and parameters.
 *
 *	struct bel_gate gate;
 *	bel_gate_parse(&gate, "2%@64MiB,10%", "--max-faults-increase", &err);
 *	bel_gate_check(&gate, &before, &after, told, host, &tally, &err);
 */
#ifndef BEL_GATE_H
#define BEL_GATE_H

#include "measures.h"

#define BEL_GATE_LIMITS 16

struct bel_gate_limit {
	double increase; /* 0.02: 2% more faults are allowed */
	uint64_t bytes;  /* at so much memory, or the next smaller that was run; 0: at any */
};

struct bel_gate {
	struct bel_gate_limit limit[BEL_GATE_LIMITS];
	size_t limits;
};

struct bel_gate_tally {
	uint64_t compared, failed;
	uint64_t missing; /* policies on traces of `before` that `after` lacks */
};

/* One comparison. */
struct bel_gate_result {
	const struct bel_gate_limit *limit;
	const struct bel_measure *before, *after; /* after NULL: missing, then limit is, too */
	bool failed;
};

int bel_gate_parse(struct bel_gate *gate, const char *text, const char *what, struct bel_err *err);

/* Tells each result; a negative answer of `told` ends it and is returned. */
int bel_gate_check(const struct bel_gate *gate, const struct bel_measures *before,
	const struct bel_measures *after,
	int (*told)(void *host, const struct bel_gate_result *result), void *host,
	struct bel_gate_tally *tally);

#endif
