/* SPDX-License-Identifier: MIT */
/*
 * explain_string.h: reads the string that bel-explain explains: an operand such as "7 0 1", a model
 * of bel-gen, or any trace. The result is references whose pages have names.
 *
 * Like everything in cmd/common, these functions print and exit.
 */
#ifndef BEL_EXPLAIN_STRING_H
#define BEL_EXPLAIN_STRING_H

#include "explain.h"
#include "gen.h"
#include "trace_options.h"

/* Defaults of models, for tables that people read. */
#define EXPLAIN_REFERENCES 20
#define EXPLAIN_PAGES 6

/* Whether an operand is a string or the name of a model; else it is a trace (or nothing). */
bool explain_is_generated(const char *operand);

/*
 * The operand "7 0 1w 2", "7,0,1w,2" or "A B A" is a string, and "belady" is a model of bel-gen. Anything
 * else, and anything with a '/', is a trace. No operand, or "-", is standard input. In a folded
 * trace, the first reference of a run that writes is taken as the write. `model` has the options of
 * a model; a trace with such options is refused. Returns the logarithm of the page size.
 */
unsigned explain_string_open(struct tool *tool, const char *operand,
	const struct bel_gen_setup *model, const struct bel_source_options *options,
	struct bel_string *string);

/* Ends the program, with the reason, if not every seed gives its own string. */
void explain_string_must_draw(
	struct tool *tool, const char *operand, const struct bel_gen_setup *model);

/*
 * The same operand as a source of runs, for virtual-memory machines; it may also be a script, "map
 * 0x400000 8K r-x text; w 0x401234".
 */
struct explain_source {
	struct bel_source *source;
	char *text; /* what the source reads, if it is a string; free() after closing the source */
};

/* Negative with tool->err if the trace is bad, like trace_try(). */
int explain_source_open(struct tool *tool, const struct bel_source_options *options,
	const char *operand, struct explain_source *opened);

#endif
