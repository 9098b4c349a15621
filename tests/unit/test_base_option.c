/* SPDX-License-Identifier: MIT */
/* test_base_option.c: option tables: GNU rules, messages, --help. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "option.h"

static struct {
	bool quiet, first;
	const char *out, *from;
	uint64_t number;
	unsigned page_bits;
	double alpha;
} got;

static const struct bel_option table[] = {
	{"quiet", 'q', NULL, "no words", BEL_OPT_FLAG, &got.quiet},
	{"first-byte", 'f', NULL, "first bytes only, which is a help text longer than one line",
		BEL_OPT_FLAG, &got.first},
	{"output", 'o', "FILE", "where to", BEL_OPT_TEXT, &got.out},
	{"from", 0, "FORMAT", "where from", BEL_OPT_TEXT, &got.from},
	{"number", 'n', "N", "how many", BEL_OPT_NUMBER, &got.number},
	{"page-size-with-a-long-name", 0, "SIZE", "bytes", BEL_OPT_PAGE_SIZE, &got.page_bits},
	{"alpha", 0, "A", "exponent", BEL_OPT_REAL, &got.alpha},
	{"count", 0, "N", "at least one", BEL_OPT_COUNT, &got.number},
	{"seed", 0, "N", "random numbers", BEL_OPT_RECORD, &got.number},
	{"level", 0, "N", "compression", BEL_OPT_LEVEL, &got.number},
	{"jobs", 'j', "N", "threads", BEL_OPT_JOBS, &got.number},
	{"jobs", 'J', "N", NULL, BEL_OPT_JOBS, &got.number},
	{"source-format", 0, "FORMAT", NULL, BEL_OPT_TEXT, &got.from},
	{0},
};

static struct bel_command command = {
	.name = "bel-test",
	.synopsis = "[OPTION...] [TRACE...]",
	.purpose = "Tests.",
	.options = table,
	.examples = "  bel-test -q\n",
};

static char **operands;
static int count;
static struct bel_err err;

/* Parses "bel-test" and the words given, which may be permuted. */
#define parse(...) parse_words((char *[]){(char *)"bel-test", __VA_ARGS__ __VA_OPT__(, ) NULL})

static int parse_words(char **argv)
{
	int argc = 0;

	while (argv[argc])
		argc++;
	memset(&got, 0, sizeof(got));
	return bel_options_parse(&command, argc, argv, &operands, &count, &err);
}

static void test_values(void **state)
{
	(void)state;
	assert_int_equal(parse("a", "-qn4k", "--output=x.bel", "b", "--alpha", "0.5"), 0);
	assert_true(got.quiet);
	assert_false(got.first);
	assert_int_equal(got.number, 4096);
	assert_string_equal(got.out, "x.bel");
	assert_true(got.alpha == 0.5);
	assert_int_equal(count, 2);
	assert_string_equal(operands[0], "a");
	assert_string_equal(operands[1], "b");

	assert_int_equal(parse("--page=16k", "-o", "-", "--", "-q"), 0);
	assert_int_equal(got.page_bits, 14);
	assert_string_equal(got.out, "-");
	assert_false(got.quiet);
	assert_int_equal(count, 1);
	assert_string_equal(operands[0], "-q");

	assert_int_equal(parse("-"), 0);
	assert_int_equal(count, 1);
	assert_string_equal(operands[0], "-");
}

static void test_ordered(void **state)
{
	(void)state;
	command.ordered = true;
	assert_int_equal(parse("-q", "ls", "-f"), 0);
	command.ordered = false;
	assert_true(got.quiet);
	assert_false(got.first);
	assert_int_equal(count, 2);
	assert_string_equal(operands[1], "-f");
}

static void test_help_and_version(void **state)
{
	(void)state;
	assert_int_equal(parse("--help"), BEL_OPTIONS_HELP);
	assert_int_equal(parse("--vers", "--help"), BEL_OPTIONS_VERSION);
	assert_int_equal(parse("--help", "--nonsense"), BEL_USAGE);
}

static void test_messages(void **state)
{
	(void)state;
#define says(TEXT, ...)                                                                            \
	do {                                                                                       \
		assert_int_equal(parse(__VA_ARGS__), BEL_USAGE);                                   \
		assert_string_equal(err.text, TEXT);                                               \
	} while (0)
	says("unknown option '--nonsense'", "--nonsense=3");
	says("unknown option '-z'", "-qz");
	says("unknown option '--form', similar to --from", "--form=bel");
	says("unknown option '--tuo'", "--tuo");
	says("unknown option '--nubmer', similar to --number", "--nubmer");
	says("unknown option '--numbers', similar to --number", "--numbers");
	says("unknown option '--firstbytes', similar to --first-byte", "--firstbytes");
	says("ambiguous option '--f' (could be --first-byte or --from)", "--f");
	says("option '--from' requires a value", "--from");
	says("option '-o' requires a value", "-o");
	says("option '--quiet' takes no value", "--quiet=yes");
	says("--number: 'many' is not a whole number", "-n", "many");
	says("--count: must be at least 1", "--count=0");
	says("--count: 'x' is not a whole number", "--count=x");
	says("--seed: must be at most 2^63 - 1", "--seed=0x8000000000000000");
	says("--level: must be 1 to 19", "--level=20");
	says("--level: must be 1 to 19", "--level=0");
	says("--jobs: must be 1 to 4096", "-j4097");
	says("--jobs: must be 1 to 4096", "-J0");
	says("option '--source-format' requires a value", "--source-format");
	says("--alpha: '1x' is not a number", "--alpha=1x");
	says("--alpha: 'inf' is not a number", "--alpha=inf");
	says("--page-size-with-a-long-name: '3' is not a power of two", "--page=3");
}

/* Rows without help: other names and letters of options, which no text shows. */
static void test_old_spellings(void **state)
{
	(void)state;
	assert_int_equal(parse("--source-format", "din", "-J", "3"), 0);
	assert_string_equal(got.from, "din");
	assert_int_equal(got.number, 3);
	assert_int_equal(parse("--job=4"), 0);
	assert_int_equal(got.number, 4);
	assert_int_equal(parse("--seed", "0x7fffffffffffffff"), 0);
	assert_true(got.number == INT64_MAX);
}

static char *help_of(const struct bel_command *of)
{
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	assert_non_null(stream);
	bel_options_help(of, stream);
	fclose(stream);
	return text;
}

static void test_groups(void **state)
{
	static const struct bel_option rows[] = {
		BEL_OPTION_GROUP("input"),
		{"from", 0, "FORMAT", "where from", BEL_OPT_TEXT, &got.from},
		BEL_OPTION_GROUP("output"),
		{"quiet", 'q', NULL, "no words", BEL_OPT_FLAG, &got.quiet},
		{0},
	};
	const struct bel_command groups = {.name = "bel-test",
		.synopsis = "[OPTION...]",
		.purpose = "Tests.",
		.options = rows};
	char *words[] = {(char *)"bel-test", (char *)"-q", (char *)"--from=x", NULL};
	char *text = help_of(&groups);

	(void)state;
	assert_string_equal(text,
		"usage: bel-test [OPTION...]\n"
		"Tests.\n"
		"\n"
		"input:\n"
		"      --from=FORMAT           where from\n"
		"\n"
		"output:\n"
		"  -q, --quiet                 no words\n"
		"\n"
		"help:\n"
		"      --help                  print this help and exit\n"
		"      --version               print the name and version and exit\n");
	free(text);
	memset(&got, 0, sizeof(got));
	assert_int_equal(bel_options_parse(&groups, 3, words, &operands, &count, &err), 0);
	assert_true(got.quiet);
	assert_string_equal(got.from, "x");
}

static void test_help_text(void **state)
{
	static const char expected[] =
		"usage: bel-test [OPTION...] [TRACE...]\n"
		"Tests.\n"
		"\n"
		"options:\n"
		"  -q, --quiet                 no words\n"
		"  -f, --first-byte            first bytes only, which is a help text longer than\n"
		"                              one line\n"
		"  -o, --output=FILE           where to\n"
		"      --from=FORMAT           where from\n"
		"  -n, --number=N              how many\n"
		"      --page-size-with-a-long-name=SIZE\n"
		"                              bytes\n"
		"      --alpha=A               exponent\n"
		"      --count=N               at least one\n"
		"      --seed=N                random numbers\n"
		"      --level=N               compression\n"
		"  -j, --jobs=N                threads\n"
		"      --help                  print this help and exit\n"
		"      --version               print the name and version and exit\n"
		"\n"
		"examples:\n"
		"  bel-test -q\n";
	char *text = help_of(&command);

	(void)state;
	assert_string_equal(text, expected);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_ordered),
		cmocka_unit_test(test_help_and_version),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_old_spellings),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_help_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
