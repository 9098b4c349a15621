/* SPDX-License-Identifier: MIT */
/*
 * audit.h: policies next to the invariants, on strings made for it, each policy in a process
 * of its own: one that crashes or never returns is a finding like any other.
 *
 *	struct bel_audit_result *results;
 *	if (bel_audit(&setup, &results, &err) < 0) ...
 *	for (i = 0; i < setup.spec_count; i++)
 *		if (results[i].found.rule != BEL_AUDIT_HELD) ... results[i].string ...
 *	bel_audit_results_free(results, setup.spec_count);
 *
 * A finding's string is shrunk: no step can be spared. The same setup finds the same.
 * The caller has no threads and no other children while this runs.
 */
#ifndef BEL_AUDIT_H
#define BEL_AUDIT_H

#include "audit_case.h"

struct bel_audit_setup {
	const struct bel_policy_spec *specs;
	size_t spec_count;
	const uint64_t *frames;
	size_t frame_count;
	uint64_t seed;
	unsigned jobs; /* policies at a time; at least 1 */
};

struct bel_audit_result {
	uint64_t strings, references; /* that it was run on */
	struct bel_audit_found found; /* rule BEL_AUDIT_HELD: nothing */
	/* Of the finding. */
	struct bel_policy_spec spec; /* with the parameters; its plug-in is the setup's */
	uint64_t frames, seed;
	struct bel_audit_string string; /* owned */
};

/* 0, whatever was found; BEL_FAIL if the system refuses memory or processes. */
int bel_audit(const struct bel_audit_setup *setup, struct bel_audit_result **results,
	struct bel_err *err);
void bel_audit_results_free(struct bel_audit_result *results, size_t count);

#endif
