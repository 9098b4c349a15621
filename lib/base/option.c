/* SPDX-License-Identifier: MIT */
/*
 * option.c: option tables: parsing through getopt_long, and --help.
 */
#include "option.h"

#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "distance.h"
#include "number.h"

enum {
	FIRST_LONG = 256, /* what getopt_long returns for row 0; letters are below */
	HELP_COLUMN = 30,
	LINE_WIDTH = 80,
	LEVEL_MAX = 19, /* zstd's */
	JOBS_MAX = 4096,
};

/* The table in the form that getopt_long needs. */
struct parser {
	const struct bel_command *command;
	struct option *longs; /* one per row, then help, version and the end */
	char *letters;
	int rows;
};

static bool has_long(const struct option *longs, const char *name)
{
	for (; longs->name; longs++)
		if (!strcmp(longs->name, name))
			return true;
	return false;
}

static int parser_init(struct parser *p, const struct bel_command *command, struct bel_err *err)
{
	struct option *end;
	char *letter;

	*p = (struct parser){.command = command};
	while (command->options[p->rows].name)
		p->rows++;
	p->longs = calloc((size_t)p->rows + 3, sizeof(*p->longs));
	p->letters = calloc((size_t)p->rows + 2, 2);
	if (!p->longs || !p->letters)
		return bel_err_memory(err, "options");
	letter = p->letters;
	end = p->longs;
	if (command->ordered)
		*letter++ = '+';
	*letter++ = ':';
	for (int i = 0; i < p->rows; i++) {
		const struct bel_option *row = &command->options[i];

		if (!*row->name)
			continue; /* the title of a group */
		/* An old letter has the long name of the row that it stood in. */
		if (!has_long(p->longs, row->name))
			*end++ = (struct option){row->name,
				row->argument ? required_argument : no_argument, NULL,
				FIRST_LONG + i};
		if (!row->letter)
			continue;
		*letter++ = row->letter;
		if (row->argument)
			*letter++ = ':';
	}
	*end++ = (struct option){"help", no_argument, NULL, FIRST_LONG + p->rows};
	*end = (struct option){"version", no_argument, NULL, FIRST_LONG + p->rows + 1};
	return 0;
}

static void parser_release(struct parser *p)
{
	free(p->longs);
	free(p->letters);
}

static int row_of_letter(const struct parser *p, int letter)
{
	for (int i = 0; i < p->rows; i++) {
		if (p->command->options[i].letter == letter)
			return i;
	}
	return -1;
}

/* The long option that is nearest to a misspelt one; NULL if none is near. */
static const char *similar_long(const struct parser *p, const char *text, size_t length)
{
	const char *found = NULL;
	char word[64];
	size_t least = 2 + length / 3;

	if (length >= sizeof(word))
		return NULL;
	memcpy(word, text, length);
	word[length] = 0;
	for (const struct option *o = p->longs; o->name; o++) {
		const size_t distance = bel_distance(word, o->name), other = strlen(o->name);

		/* Half of the letters must be right. */
		if (distance < least && 2 * distance < (other > length ? other : length)) {
			least = distance;
			found = o->name;
		}
	}
	return found;
}

/* A long option that getopt_long did not accept: unknown or ambiguous. */
static int fail_long(const struct parser *p, const char *text, struct bel_err *err)
{
	const int length = (int)strcspn(text, "=");
	const char *found[2] = {NULL, NULL}, *similar;

	for (const struct option *o = p->longs; o->name && !found[1]; o++) {
		if (length > 2 && !strncmp(o->name, text + 2, (size_t)length - 2))
			found[found[0] != NULL] = o->name;
	}
	if (found[1])
		return bel_usage(err, "ambiguous option '%.*s' (could be --%s or --%s)", length,
			text, found[0], found[1]);
	similar = similar_long(p, text + 2, length > 2 ? (size_t)length - 2 : 0);
	return bel_usage(err, "unknown option '%.*s'%s%s", length, text,
		similar ? ", similar to --" : "", similar ? similar : "");
}

/* Reports what is wrong with an option for which getopt_long returned '?' or ':'. */
static int fail_option(const struct parser *p, char **argv, int answer, struct bel_err *err)
{
	const char *const problem = answer == ':' ? "requires a value" : "takes no value";

	for (const struct option *o = p->longs; optopt >= FIRST_LONG && o->name; o++)
		if (o->val == optopt)
			return bel_usage(err, "option '--%s' %s", o->name, problem);
	if (answer == ':')
		return bel_usage(err, "option '-%c' %s", optopt, problem);
	if (optopt)
		return bel_usage(err, "unknown option '-%c'", optopt);
	return fail_long(p, argv[optind - 1], err);
}

/* A whole number within the bounds of the option's type. */
static int set_number(
	const struct bel_option *row, const char *what, const char *text, struct bel_err *err)
{
	uint64_t value;

	if (bel_parse_number(text, what, &value, err) < 0)
		return BEL_USAGE;
	if (row->type == BEL_OPT_COUNT && !value)
		return bel_usage(err, "%s: must be at least 1", what);
	if (row->type == BEL_OPT_RECORD && value > INT64_MAX)
		return bel_usage(err, "%s: must be at most 2^63 - 1", what);
	if (row->type == BEL_OPT_LEVEL && (!value || value > LEVEL_MAX))
		return bel_usage(err, "%s: must be 1 to %d", what, LEVEL_MAX);
	if (row->type == BEL_OPT_JOBS && (!value || value > JOBS_MAX))
		return bel_usage(err, "%s: must be 1 to %d", what, JOBS_MAX);
	/* For many options this number means that the option was not given. */
	if (value == UINT64_MAX)
		return bel_usage(err, "%s: '%s' is too large", what, text);
	*(uint64_t *)row->value = value;
	return 0;
}

int bel_option_set(const struct bel_option *row, const char *text, struct bel_err *err)
{
	char what[64], *end;
	double real;

	snprintf(what, sizeof(what), "--%s", row->name);
	switch (row->type) {
	case BEL_OPT_FLAG:
		*(bool *)row->value = true;
		return 0;
	case BEL_OPT_TEXT:
		*(const char **)row->value = text;
		return 0;
	case BEL_OPT_NUMBER:
	case BEL_OPT_COUNT:
	case BEL_OPT_RECORD:
	case BEL_OPT_LEVEL:
	case BEL_OPT_JOBS:
		return set_number(row, what, text, err);
	case BEL_OPT_PAGE_SIZE:
		return bel_parse_page_size(text, what, row->value, err);
	case BEL_OPT_REAL:
		real = strtod(text, &end);
		if (end == text || *end || !isfinite(real))
			return bel_usage(err, "%s: '%s' is not a number", what, text);
		*(double *)row->value = real;
		return 0;
	}
	return bel_usage(err, "%s: unknown type in the option table", what);
}

static int parse_all(struct parser *p, int argc, char **argv, struct bel_err *err)
{
	int result = BEL_OPTIONS_RUN;

	optind = 0; /* glibc: start afresh */
	opterr = 0;
	for (;;) {
		int row, r;

		optopt = 0;
		r = getopt_long(argc, argv, p->letters, p->longs, NULL);
		if (r == -1)
			return result;
		if (r == '?' || r == ':')
			return fail_option(p, argv, r, err);
		row = r >= FIRST_LONG ? r - FIRST_LONG : row_of_letter(p, r);
		if (row >= p->rows) {
			/* The first of --help and --version wins; errors are still reported. */
			if (result == BEL_OPTIONS_RUN)
				result = row == p->rows ? BEL_OPTIONS_HELP : BEL_OPTIONS_VERSION;
			continue;
		}
		r = bel_option_set(&p->command->options[row], optarg, err);
		if (r < 0)
			return r;
	}
}

int bel_options_parse(const struct bel_command *command, int argc, char **argv, char ***operands,
	int *count, struct bel_err *err)
{
	struct parser p;
	int r = parser_init(&p, command, err);

	if (!r)
		r = parse_all(&p, argc, argv, err);
	parser_release(&p);
	if (r < 0)
		return r;
	*operands = argv + optind;
	*count = argc - optind;
	return r;
}

/* Bytes of text for a line of `capacity` bytes: all, or up to the last blank that fits. */
static int line_length(const char *text, int capacity)
{
	const int whole = (int)strlen(text);
	int length;

	if (whole <= capacity)
		return whole;
	for (length = capacity; length > 0 && text[length] != ' '; length--)
		continue;
	return length ? length : (int)strcspn(text, " "); /* a longer word stays whole */
}

static void print_row(FILE *stream, const struct bel_option *row)
{
	const char *help = row->help;
	int width;

	width = fprintf(stream, row->letter ? "  -%c, " : "      ", row->letter);
	width += fprintf(stream, "--%s", row->name);
	if (row->argument)
		width += fprintf(stream, "=%s", row->argument);
	if (width > HELP_COLUMN - 2) {
		fputc('\n', stream);
		width = 0;
	}
	for (;;) {
		const int length = line_length(help, LINE_WIDTH - HELP_COLUMN);

		fprintf(stream, "%*s%.*s\n", HELP_COLUMN - width, "", length, help);
		if (!help[length])
			break;
		help += length + 1;
		width = 0;
	}
}

void bel_options_help(const struct bel_command *command, FILE *stream)
{
	static const struct bel_option common[] = {
		{"help", 0, NULL, "print this help and exit", BEL_OPT_FLAG, NULL},
		{"version", 0, NULL, "print the name and version and exit", BEL_OPT_FLAG, NULL},
	};
	const bool groups = command->options->name && !*command->options->name;

	fprintf(stream, "usage: %s %s\n%s\n", command->name, command->synopsis, command->purpose);
	if (command->commands)
		fprintf(stream, "\ncommands:\n%s", command->commands);
	if (!groups)
		fprintf(stream, "\noptions:\n");
	for (const struct bel_option *row = command->options; row->name; row++) {
		if (!*row->name)
			fprintf(stream, "\n%s:\n", row->help);
		else if (row->help)
			print_row(stream, row);
	}
	if (groups)
		fprintf(stream, "\nhelp:\n");
	for (size_t i = 0; i < sizeof(common) / sizeof(*common); i++)
		print_row(stream, &common[i]);
	if (command->examples)
		fprintf(stream, "\nexamples:\n%s", command->examples);
}
