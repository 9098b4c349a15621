/* SPDX-License-Identifier: MIT */
/*
 * trace_options.h: options and opening of traces, for all tools that read traces.
 *
 *	static struct bel_source_options trace = TRACE_OPTIONS_INIT;
 *	static const struct bel_option options[] = {
 *		{"policies", 'p', ...},
 *		TRACE_OPTIONS(trace),
 *		{0},
 *	};
 *
 *	tool_start(&tool, &command, argc, argv);
 *	source = trace_open(&tool, &trace, trace_operand(&tool));   `--from list` ends here
 *	while ((r = bel_source_next(source, &chunk, &tool.err)) > 0)
 *		...
 *	trace_close(&tool, source);   warns of skipped lines, or that the trace ended early
 *
 * Like all code in cmd, these functions print and exit.
 */
#ifndef BEL_TRACE_OPTIONS_H
#define BEL_TRACE_OPTIONS_H

#include "option_rows.h"
#include "source.h"
#include "tool.h"

/* A size that the user did not give. (0 bits would be one byte.) */
#define TRACE_UNSET 0xffu

/* clang-format would lay out these rows as blocks of statements. */
/* clang-format off */
#define TRACE_OPTIONS_INIT {.page_bits = TRACE_UNSET, .foreign = {.unit_bits = TRACE_UNSET}}

/* For tools that call bel_reduction_scope_check() for each policy and number of frames. */
#define TRACE_OPTIONS_INIT_REDUCED                                                             \
	{.page_bits = TRACE_UNSET, .reduced = true, .foreign = {.unit_bits = TRACE_UNSET}}

/* Rows of the option table; S is the struct bel_source_options, with static storage. */
#define TRACE_OPTIONS(S) TRACE_PAGE_SIZE_OPTION(S), TRACE_FORMAT_OPTIONS(S)

#define TRACE_PAGE_SIZE_OPTION(S)                                                              \
	{"page-size", 0, "SIZE", "count pages of SIZE bytes, a power of two (default: the "    \
		"trace's own page size, else 4KiB)", BEL_OPT_PAGE_SIZE, &(S).page_bits}

/* For tools whose results name the trace. */
#define TRACE_NAME_OPTION(S)                                                                   \
	{"name", 0, "NAME", "name of the trace in records, tables and figures (default: the "  \
		"name stored in it, else its command line, else its file's name)",             \
		BEL_OPT_TEXT, &(S).name}

/* For tools that write a trace from a trace. */
#define TRACE_STORED_NAME_OPTION(S)                                                            \
	{"name", 0, "NAME", "name to store in the trace, for records, tables and figures "     \
		"(default: the name that the trace has)", BEL_OPT_TEXT, &(S).name}

/* For tools that need neither events nor kinds of references. */
#define TRACE_SLICE_OPTION(S)                                                                  \
	{"slice", 0, "PART", "read only a part: 2/8, the second of eight slices, or the "      \
		"references 1M:2M; a file in belady's format is read from there on",           \
		BEL_OPT_TEXT, &(S).slice}

/* For tools that need what is before a slice: trace_refuse_slice() says why. */
#define TRACE_NO_SLICE_OPTION(S) {"slice", 0, "PART", NULL, BEL_OPT_TEXT, &(S).slice}

/*
 * All tools call trace_join() after tool_start(): with --joined, all operands but the first become
 * further files of that trace.
 */
#define TRACE_FORMAT_OPTIONS(S)                                                                \
	{"joined", 0, NULL, "the traces are the parts of one capture, or the logs of its "     \
		"processes: read them as one trace", BEL_OPT_FLAG, &(S).joined},                \
	{"from", 0, "FORMAT", "format of the trace (default: recognised from its contents); "  \
		"'list' prints all formats", BEL_OPT_TEXT, &(S).format},                       \
	{"first-byte", 0, NULL, "count a reference that crosses a page boundary once, at its " \
		"first byte", BEL_OPT_FLAG, &(S).first_byte},                                  \
	{"max-bad", 0, "N", "skip up to N malformed lines of a text trace (default 0)",        \
		BEL_OPT_NUMBER, &(S).foreign.max_bad},                                         \
	{"columns", 0, "MAP", "columns of a csv trace: address=2,kind=1,size=3,...",           \
		BEL_OPT_TEXT, &(S).foreign.columns},                                           \
	{"separator", 0, "CHAR", "separator of csv columns: ; | tab blank ... (default: a "    \
		"comma, or what the first line shows)",                                        \
		BEL_OPT_TEXT, &(S).foreign.separator},                                         \
	{"kinds", 0, "MAP", "kinds of reference in a csv trace: 2a=read,28=write,flush=skip",  \
		BEL_OPT_TEXT, &(S).foreign.kinds},                                             \
	{"unit", 0, "SIZE", "bytes for each page number in the trace (default 4KiB)",          \
		BEL_OPT_PAGE_SIZE, &(S).foreign.unit_bits},                                    \
	{"salvage", 0, NULL, "read a damaged trace up to the damage",                          \
		BEL_OPT_FLAG, &(S).salvage}
/* clang-format on */

void trace_join(struct tool *tool, struct bel_source_options *options);

/* If --slice is given, ends the program: a slice lacks `what`; `instead` says what to use. */
void trace_refuse_slice(struct tool *tool, const struct bel_source_options *options,
	const char *what, const char *instead);

/* For a trace that is made of a slice, or of a file that is one: its head says so. */
void trace_describe_slice(struct bel_trace_info *info, const struct bel_source *source);

/* The one trace named on the command line, or "-"; more than one is wrong usage. */
const char *trace_operand(struct tool *tool);

/* Opens a trace as the options say. Refuses a terminal. Ends the program on errors. */
struct bel_source *trace_open(
	struct tool *tool, const struct bel_source_options *options, const char *path);

/* The same, but returns NULL with tool->err if the trace is bad. Bad options end the program. */
struct bel_source *trace_try(
	struct tool *tool, const struct bel_source_options *options, const char *path);

/*
 * Calls each() for index 0 to count - 1; usually each index is one trace. each() returns a lower
 * limit for the exit status. If the trace is bad it returns a negative number with tool->err; then
 * the error is printed, and the next trace follows. Returns the exit status: the largest limit, or
 * 3 if a trace was bad. If all traces are bad, calls tool_die(), so that an older output file is
 * not replaced.
 */
int trace_runs(struct tool *tool, size_t count,
	int (*each)(struct tool *tool, size_t index, void *host), void *host);

/* The same for the traces that the command line names, or standard input. */
int trace_each(struct tool *tool, int (*each)(struct tool *tool, const char *path, void *host),
	void *host);

/* Opens all operands together as one trace; no operand: "-". */
struct bel_source *trace_open_files(struct tool *tool, const struct bel_source_options *options);

/* Warns of lines that were skipped and of a trace that ended early, then closes it. */
void trace_close(struct tool *tool, struct bel_source *source);

/* With `--to list`, prints the known formats and ends the program. */
void trace_to_list(struct tool *tool, const char *format);

#endif
