/* SPDX-License-Identifier: MIT */
/*
 * option.h: one table per tool; parsing and --help both use it.
 *
 *	static const struct bel_option table[] = {
 *		{"policies", 'p', "LIST", "policies to run", BEL_OPT_TEXT, &opt.policies},
 *		{"quiet", 'q', NULL, "no progress line", BEL_OPT_FLAG, &opt.quiet},
 *		{0},
 *	};
 *
 * A row without help is accepted and never shown: the tool says why it refuses it. BEL_OPTION_GROUP("input")
 * begins a group of rows in --help.
 *
 * Values are stored where `value` points; the caller puts the defaults there first. GNU rules:
 * --name=value, --name value, -p value, -pvalue, bundled flags, unambiguous prefixes, "--" ends
 * the options. Options and operands may be mixed, except if `ordered`: then the first operand ends
 * the options (bel-capture).
 */
#ifndef BEL_OPTION_H
#define BEL_OPTION_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "err.h"

enum bel_option_type {
	BEL_OPT_FLAG,      /* bool *: set to true */
	BEL_OPT_TEXT,      /* const char **: points into argv */
	BEL_OPT_NUMBER,    /* uint64_t *: bel_parse_number */
	BEL_OPT_COUNT,     /* the same, at least 1, so the default 0 can mean "not given" */
	BEL_OPT_RECORD,    /* uint64_t *: a number that a record can hold, at most 2^63 - 1 */
	BEL_OPT_LEVEL,     /* uint64_t *: compression level of zstd, 1 to 19 */
	BEL_OPT_JOBS,      /* uint64_t *: threads, 1 to 4096 */
	BEL_OPT_PAGE_SIZE, /* unsigned *: bits, bel_parse_page_size */
	BEL_OPT_REAL,      /* double *: finite */
};

struct bel_option {
	const char *name;     /* long name; NULL ends the table */
	char letter;          /* 0: none */
	const char *argument; /* the argument's placeholder in --help; NULL for flags */
	const char *help;     /* one sentence, no full stop; wrapped at 80; NULL: not shown */
	enum bel_option_type type;
	void *value;
};

/* A row that begins a group in --help. */
/* clang-format off */
#define BEL_OPTION_GROUP(TITLE) {"", 0, NULL, TITLE, BEL_OPT_FLAG, NULL}
/* clang-format on */

struct bel_command {
	const char *name;                 /* "bel-sim" */
	const char *synopsis;             /* "[OPTION...] [TRACE...]" */
	const char *purpose;              /* one sentence */
	const struct bel_option *options; /* without --help and --version, which are added */
	const char *examples;             /* lines; may be NULL */
	const char *commands;             /* lines "  NAME  PURPOSE"; NULL: the tool has none */
	bool ordered;                     /* the first operand ends the options */
};

/* What the tool should do next. */
enum bel_options_result { BEL_OPTIONS_RUN, BEL_OPTIONS_HELP, BEL_OPTIONS_VERSION };

/*
 * Parses argv. *operands points at the operands in argv, which is permuted;
 * *count is their number. Returns an enum bel_options_result or BEL_USAGE.
 */
int bel_options_parse(const struct bel_command *command, int argc, char **argv, char ***operands,
	int *count, struct bel_err *err);

/* Gives one row its value; `text` is ignored for flags. BEL_USAGE: the value is invalid. */
int bel_option_set(const struct bel_option *row, const char *text, struct bel_err *err);

/* Prints the text of --help: usage line, purpose, options, examples. */
void bel_options_help(const struct bel_command *command, FILE *stream);

#endif
