/* SPDX-License-Identifier: MIT */
/*
 * tool.h: how every tool starts, prints messages on stderr, and ends.
 *
 *	int main(int argc, char **argv)
 *	{
 *		struct tool tool;
 *
 *		tool_start(&tool, &command, argc, argv);   --help and --version end here
 *		...
 *		tool_check(&tool, bel_thing(..., &tool.err));
 *		return tool_finish(&tool, 0);
 *	}
 */
#ifndef BEL_TOOL_H
#define BEL_TOOL_H

#include "err.h"
#include "option.h"
#include "version.h"

struct tool {
	const struct bel_command *command;
	char **operands; /* points into argv */
	int count;       /* operands */
	bool reading;    /* input is open: errors are about the input, not about the command line */
	struct bel_err err;
};

/*
 * Parses the command line. On wrong usage prints one line and a pointer to --help, and exits with
 * 2. SIGPIPE keeps its default action, so a closed pipe ends a tool quietly. If the caller of the
 * tool ignores SIGPIPE, tool_die() and tool_finish() do the same on EPIPE.
 */
void tool_start(struct tool *tool, const struct bel_command *command, int argc, char **argv);

/*
 * Prints "NAME: text" of tool->err and exits with status -code. With status 2 a pointer to --help
 * follows, unless `reading` is set.
 */
void tool_die(struct tool *tool) __attribute__((noreturn));

/* Calls tool_die() if `r`, the result of a call with tool->err, is negative. */
void tool_check(struct tool *tool, int r);

/* Set tool->err and call tool_die(): wrong usage (2), a failure (3), out of memory (3). */
#define tool_usage(TOOL, ...) (bel_usage(&(TOOL)->err, __VA_ARGS__), tool_die(TOOL))
#define tool_fail(TOOL, ...) (bel_fail(&(TOOL)->err, __VA_ARGS__), tool_die(TOOL))
#define tool_no_memory(TOOL, WHAT) (bel_err_memory(&(TOOL)->err, WHAT), tool_die(TOOL))

/* Prints a warning "NAME: text" on stderr and returns. */
void tool_warn(const struct tool *tool, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The same for a note, which is not printed with --quiet: nothing is wrong. */
void tool_note(const struct tool *tool, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Flushes and closes standard output. A full disk is status 3 with a message; a closed pipe (EPIPE)
 * prints nothing and does not change `status`. Returns the result of main().
 */
int tool_finish(struct tool *tool, int status);

#endif
