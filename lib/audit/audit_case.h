/* SPDX-License-Identifier: MIT */
/*
 * audit_case.h: checks one policy, with one number of frames, on one string, against the
 * invariants.
 *
 * Several engines process the string in parallel and are compared: with the policy's own loop and
 * with its hooks, one reference at a time and in runs, a second instance, and one more frame. An
 * independent shadow counter recomputes every total.
 *
 *	const struct bel_audit_case is = {.spec = &spec, .frames = 3, .string = &string};
 *	if (bel_audit_case_breaks(&is, &found)) ... found.rule, found.text ...
 *
 * If the policy crashes or never returns, so does this function: see audit.h.
 */
#ifndef BEL_AUDIT_CASE_H
#define BEL_AUDIT_CASE_H

#include "audit_string.h"
#include "spec.h"

enum bel_audit_rule {
	BEL_AUDIT_HELD,
	BEL_AUDIT_REFUSAL,  /* the policy could not be created */
	BEL_AUDIT_CONTRACT, /* the engine stopped it: a victim not resident, frames exceeded, ... */
	BEL_AUDIT_COUNTS,   /* a total is wrong: hits + faults = references, ... */
	BEL_AUDIT_STATE,    /* a page's resident, dirty, seen or accessed bit is wrong */
	BEL_AUDIT_ARRAYS,   /* it wrote past the end of a page array */
	BEL_AUDIT_LEAK,     /* it evicted pages though there was a frame for each */
	BEL_AUDIT_OPTIMUM,  /* fewer faults than possible, or a false claim of being optimal */
	BEL_AUDIT_INCLUSION,
	BEL_AUDIT_HOOKS,   /* its own loop and its hooks give different results */
	BEL_AUDIT_REPEAT,  /* two instances give different results */
	BEL_AUDIT_FOLDING, /* a run of n references gives another result than n runs of one */
	BEL_AUDIT_VICTIM,  /* victim() named the wrong page, or evict() did not evict exactly one */
	BEL_AUDIT_CRASH,
	BEL_AUDIT_ENDLESS,
	BEL_AUDIT_RULES,
};

struct bel_audit_case {
	const struct bel_policy_spec *spec;
	uint64_t frames; /* 0: variable space */
	uint64_t seed;
	bool drawn; /* its parameters are random: a refusal is not a finding */
	const struct bel_audit_string *string;
	volatile uint64_t *at; /* set to the step being processed; may be NULL */
};

struct bel_audit_found {
	enum bel_audit_rule rule;
	uint64_t reference; /* the first reference that shows it */
	char text[300];
};

bool bel_audit_case_breaks(const struct bel_audit_case *is, struct bel_audit_found *found);

/* "contract", "counts", ...: the name used in records. */
const char *bel_audit_rule_name(enum bel_audit_rule rule);

#endif
