/* SPDX-License-Identifier: MIT */
/*
 * reduction_scope.h: what a reduced trace may be used for.
 *
 * A trace that bel-reduce wrote says in its head for which policies its results hold, and
 * from how many frames on (struct bel_trace_info: min_frames, valid_policies).
 */
#ifndef BEL_REDUCTION_SCOPE_H
#define BEL_REDUCTION_SCOPE_H

#include "trace.h"

/*
 * Reads "64 lru,opt", as the head has it; *valid_policies points into it. BEL_FAIL if it is not
 * that.
 */
int bel_reduction_scope_parse(const char *text, uint64_t *min_frames, const char **valid_policies);

/* BEL_FAIL with the reason where the policy at so many frames is not covered. */
int bel_reduction_scope_check(const struct bel_trace_info *info, const char *policy,
	uint64_t frames, struct bel_err *err);

#endif
