/* SPDX-License-Identifier: MIT */
/*
 * explain_job.h: explains a reference string with several policies, and grades answers.
 *
 * Like everything in cmd/common, these functions print and exit.
 */
#ifndef BEL_EXPLAIN_JOB_H
#define BEL_EXPLAIN_JOB_H

#include "explain_string.h"
#include "step_table.h"

struct explain_want {
	const struct bel_string *string;
	const struct bel_policy_spec *specs;
	size_t spec_count;
	const char *frames; /* text for bel_parse_frames() */
	const char *ram;    /* instead: text for bel_parse_memory(); NULL: use frames */
	unsigned page_bits; /* page size for ram */
	uint64_t seed;
};

/*
 * An explanation for each policy with each number of frames; only one for a variable-space policy.
 * Free them with explain_free().
 */
struct bel_explain *explain_all(struct tool *tool, const struct explain_want *want, size_t *count);
void explain_free(struct bel_explain *explain, size_t count);

/* Grades the answers in the file `path`; returns the exit status, 0 or 1. */
int explain_mark(struct tool *tool, const struct bel_explain *explain, size_t count,
	const char *path, FILE *out);

#endif
