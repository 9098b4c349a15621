/* SPDX-License-Identifier: MIT */
/*
 * blame_output.h: the output of bel-blame: records, folded stacks, callgrind's format, a flame
 * graph.
 *
 * Like all code in cmd, these functions print and exit.
 */
#ifndef BEL_BLAME_OUTPUT_H
#define BEL_BLAME_OUTPUT_H

#include "blame_compare.h"
#include "tool_output.h"

#define BLAME_TOP_UNSET UINT64_MAX

struct blame_output {
	const char *path, *format; /* of the command line; format NULL: records */
	enum bel_blame_measure measure;
	uint64_t top; /* 0: all keys; BLAME_TOP_UNSET: 20 in records, all in pictures */

	/* Private members. */
	bool picture;
	struct bel_emit *emit;
	struct bel_outfile *file;
};

/* Whether the format shows faults over time. */
bool blame_output_over_time(const struct blame_output *output);

/* Whether the format shows the lines of calls. */
bool blame_output_calls(const struct blame_output *output);

/* Opens the output. `compare`: of two results. */
void blame_output_open(struct tool *tool, struct blame_output *output, bool compare);

/* Writes results, or pairs of them. Changes their order. */
void blame_output_results(
	struct tool *tool, struct blame_output *output, struct bel_blame_results *results);
void blame_output_compare(struct tool *tool, struct blame_output *output,
	const struct bel_blame_results *before, const struct bel_blame_results *after);

#endif
