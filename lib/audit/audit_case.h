/* SPDX-License-Identifier: MIT */
/*
 * audit_case.h: one policy, one number of frames, one string, next to the invariants.
 *
 * The string goes through several engines side by side: through the policy's own loop and
 * through its hooks, reference by reference and in runs, twice the same, with one frame more.
 * A shadow counter counts along and believes nobody.
 *
 *	const struct bel_audit_case is = {.spec = &spec, .frames = 3, .string = &string};
 *	if (bel_audit_case_breaks(&is, &found)) ... found.rule, found.text ...
 *
 * A policy that never returns or crashes does so here: see audit.h.
 */
#ifndef BEL_AUDIT_CASE_H
#define BEL_AUDIT_CASE_H

#include "audit_string.h"
#include "spec.h"

enum bel_audit_rule {
	BEL_AUDIT_HELD,
	BEL_AUDIT_REFUSAL,  /* the policy could not be created */
	BEL_AUDIT_CONTRACT, /* the engine stopped it: a victim not resident, frames exceeded, ... */
	BEL_AUDIT_COUNTS,   /* hits + faults = references, and what else must add up */
	BEL_AUDIT_STATE,    /* resident, dirty, seen, accessed: not as they must be */
	BEL_AUDIT_ARRAYS,   /* it wrote behind a page array */
	BEL_AUDIT_LEAK,     /* it let pages go though there was a frame for each */
	BEL_AUDIT_OPTIMUM,  /* fewer faults than are possible, or no optimum though it says so */
	BEL_AUDIT_INCLUSION,
	BEL_AUDIT_HOOKS,   /* its own loop and its hooks differ */
	BEL_AUDIT_REPEAT,  /* two instances differ */
	BEL_AUDIT_FOLDING, /* a run of n references differs from n runs of one */
	BEL_AUDIT_VICTIM,  /* victim() told another page than left; evict() let none go, or several
			    */
	BEL_AUDIT_CRASH,
	BEL_AUDIT_ENDLESS,
	BEL_AUDIT_RULES,
};

struct bel_audit_case {
	const struct bel_policy_spec *spec;
	uint64_t frames; /* 0: variable space */
	uint64_t seed;
	bool drawn; /* its parameters: that they are refused is no finding */
	const struct bel_audit_string *string;
	volatile uint64_t *at; /* is kept at the step that is worked on; NULL: not asked for */
};

struct bel_audit_found {
	enum bel_audit_rule rule;
	uint64_t reference; /* the first that shows it */
	char text[300];
};

bool bel_audit_case_breaks(const struct bel_audit_case *is, struct bel_audit_found *found);

/* "contract", "counts", ...: as it stands in records. */
const char *bel_audit_rule_name(enum bel_audit_rule rule);

#endif
