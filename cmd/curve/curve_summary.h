/* SPDX-License-Identifier: MIT */
/* curve_summary.h: writes the summary of a trace or slice for bel-merge. */
#ifndef BEL_CURVE_SUMMARY_H
#define BEL_CURVE_SUMMARY_H

#include <signal.h>

#include "progress.h"
#include "source.h"
#include "tool.h"

struct curve_summary {
	const char *policies, *windows, *page_size; /* as on the command line; NULL: not given */
	const char *output;
	struct bel_source_options *trace;
	bool portable;
	const volatile sig_atomic_t *stop;
	struct bel_progress *progress; /* started */
};

/* Reads the trace and writes the summary. Returns the result of main(). */
int curve_summary_write(struct tool *tool, const struct curve_summary *how);

#endif
