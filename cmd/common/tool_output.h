/* SPDX-License-Identifier: MIT */
/*
 * tool_output.h: the output of a tool. A tool has one at a time. Its file is complete or absent
 * (outfile.h), whether the tool ends by tool_die(), by exit() or by a signal.
 *
 *	struct bel_emit *emit = output_records(&tool, opt.output, opt.format, columns);
 *	...
 *	output_commit(&tool);        the file gets its name here
 *	return tool_finish(&tool, status);
 *
 * Like all code in cmd, these functions print and exit.
 */
#ifndef BEL_TOOL_OUTPUT_H
#define BEL_TOOL_OUTPUT_H

#include "emit.h"
#include "outfile.h"
#include "tool.h"

/*
 * Opens the output; "-" is standard output. Commit it before opening another. tool_output.c owns
 * the file.
 */
struct bel_outfile *output_open(struct tool *tool, const char *path);

/* The same for a file that must not exist yet. */
struct bel_outfile *output_create(struct tool *tool, const char *path);

/* The same for records; `format` and `columns` as in emit.h. */
struct bel_emit *output_records(
	struct tool *tool, const char *path, const char *format, const char *const *columns);

/* The same for a trace. Refuses to write a binary trace to a terminal. */
struct bel_outfile *output_trace(struct tool *tool, const char *path, const char *format);

/* Ends the output (records first, if there are any) and gives the file its name. */
void output_commit(struct tool *tool);

struct bel_marks;

/* Says so if not all marks of a trace have records. */
void output_tell_marks(const struct tool *tool, const struct bel_marks *marks);

/* What the tables left out; after output_commit(). */
const struct bel_emit_notes *output_notes(void);

/* From now on this signal removes the temporary file and ends the program. Async-signal-safe. */
void output_guard(int signal_number);

#endif
