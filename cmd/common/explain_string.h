/* SPDX-License-Identifier: MIT */
/*
 * explain_string.h: what bel-explain is to explain: a string on the command line, one that
 * bel-gen knows by name, or any trace, as references with names for their pages.
 *
 * As everything in cmd/common, these functions print and exit.
 */
#ifndef BEL_EXPLAIN_STRING_H
#define BEL_EXPLAIN_STRING_H

#include "explain.h"
#include "trace_options.h"

/*
 * The operand "7 0 1w 2" or "7,0,1w,2" is a string, "belady" a model of bel-gen, anything
 * with a '/' or else a trace; none, or "-", is standard input. In a folded trace, a run that
 * wrote is taken to have written at its first reference. Returns the page size, as a logarithm.
 */
unsigned explain_string_open(
	struct tool *tool, const struct bel_source_options *options, struct bel_string *string);

/* Such an operand as a source of runs, for virtual-memory machines. */
struct explain_source {
	struct bel_source *source;
	char *text; /* a string's, which the source reads; free() after it is closed */
};

/* Negative with tool->err if it is the trace that is wrong, as trace_try(). */
int explain_source_open(struct tool *tool, const struct bel_source_options *options,
	const char *operand, struct explain_source *opened);

#endif
