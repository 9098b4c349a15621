/* SPDX-License-Identifier: MIT */
/* test_html.c: text, numbers and sizes as text of HTML, worked by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "html.h"
#include "markup.h"

/* What a function writes. */
#define WRITES(WANT, CALL)                                                                         \
	do {                                                                                       \
		char *text = NULL;                                                                 \
		size_t length;                                                                     \
		FILE *const file = open_memstream(&text, &length);                                 \
                                                                                                   \
		assert_non_null(file);                                                             \
		CALL;                                                                              \
		fclose(file);                                                                      \
		assert_string_equal(text, WANT);                                                   \
		free(text);                                                                        \
	} while (0)

static void markup_is_escaped(void **state)
{
	(void)state;
	WRITES("", bel_markup_text(file, ""));
	WRITES("&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt; &amp;amp;",
		bel_markup_text(file, "<b a=\"1\" c='2'> &amp;"));
	WRITES("\\x1b[31m\\x0a", bel_markup_text(file, "\x1b[31m\n"));
	/* Right-to-left override, a byte that is not UTF-8, and letters that are. */
	WRITES("\\xe2\\x80\\xae \\xff \xc3\xa9", bel_markup_text(file, "\u202e \xff \u00e9"));
	WRITES("abcd", bel_markup_short(file, "abcd", 4));
	WRITES("ab..", bel_markup_short(file, "abcde", 4));
	WRITES("&lt;&lt;..", bel_markup_short(file, "<<<<<", 4));
}

static void words_are_quoted_for_a_shell(void **state)
{
	char word[300], want[310];

	(void)state;
	memset(word, '$', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	snprintf(want, sizeof(want), "&#39;%s&#39;", word);
	WRITES("a/b-c_1.bel", bel_html_word(file, "a/b-c_1.bel"));
	WRITES("&#39;&#39;", bel_html_word(file, ""));
	WRITES("&#39;a b$c&#39;", bel_html_word(file, "a b$c"));
	/* 'it'\''s' */
	WRITES("&#39;it&#39;\\&#39;&#39;s&#39;", bel_html_word(file, "it's"));
	/* Longer than the pieces in which it is written: 299 letters in two quotes of 5. */
	WRITES(want, bel_html_word(file, word));
}

static void numbers_have_commas_and_units(void **state)
{
	char text[BEL_HTML_SIZE];

	(void)state;
	WRITES("0", bel_html_count(file, 0));
	WRITES("999", bel_html_count(file, 999));
	WRITES("1,000", bel_html_count(file, 1000));
	WRITES("18,446,744,073,709,551,615", bel_html_count(file, UINT64_MAX));
	assert_string_equal(bel_html_real(text, 0), "0");
	assert_string_equal(bel_html_real(text, 2), "2");
	assert_string_equal(bel_html_real(text, 2.5), "2.5");
	assert_string_equal(bel_html_real(text, 3.14159), "3.14");
	assert_string_equal(bel_html_real(text, 31.4159), "31.4");
	assert_string_equal(bel_html_real(text, 100), "100");
	assert_string_equal(bel_html_real(text, 99.96), "100");
	assert_string_equal(bel_html_real(text, 0.25), "0.25");
	assert_string_equal(bel_html_real(text, 0.01234), "0.0123");
	assert_string_equal(bel_html_bytes(text, 812), "812 bytes");
	assert_string_equal(bel_html_bytes(text, 4096), "4 KiB");
	assert_string_equal(bel_html_bytes(text, 1630 * 4096.0), "6.37 MiB"); /* 6.3671875 */
	assert_string_equal(bel_html_time(text, 0), "0");
	assert_string_equal(bel_html_time(text, 80e3), "80 us");
	assert_string_equal(bel_html_time(text, 12.7e6), "12.7 ms");
	assert_string_equal(bel_html_time(text, 90e9), "1.5 minutes");
	assert_string_equal(bel_html_time(text, 48 * 3600e9), "2 days");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(markup_is_escaped),
		cmocka_unit_test(words_are_quoted_for_a_shell),
		cmocka_unit_test(numbers_have_commas_and_units),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
