/* SPDX-License-Identifier: MIT */
/* cost_record.h: measured costs as records belady.cost/1, one for each event. */
#ifndef BEL_COST_RECORD_H
#define BEL_COST_RECORD_H

#include "cost.h"
#include "emit.h"

/* The machine and the kernel are looked up here. */
int bel_cost_records_emit(struct bel_emit *emit, const struct bel_cost *cost, struct bel_err *err);

#endif
