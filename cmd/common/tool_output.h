/* SPDX-License-Identifier: MIT */
/*
 * tool_output.h: the one output of a tool, which is whole or not there (outfile.h), however the
 * tool ends: by tool_die(), by exit() or by a signal.
 *
 *	struct bel_emit *emit = output_records(&tool, opt.output, opt.format, columns);
 *	...
 *	output_commit(&tool);        the file takes its name here
 *	return tool_finish(&tool, status);
 *
 * As everything in cmd/common, these functions print and exit.
 */
#ifndef BEL_TOOL_OUTPUT_H
#define BEL_TOOL_OUTPUT_H

#include "emit.h"
#include "outfile.h"
#include "tool.h"

/* Opens the output, which the callee keeps; "-" is standard output. Once a program. */
struct bel_outfile *output_open(struct tool *tool, const char *path);

/* The same for a file that must not exist yet. */
struct bel_outfile *output_create(struct tool *tool, const char *path);

/* The same for records; `format` and `columns` as emit.h has them. */
struct bel_emit *output_records(
	struct tool *tool, const char *path, const char *format, const char *const *columns);

/* The same for a trace, which is binary unless it has a foreign format: no terminal takes one. */
struct bel_outfile *output_trace(struct tool *tool, const char *path, const char *format);

/* Ends the records, if it is such, and gives the file its name. */
void output_commit(struct tool *tool);

/* From now on the signal ends the program and leaves no temporary; may be called by a handler. */
void output_guard(int signal_number);

#endif
