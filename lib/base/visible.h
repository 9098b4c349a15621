/* SPDX-License-Identifier: MIT */
/*
 * visible.h: makes untrusted text safe to show to a person.
 *
 * File names, trace names, parameters and messages may hold any bytes. Characters that control a
 * terminal, or reorder or break a line, are shown as their bytes, "\x1b": control characters
 * (C0, DEL, and C1 as UTF-8), line separators, direction marks, and bytes that are not valid
 * UTF-8. Everything else is unchanged. Every writer for a terminal, gnuplot, HTML, LaTeX or
 * Markdown uses bel_visible_char(); the writer itself escapes the markup of its target.
 *
 *	char shown[200];
 *
 *	fprintf(stderr, "%s: no such policy\n", bel_visible_copy(shown, sizeof(shown), name));
 *
 * Only bel_visible_dup() can fail. Any thread may call these functions.
 */
#ifndef BEL_VISIBLE_H
#define BEL_VISIBLE_H

#include <stddef.h>
#include <stdio.h>

/* Room for one character as it is shown: four bytes as "\xNN", and the final zero. */
#define BEL_VISIBLE_CHAR 17

/* Length of the valid UTF-8 sequence at `text`; 0: not valid. The final zero byte counts as 1. */
size_t bel_utf8_length(const char *text);

/* The first character of a text, as it is shown; returns its bytes in `text`. Not for "". */
size_t bel_visible_char(const char *text, char visible[static BEL_VISIBLE_CHAR]);

/* The whole text, cut after a whole character if `capacity` is too small. Returns `to`. */
const char *bel_visible_copy(char *to, size_t capacity, const char *text);
void bel_visible_put(FILE *file, const char *text);
/*
 * As bel_visible_copy(), in lines of at most `width` columns, which end between words. What a user
 * may copy stays whole, also if it is longer than a line: a word, what is quoted ('a b'), an option
 * with its value and its command (bel-gen loop -n 10). All lines but the first begin with two
 * blanks. Width 0: one line. No newline at the end.
 */
const char *bel_visible_lines(char *to, size_t capacity, const char *text, size_t width);
/* The caller frees the copy; NULL: out of memory. */
char *bel_visible_dup(const char *text);

/* Characters of the text as it is shown. */
size_t bel_visible_letters(const char *text);

/*
 * Terminal columns of the text as it is shown, according to the C library's locale C.UTF-8.
 * Without that locale, each character counts as one column.
 */
size_t bel_visible_width(const char *text);
/* The same for the first `length` bytes, which must end with a whole character. */
size_t bel_visible_columns(const char *text, size_t length);

#endif
