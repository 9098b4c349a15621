/* SPDX-License-Identifier: MIT */
/*
 * explain_job.h: what bel-explain does with a string: tables, and grades for answers.
 *
 * As everything in cmd/common, these functions print and exit.
 */
#ifndef BEL_EXPLAIN_JOB_H
#define BEL_EXPLAIN_JOB_H

#include "explain_string.h"
#include "step_table.h"

struct explain_want {
	const struct bel_string *string;
	const struct bel_policy_spec *specs;
	size_t spec_count;
	const char *frames; /* as bel_parse_frames() reads it */
	const char *ram;    /* instead, as bel_parse_memory() reads it; NULL: frames */
	unsigned page_bits; /* for ram */
	uint64_t seed;
};

/*
 * An explanation for each policy with each number of frames, one for a policy of variable
 * space. Freed with explain_free().
 */
struct bel_explain *explain_all(struct tool *tool, const struct explain_want *want, size_t *count);
void explain_free(struct bel_explain *explain, size_t count);

/* Says how good the answers in the file `path` are; returns the exit status, 0 or 1. */
int explain_mark(struct tool *tool, const struct bel_explain *explain, size_t count,
	const char *path, FILE *out);

#endif
