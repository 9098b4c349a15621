/* SPDX-License-Identifier: MIT */
/*
 * audit_min_faults.h: computes the minimum number of faults of a string by scanning; slow and
 * simple.
 */
#ifndef BEL_AUDIT_MIN_FAULTS_H
#define BEL_AUDIT_MIN_FAULTS_H

#include "audit_string.h"

/*
 * Evicts the page whose next reference is farthest (Belady 1966). `next`: for each step, when its
 * page is referenced next. Only for strings without drops. 0 or BEL_FAIL (memory).
 */
int bel_audit_least_faults(const struct bel_audit_string *string, const uint64_t *next,
	uint64_t frames, uint64_t *faults);

#endif
