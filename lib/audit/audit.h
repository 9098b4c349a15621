/* SPDX-License-Identifier: MIT */
/*
 * audit.h: checks policies against invariants on generated reference strings. Each policy runs in
 * its own process, so a policy that crashes or never returns is reported like any other.
 *
 *	struct bel_audit_result *results;
 *	if (bel_audit(&setup, &results, &err) < 0) ...
 *	for (i = 0; i < setup.spec_count; i++)
 *		if (results[i].found.rule != BEL_AUDIT_HELD) ... results[i].string ...
 *	bel_audit_results_free(results, setup.spec_count);
 *
 * A finding's string is minimal: removing any step hides the finding, unless the tries ran out.
 * The same setup gives the same findings. The caller must have no threads and no other children
 * meanwhile.
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
	unsigned jobs; /* policies to audit in parallel; at least 1 */
};

struct bel_audit_result {
	uint64_t strings, references; /* numbers of both that were run */
	struct bel_audit_found found; /* rule BEL_AUDIT_HELD: no finding */
	/* Details of the finding. */
	struct bel_policy_spec spec; /* with the parameters; its plug-in belongs to the setup */
	uint64_t frames, seed;
	struct bel_audit_string string; /* owned */
};

/* Returns 0 with or without findings; BEL_FAIL if the system has no memory or processes. */
int bel_audit(const struct bel_audit_setup *setup, struct bel_audit_result **results,
	struct bel_err *err);
void bel_audit_results_free(struct bel_audit_result *results, size_t count);

#endif
