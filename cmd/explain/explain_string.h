/* SPDX-License-Identifier: MIT */
/*
 * explain_string.h: reads the string that bel-explain explains: references whose pages have names.
 *
 * Like all code in cmd, this prints and exits.
 */
#ifndef BEL_EXPLAIN_STRING_H
#define BEL_EXPLAIN_STRING_H

#include "explain.h"
#include "gen.h"
#include "trace_options.h"

/*
 * Reads an operand (operand.h). In a folded trace, the first reference of a run that writes is taken
 * as the write. `model` has the options of a model; a trace with such options is refused. Returns
 * the logarithm of the page size.
 */
unsigned explain_string_open(struct tool *tool, const char *operand,
	const struct bel_gen_setup *model, const struct bel_source_options *options,
	struct bel_string *string);

#endif
