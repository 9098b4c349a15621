/* SPDX-License-Identifier: MIT */
/*
 * info_analyses.h: runs the analyses of bel-info --analysis, and emits their rows as records.
 *
 * Like all code in cmd, these functions print and exit.
 */
#ifndef BEL_INFO_ANALYSES_H
#define BEL_INFO_ANALYSES_H

#include "analysis.h"
#include "emit.h"
#include "tool.h"
#include "trace_record.h"

struct info_analyses {
	size_t count;
	struct info_analysis {
		const struct bel_analysis *analysis;
		void *self;
		struct bel_err err;
	} * each;
};

/* Parses "popularity,..."; NULL: none. "list" prints all analyses and ends the tool. */
void info_analyses_parse(struct tool *tool, const char *text, struct info_analyses *analyses);
void info_analyses_release(struct info_analyses *analyses);

/* Makes an instance of each analysis and attaches it; called once for each trace. */
int info_analyses_attach(
	struct info_analyses *analyses, struct bel_pass *pass, struct bel_err *err);

/* Frees the instances of the last trace. */
void info_analyses_drop(struct info_analyses *analyses);

/* Emits records belady.analysis/1. Returns the number of analyses that failed. */
int info_analyses_emit(struct tool *tool, struct info_analyses *analyses, struct bel_emit *emit,
	const struct bel_trace_identity *trace);

#endif
