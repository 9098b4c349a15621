/* SPDX-License-Identifier: MIT */
/*
 * quote.h: texts as gnuplot's strings: the only way for any text into a script.
 *
 * In double quotes gnuplot knows backslashes, backquotes run commands, and @ names macros; in
 * single quotes 5.4 misreads two quotes in a row. So every character that could be any of these
 * is written as an octal escape, in double quotes, and a digit behind one too, because gnuplot
 * takes more than three. Write errors are left to the file's owner.
 */
#ifndef BEL_QUOTE_H
#define BEL_QUOTE_H

#include <stdio.h>

/* Text to be read by people (visible.h). */
void bel_quote_text(FILE *file, const char *text);

/* The same for a tick, where gnuplot would take % for a format; cut where it is long. */
void bel_quote_tick(FILE *file, const char *text);

/* The name of a file to write, to the byte, and never a pipe. */
void bel_quote_path(FILE *file, const char *path);

#endif
