/* SPDX-License-Identifier: MIT */
/*
 * quote.h: writes texts as strings of gnuplot. Every text in a script must go through it.
 *
 * In double quotes gnuplot interprets backslashes, backquotes run commands, and @ names macros. In
 * single quotes gnuplot 5.4 misreads two quotes in a row. So we use double quotes and write every
 * dangerous character as an octal escape. A digit after an escape is escaped too, because gnuplot
 * reads more than three digits. The owner of the file checks for write errors.
 */
#ifndef BEL_QUOTE_H
#define BEL_QUOTE_H

#include <stdio.h>

/* Text for people (visible.h). */
void bel_quote_text(FILE *file, const char *text);

/* The same for a tick label, where gnuplot would interpret %. */
void bel_quote_tick(FILE *file, const char *text);

/* The same two for pictures whose text LaTeX sets: it takes no character for a command. */
void bel_quote_latex(FILE *file, const char *text);
void bel_quote_latex_tick(FILE *file, const char *text);

/* The name of an output file, exact to the byte, never interpreted as a pipe. */
void bel_quote_path(FILE *file, const char *path);

#endif
