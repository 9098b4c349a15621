/* SPDX-License-Identifier: MIT */
/*
 * curve_record.h: finished jobs as records belady.curve/1, each followed by its phases,
 * belady.curve-interval/1 (members: lib/emit/schema).
 */
#ifndef BEL_CURVE_RECORD_H
#define BEL_CURVE_RECORD_H

#include "curve_run.h"
#include "emit.h"

int curve_record_emit(struct bel_emit *emit, const char *tool, const struct curve_run *run,
	const struct curve_job *job, struct bel_err *err);

#endif
