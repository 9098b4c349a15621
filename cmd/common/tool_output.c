/* SPDX-License-Identifier: MIT */
/* tool_output.c: the output of a tool. */
#include "tool_output.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mark_list.h"

static struct bel_outfile out;
static struct bel_emit *emit;
static struct bel_emit_notes notes;

/* At exit: removes output that was not committed. */
static void abandon(void)
{
	bel_outfile_abandon(&out);
}

/* The temporary file has a name only if the file system does not support nameless files. */
static void end_by_signal(int signal_number)
{
	if (out.temp)
		unlink(out.temp);
	raise(signal_number); /* its action is the default again (SA_RESETHAND) */
}

void output_guard(int signal_number)
{
	const struct sigaction action = {
		.sa_handler = end_by_signal,
		.sa_flags = (int)SA_RESETHAND | SA_NODEFER,
	};

	sigaction(signal_number, &action, NULL);
}

/* Leaves alone signals that the caller ignores (nohup) or that the tool handles. */
static void guard_all(void)
{
	static const int signals[] = {SIGHUP, SIGINT, SIGTERM};
	struct sigaction now;

	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		if (sigaction(signals[i], NULL, &now) == 0 && now.sa_handler == SIG_DFL)
			output_guard(signals[i]);
}

/* From now on, every end of the program removes output that was not committed. */
static void prepare(void)
{
	static bool prepared;

	if (prepared)
		return;
	prepared = true;
	atexit(abandon);
	guard_all();
}

struct bel_outfile *output_open(struct tool *tool, const char *path)
{
	prepare();
	tool_check(tool, bel_outfile_open(&out, path, &tool->err));
	return &out;
}

struct bel_outfile *output_create(struct tool *tool, const char *path)
{
	prepare();
	tool_check(tool, bel_outfile_create(&out, path, &tool->err));
	return &out;
}

struct bel_emit *output_records(
	struct tool *tool, const char *path, const char *format, const char *const *columns)
{
	enum bel_emit_format parsed;

	tool_check(tool, bel_emit_format_parse(format, &parsed, &tool->err));
	output_open(tool, path);
	tool_check(tool, bel_emit_open(&emit, out.file, parsed, columns, &tool->err));
	bel_emit_tell(emit, &notes);
	return emit;
}

struct bel_outfile *output_trace(struct tool *tool, const char *path, const char *format)
{
	const bool binary = !format || !strcmp(format, "bel");

	output_open(tool, path);
	if (binary && isatty(fileno(out.file)))
		tool_usage(
			tool, "a trace is binary and not for a terminal: give -o FILE or a pipe");
	return &out;
}

void output_commit(struct tool *tool)
{
	tool_check(tool, bel_emit_close(emit, &tool->err));
	emit = NULL;
	tool_check(tool, bel_outfile_commit(&out, &tool->err));
	if (notes.columns)
		tool_note(tool,
			"%zu column%s not fit on the terminal (%s): --format jsonl has all members",
			notes.columns, notes.columns == 1 ? " does" : "s do", notes.names);
}

void output_tell_marks(const struct tool *tool, const struct bel_marks *marks)
{
	if (marks->all > marks->count)
		tool_note(tool, "%zu of %llu marks are listed", marks->count,
			(unsigned long long)marks->all);
}

const struct bel_emit_notes *output_notes(void)
{
	return &notes;
}
