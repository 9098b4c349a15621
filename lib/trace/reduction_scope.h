/* SPDX-License-Identifier: MIT */
/*
 * reduction_scope.h: the policies and memory sizes for which a reduced trace is valid.
 *
 * bel-reduce writes them into the head of the trace (struct bel_trace_info: min_frames,
 * valid_policies).
 */
#ifndef BEL_REDUCTION_SCOPE_H
#define BEL_REDUCTION_SCOPE_H

#include "trace.h"

/*
 * Parses the text in the head, "64 lru,opt"; *valid_policies points into it. BEL_FAIL if it is
 * malformed.
 */
int bel_reduction_scope_parse(const char *text, uint64_t *min_frames, const char **valid_policies);

/* BEL_FAIL with the reason if the trace is not valid for this policy and number of frames. */
int bel_reduction_scope_check(const struct bel_trace_info *info, const char *policy,
	uint64_t frames, struct bel_err *err);

#endif
