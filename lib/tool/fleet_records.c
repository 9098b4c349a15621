/* SPDX-License-Identifier: MIT */
/* fleet_records.c: a fleet's members as records, those that failed as words. */
#include "fleet_records.h"

/* Whether the member failed; if so, why. */
static int tell_failure(const struct tool *tool, const struct bel_fleet_member *member)
{
	if (!member->err.code)
		return 0;
	if (member->frames)
		tool_warn(tool, "%s (%llu frames)", member->err.text,
			(unsigned long long)member->frames);
	else
		tool_warn(tool, "%s", member->err.text);
	return 1;
}

int fleet_records_emit(struct tool *tool, struct bel_emit *emit, const struct run_trace *trace,
	const struct bel_fleet *fleet)
{
	const struct bel_fleet_member *member;
	int failed = 0;

	for (size_t i = 0; (member = bel_fleet_member(fleet, i)); i++) {
		if (tell_failure(tool, member))
			failed++;
		else if (run_record_emit(emit, trace, fleet, i, &tool->err) < 0)
			tool_die(tool);
	}
	return failed;
}

int fleet_anomalies_emit(struct tool *tool, struct bel_emit *emit, const struct run_trace *trace,
	const struct bel_fleet *fleet, uint64_t *found)
{
	const struct bel_fleet_member *member;
	int failed = 0;

	*found = 0;
	for (size_t i = 0; (member = bel_fleet_member(fleet, i)); i++) {
		const int r = anomaly_record_emit(emit, trace, fleet, i, &tool->err);

		failed += tell_failure(tool, member);
		if (r < 0)
			tool_die(tool);
		*found += (uint64_t)r;
	}
	return failed;
}
