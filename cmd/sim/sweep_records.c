/* SPDX-License-Identifier: MIT */
/* sweep_records.c: emits a sweep's configurations as records, and their failures as messages. */
#include "sweep_records.h"

#include "tool_output.h"

/* Returns 1 if the configuration failed, and prints why. */
static int tell_failure(const struct tool *tool, const struct bel_configuration *configuration)
{
	if (!configuration->err.code)
		return 0;
	if (configuration->frames)
		tool_warn(tool, "%s (%llu frames)", configuration->err.text,
			(unsigned long long)configuration->frames);
	else
		tool_warn(tool, "%s", configuration->err.text);
	return 1;
}

int sweep_records_emit(struct tool *tool, struct bel_emit *emit, const struct bel_run_trace *trace,
	const struct bel_sweep *sweep)
{
	const struct bel_configuration *configuration;
	int failed = 0;

	if (bel_run_marks_emit(emit, trace, sweep, &tool->err) < 0)
		tool_die(tool);
	output_tell_marks(tool, bel_sweep_marks(sweep));
	for (size_t i = 0; (configuration = bel_sweep_at(sweep, i)); i++) {
		if (tell_failure(tool, configuration))
			failed++;
		else if (bel_run_record_emit(emit, trace, sweep, i, &tool->err) < 0)
			tool_die(tool);
	}
	return failed;
}

int sweep_anomalies_emit(struct tool *tool, struct bel_emit *emit,
	const struct bel_run_trace *trace, const struct bel_sweep *sweep, uint64_t *found)
{
	const struct bel_configuration *configuration;
	int failed = 0;

	*found = 0;
	for (size_t i = 0; (configuration = bel_sweep_at(sweep, i)); i++) {
		const int r = bel_anomaly_record_emit(emit, trace, sweep, i, &tool->err);

		failed += tell_failure(tool, configuration);
		if (r < 0)
			tool_die(tool);
		*found += (uint64_t)r;
	}
	return failed;
}
