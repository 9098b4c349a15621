/* SPDX-License-Identifier: MIT */
/*
 * audit_shrink.h: takes out of a string what its finding can spare: ever smaller pieces,
 * drops before references, then writes.
 */
#ifndef BEL_AUDIT_SHRINK_H
#define BEL_AUDIT_SHRINK_H

#include "audit_string.h"

/*
 * breaks(host, candidate) tells whether a shorter string still shows the finding. It is asked
 * `tries` times at most. `spare` is a string to work in; *string ends as the shortest.
 */
void bel_audit_shrink(struct bel_audit_string *string, struct bel_audit_string *spare, int tries,
	bool (*breaks)(void *host, const struct bel_audit_string *candidate), void *host);

#endif
