/* SPDX-License-Identifier: MIT */
/*
 * info_analyses.h: the analyses that bel-info --analysis asks for, and their rows as records.
 *
 * As everything in cmd/common, these functions print and exit.
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

/* "popularity,..."; NULL: none. "list" prints what there is and ends the tool. */
void info_analyses_parse(struct tool *tool, const char *text, struct info_analyses *analyses);
void info_analyses_release(struct info_analyses *analyses);

/* Makes their instances and attaches them; once for each trace. */
int info_analyses_attach(
	struct info_analyses *analyses, struct bel_pass *pass, struct bel_err *err);

/* The instances of the last trace go. */
void info_analyses_drop(struct info_analyses *analyses);

/* Records belady.analysis/1. Returns how many analyses failed. */
int info_analyses_emit(struct tool *tool, struct info_analyses *analyses, struct bel_emit *emit,
	const struct bel_trace_identity *trace);

#endif
