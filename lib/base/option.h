/* SPDX-License-Identifier: MIT */
/*
 * option.h: one table a tool, from which parsing and --help both come.
 *
 *	static const struct bel_option table[] = {
 *		{"policies", 'p', "LIST", "policies to run", BEL_OPT_TEXT, &opt.policies},
 *		{"quiet", 'q', NULL, "no progress line", BEL_OPT_FLAG, &opt.quiet},
 *		{0},
 *	};
 *
 * A row without help is an old spelling: it is accepted and never shown. BEL_OPTION_GROUP("input")
 * begins a group of rows in --help.
 *
 * Values land where `value` points, which the caller has filled with the
 * defaults. GNU rules: --name=value, --name value, -p value, -pvalue, bundled
 * flags, unambiguous prefixes, "--" ends the options; options and operands mix
 * unless `ordered` (then the first operand ends the options: bel-capture).
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
	BEL_OPT_COUNT,     /* the same, at least 1: 0 can stand for "not given" */
	BEL_OPT_SEED,      /* uint64_t *: a number that a record can hold, at most 2^63 - 1 */
	BEL_OPT_LEVEL,     /* uint64_t *: zstd's levels, 1 to 19 */
	BEL_OPT_JOBS,      /* uint64_t *: threads, 1 to 4096 */
	BEL_OPT_PAGE_SIZE, /* unsigned *: bits, bel_parse_page_size */
	BEL_OPT_REAL,      /* double *: finite */
};

struct bel_option {
	const char *name;     /* long name; NULL ends the table */
	char letter;          /* 0: none */
	const char *argument; /* what stands for the argument in --help; NULL for flags */
	const char *help;     /* one sentence, no full stop; wrapped at 80; NULL: an old spelling */
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
	const struct bel_option *options; /* without --help and --version: every tool has them */
	const char *examples;             /* lines; may be NULL */
	bool ordered;                     /* the first operand ends the options */
};

/* What bel_options_parse() found, beside the values. */
enum bel_options_result { BEL_OPTIONS_RUN, BEL_OPTIONS_HELP, BEL_OPTIONS_VERSION };

/*
 * Parses argv; *operands points at argv's operands (argv is permuted), whose
 * number lands in *count. Returns an enum bel_options_result or BEL_USAGE.
 */
int bel_options_parse(const struct bel_command *command, int argc, char **argv, char ***operands,
	int *count, struct bel_err *err);

/* Gives one row its value; `text` is not looked at for flags. BEL_USAGE: it is none. */
int bel_option_set(const struct bel_option *row, const char *text, struct bel_err *err);

/* Prints what --help prints: usage line, purpose, options, examples. */
void bel_options_help(const struct bel_command *command, FILE *stream);

#endif
