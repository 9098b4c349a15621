/* SPDX-License-Identifier: MIT */
/*
 * tool.h: what every tool does alike: it starts, prints messages on stderr, and ends.
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
	bool reading;    /* input is open: what is refused from here on, it is to blame for */
	struct bel_err err;
};

/*
 * Parses the command line; on wrong usage prints one line and a pointer to
 * --help, exits 2. SIGPIPE keeps its default, so that a closed pipe ends a tool
 * quietly; where the caller ignores SIGPIPE, EPIPE does the same in tool_die() and tool_finish().
 */
void tool_start(struct tool *tool, const struct bel_command *command, int argc, char **argv);

/* Prints "NAME: text" of tool->err and exits with -code (2 with the pointer to --help, unless
 * reading). */
void tool_die(struct tool *tool) __attribute__((noreturn));

/* Ends the program as tool_die() does if `r`, which came with tool->err, is negative. */
void tool_check(struct tool *tool, int r);

/* End the program as tool_die() does: wrong usage, 2; a failure, 3; no memory for something, 3. */
#define tool_usage(TOOL, ...) (bel_usage(&(TOOL)->err, __VA_ARGS__), tool_die(TOOL))
#define tool_fail(TOOL, ...) (bel_fail(&(TOOL)->err, __VA_ARGS__), tool_die(TOOL))
#define tool_no_memory(TOOL, WHAT) (bel_err_memory(&(TOOL)->err, WHAT), tool_die(TOOL))

/* A warning: "NAME: text" on stderr; goes on. */
void tool_warn(const struct tool *tool, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Flushes and closes standard output: a full disk is exit 3 with a message, a
 * closed pipe (EPIPE) is quiet and leaves `status` as it was. Returns what main returns.
 */
int tool_finish(struct tool *tool, int status);

#endif
