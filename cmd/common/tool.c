/* SPDX-License-Identifier: MIT */
/*
 * tool.c: how every tool starts, prints messages and ends.
 */
#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "emit.h"
#include "plugin_guard.h"
#include "terminal_width.h"
#include "visible.h"

/* The Makefile defines it for a build from a repository. */
#ifndef BEL_COMMIT
#define BEL_COMMIT ""
#endif

/* The allocator for records: ends the program before a record can lose a member (emit.h). */
static void *allocate(size_t size)
{
	void *p = malloc(size);

	if (p || !size)
		return p;
	fprintf(stderr, "%s: out of memory for records\n", program_invocation_short_name);
	_exit(-BEL_FAIL);
}

/*
 * Opens descriptors 0, 1 and 2 if they are closed. Otherwise a trace could get one of them, and be
 * overwritten by our output. They are read-only, so that writing to a closed stdout fails. Programs
 * that the tool starts have them closed, as they would have without it.
 */
static void guard_streams(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

static void ignore(int signal_number)
{
	(void)signal_number;
}

/*
 * A file that reaches the limit of `ulimit -f` makes write() fail, as a full disk does. Programs
 * that the tool starts do not inherit a handler, as they would SIG_IGN.
 */
static void outlive_file_limit(void)
{
	const struct sigaction action = {.sa_handler = ignore, .sa_flags = SA_RESTART};
	struct sigaction now;

	if (sigaction(SIGXFSZ, NULL, &now) == 0 && now.sa_handler == SIG_DFL)
		sigaction(SIGXFSZ, &action, NULL);
}

/* Whether standard output failed because its reader has gone. */
static bool reader_gone(void)
{
	struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};

	return ferror(stdout) && poll(&out, 1, 0) == 1 && out.revents & POLLERR;
}

/*
 * Escapes control characters, so that a file name in the text cannot control the terminal. On a
 * terminal, lines end between words, but not inside of commands.
 */
static void say(const struct tool *tool, const char *text)
{
	char line[sizeof(tool->err.text) + 64], shown[6 * sizeof(line)];

	snprintf(line, sizeof(line), "%s: %s", tool->command->name, text);
	/* One write, so that messages of several processes are not mixed. */
	fprintf(stderr, "%s\n",
		bel_visible_lines(shown, sizeof(shown), line, bel_terminal_columns(stderr)));
}

/* The flag of --quiet; NULL: the tool has no such option. */
static const bool *quiet_of(const struct bel_command *command)
{
	for (const struct bel_option *row = command->options; row->name; row++)
		if (!strcmp(row->name, "quiet"))
			return row->value;
	return NULL;
}

void tool_start(struct tool *tool, const struct bel_command *command, int argc, char **argv)
{
	int r;

	*tool = (struct tool){.command = command};
	guard_streams();
	outlive_file_limit();
	bel_emit_allocator(allocate);
	r = bel_options_parse(command, argc, argv, &tool->operands, &tool->count, &tool->err);
	tool_check(tool, r);
	if (r == BEL_OPTIONS_RUN)
		return;
	if (r == BEL_OPTIONS_HELP)
		bel_options_help(command, stdout);
	else
		printf("%s (belady) %s\n%s", command->name, BEL_VERSION,
			*BEL_COMMIT ? "built from commit " BEL_COMMIT "\n" : "");
	exit(tool_finish(tool, 0));
}

void tool_die(struct tool *tool)
{
	plugin_guard_end();
	/* A reader that closes the pipe has read enough, so this is no failure. */
	if (tool->err.error == EPIPE || reader_gone())
		exit(0);
	say(tool, tool->err.text);
	if (tool->err.code == BEL_USAGE && !tool->reading)
		fprintf(stderr, "try '%s --help'\n", tool->command->name);
	fflush(NULL);
	exit(tool->err.code < 0 ? -tool->err.code : -BEL_FAIL);
}

void tool_check(struct tool *tool, int r)
{
	if (r < 0)
		tool_die(tool);
}

static void say_words(const struct tool *tool, const char *format, va_list args)
{
	char text[sizeof(tool->err.text)];

	vsnprintf(text, sizeof(text), format, args);
	say(tool, text);
}

void tool_warn(const struct tool *tool, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say_words(tool, format, args);
	va_end(args);
}

void tool_note(const struct tool *tool, const char *format, ...)
{
	const bool *const quiet = quiet_of(tool->command);
	va_list args;

	if (quiet && *quiet)
		return;
	va_start(args, format);
	say_words(tool, format, args);
	va_end(args);
}

int tool_finish(struct tool *tool, int status)
{
	/* If an earlier write failed, and nothing was left to flush. */
	const int before = ferror(stdout) ? errno : 0;
	int error;

	plugin_guard_end();
	errno = 0;
	if (!fflush(stdout) && !ferror(stdout) && !fclose(stdout))
		return status;
	error = errno ? errno : before ? before : EIO;
	if (error == EPIPE || reader_gone())
		return status;
	bel_fail_errno(&tool->err, error, "standard output: cannot write");
	tool_die(tool);
}
