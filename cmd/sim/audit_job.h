/* SPDX-License-Identifier: MIT */
/*
 * audit_job.h: checks policies against invariants (lib/audit). Emits records belady.audit/1, and
 * prints the failures on stderr.
 *
 * Like all code in cmd, this prints and exits.
 */
#ifndef BEL_AUDIT_JOB_H
#define BEL_AUDIT_JOB_H

#include "audit.h"
#include "emit.h"
#include "tool.h"

/* The default numbers of frames of an audit. */
#define AUDIT_FRAMES "1,2,3,4,5,7,16,100"

/* Returns the number of policies that failed. `frames`: text for bel_parse_frames(). */
size_t audit_job(
	struct tool *tool, struct bel_emit *emit, struct bel_audit_setup setup, const char *frames);

#endif
