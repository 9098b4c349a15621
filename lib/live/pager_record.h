/* SPDX-License-Identifier: MIT */
/* pager_record.h: the results of a pager as records belady.pager/1. lib/emit/schema has their members. */
#ifndef BEL_PAGER_RECORD_H
#define BEL_PAGER_RECORD_H

#include "pager.h"
#include "run_record.h"

/* `timing`: with the CPU time of a trap, which differs from run to run. */
int bel_pager_record_emit(struct bel_emit *emit, const struct bel_run_trace *trace,
	const struct bel_pager_setup *setup, const struct bel_pager_result *result, bool timing,
	struct bel_err *err);

#endif
