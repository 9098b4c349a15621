/* SPDX-License-Identifier: MIT */
/* pager_record.c: the results of a pager as records. */
#include "pager_record.h"

#include <math.h>

int bel_pager_record_emit(struct bel_emit *emit, const struct bel_run_trace *trace,
	const struct bel_pager_setup *setup, const struct bel_pager_result *result, bool timing,
	struct bel_err *err)
{
	struct bel_record *r =
		bel_run_record_new("belady.pager/1", trace, setup->spec, setup->frames);

	bel_record_text(r, "backend", bel_pager_backend_name(setup->backend));
	bel_record_flag(r, "exact", setup->exact);
	bel_record_count(r, "references", result->references);
	bel_record_count(r, "faults", result->faults);
	bel_record_count(r, "traps", result->traps);
	bel_record_count(r, "zero_fills", result->zero_fills);
	bel_record_count(r, "loads", result->loads);
	bel_record_count(r, "evictions", result->evictions);
	bel_record_count(r, "writebacks", result->writebacks);
	bel_record_count(r, "unmaps", result->unmaps);
	bel_record_count(r, "ticks", result->ticks);
	bel_record_count(r, "resident_pages_at_end", result->resident);
	bel_record_count(r, "dirty_at_end", result->dirty);
	if (setup->verify)
		bel_record_count(r, "verified_runs", result->verified);
	if (timing)
		bel_record_real(r, "cpu_us_per_trap",
			result->traps ? (double)result->cpu_ns / 1000 / (double)result->traps
				      : NAN);
	return bel_emit(emit, r, err);
}
