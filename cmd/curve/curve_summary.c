/* SPDX-License-Identifier: MIT */
/* curve_summary.c: writes the summary of a trace or slice for bel-merge. */
#include "curve_summary.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "number.h"
#include "slice_summary.h"
#include "tool_output.h"
#include "trace_options.h"

static void fill(struct tool *tool, const struct curve_summary *how,
	struct bel_slice_summary_setup *setup, uint64_t **tau)
{
	uint32_t policies;

	setup->policies = how->policies ? how->policies : "lru";
	tool_check(tool, bel_slice_summary_policies(setup->policies, &policies, &tool->err));
	if (how->windows)
		tool_check(tool,
			bel_parse_counts(how->windows, "--tau", tau, &setup->taus, &tool->err));
	setup->tau = *tau;
	if (how->page_size)
		tool_check(tool, bel_parse_page_size(how->page_size, "--page-size",
					 &how->trace->page_bits, &tool->err));
	how->trace->slice_numbers = true;
	if (!how->trace->slice)
		how->trace->slice = "0:";
	if (!strcmp(how->output, "-") && isatty(STDOUT_FILENO))
		tool_usage(tool, "a summary is not text: use -o FILE or a pipe");
}

int curve_summary_write(struct tool *tool, const struct curve_summary *how)
{
	struct bel_slice_summary_setup setup = {
		.portable = how->portable,
		.stop = how->stop,
		.progress = bel_progress_report,
		.progress_host = how->progress,
	};
	struct bel_slice_summary *summary = NULL;
	struct bel_source *source;
	struct bel_outfile *out;
	uint64_t *tau = NULL;

	fill(tool, how, &setup, &tau);
	source = trace_open(tool, how->trace, trace_operand(tool));
	tool_check(tool, bel_slice_summary_collect(&summary, &setup, source, &tool->err));
	bel_progress_end(how->progress);
	if (bel_source_damage(source))
		tool_fail(tool, "%s; no summary is written: it could not be joined",
			bel_source_damage(source));
	out = output_open(tool, how->output);
	tool_check(tool, bel_slice_summary_write(summary, out->file, &tool->err));
	output_commit(tool);
	bel_slice_summary_free(summary);
	trace_close(tool, source);
	free(tau);
	return tool_finish(tool, 0);
}
