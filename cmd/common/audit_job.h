/* SPDX-License-Identifier: MIT */
/*
 * audit_job.h: policies next to the invariants (lib/audit): records belady.audit/1, and
 * words on stderr for those that fail.
 *
 * As everything in cmd/common, this prints and exits.
 */
#ifndef BEL_AUDIT_JOB_H
#define BEL_AUDIT_JOB_H

#include "audit.h"
#include "emit.h"
#include "tool.h"

/* Frame counts that a policy is audited at unless others are asked for. */
#define AUDIT_FRAMES "1,2,3,4,5,7,16,100"

/* Returns the number of policies that failed. `frames` as bel_parse_frames() reads it. */
size_t audit_job(
	struct tool *tool, struct bel_emit *emit, struct bel_audit_setup setup, const char *frames);

#endif
