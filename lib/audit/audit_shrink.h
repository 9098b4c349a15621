/* SPDX-License-Identifier: MIT */
/*
 * audit_shrink.h: removes from a string what its finding does not need: first drops, then smaller
 * and smaller pieces, then writes.
 */
#ifndef BEL_AUDIT_SHRINK_H
#define BEL_AUDIT_SHRINK_H

#include "audit_string.h"

/*
 * breaks(host, candidate) tells whether a candidate still shows the finding. It is called about
 * `tries` times at most. `spare` is a work area. *string becomes the shortest string found.
 */
void bel_audit_shrink(struct bel_audit_string *string, struct bel_audit_string *spare, int tries,
	bool (*breaks)(void *host, const struct bel_audit_string *candidate), void *host);

#endif
