/* SPDX-License-Identifier: MIT */
/*
 * html.h: words, numbers and sizes as text of HTML, private to lib/report; other foreign text goes
 * through markup.h.
 *
 * Numbers have commas: 40,016,780. Sizes have four digits at most, and the unit: 6.37 MiB. Write
 * errors are found when the file is closed.
 */
#ifndef BEL_HTML_H
#define BEL_HTML_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* A word of a shell's command line, quoted if it needs quotes. */
void bel_html_word(FILE *file, const char *text);

void bel_html_count(FILE *file, uint64_t value);

#define BEL_HTML_SIZE 32 /* bytes that hold any of the texts below */

/* "6.37 MiB", "4 KiB", "812 bytes". Returns `text`. */
const char *bel_html_bytes(char text[static BEL_HTML_SIZE], double bytes);

/* "80 us", "3.4 s", "2.1 hours". Returns `text`. */
const char *bel_html_time(char text[static BEL_HTML_SIZE], double ns);

/* "3.42": three digits that count, without an exponent below 10^15. Returns `text`. */
const char *bel_html_real(char text[static BEL_HTML_SIZE], double value);

#endif
