/* SPDX-License-Identifier: MIT */
/*
 * operand.h: an operand of bel-explain or bel-vm that need not be a file.
 *
 * "7 0 1w 2", "7,0,1w,2" and "A B A" are strings, and "belady" is a model of bel-gen. Anything else,
 * and anything with a '/', is a trace. No operand, or "-", is standard input.
 *
 * Like all code in cmd, these functions print and exit.
 */
#ifndef BEL_OPERAND_H
#define BEL_OPERAND_H

#include "gen.h"
#include "trace_options.h"

/* Defaults of models, for tables that people read. */
#define OPERAND_REFERENCES 20
#define OPERAND_PAGES 6

/* Whether an operand is a string or the name of a model; else it is a trace (or nothing). */
bool operand_is_generated(const char *operand);

/*
 * The generator of a string of page numbers or a model; NULL: operand_trace() opens the operand.
 * `model` has the options of a model.
 */
struct bel_gen *operand_generator(
	struct tool *tool, const char *operand, const struct bel_gen_setup *model);

/* A string of letters or a trace as a source. Options of models are refused. */
struct bel_source *operand_trace(struct tool *tool, const struct bel_source_options *options,
	const char *operand, const struct bel_gen_setup *model);

/* Ends the program, with the reason, if not every seed gives its own string. */
void operand_must_draw(struct tool *tool, const char *operand, const struct bel_gen_setup *model);

/*
 * Any operand as a source of runs, for virtual-memory machines; it may also be a script, "map
 * 0x400000 8K r-x text; w 0x401234".
 */
struct operand_source {
	struct bel_source *source;
	char *text; /* what the source reads, if it is a string; free() after closing the source */
};

/* Negative with tool->err if the trace is bad, like trace_try(). */
int operand_source_open(struct tool *tool, const struct bel_source_options *options,
	const char *operand, struct operand_source *opened);

#endif
