/* SPDX-License-Identifier: MIT */
/*
 * visible.h: text that others wrote, made fit to be shown to a person.
 *
 * File names, trace names, parameters and messages may hold any bytes. What would steer a
 * terminal, reorder a line or break it is shown as its bytes, "\x1b": control characters
 * (C0, DEL, and C1 as UTF-8), line separators, marks of writing direction, and what is no
 * UTF-8. Everything else stays as it is. Whoever writes such text for a terminal, for gnuplot,
 * as HTML, LaTeX or Markdown goes through bel_visible_char(); what the target then takes for
 * markup is that writer's affair.
 *
 *	char shown[200];
 *
 *	fprintf(stderr, "%s: no such policy\n", bel_visible_copy(shown, sizeof(shown), name));
 *
 * No function here fails but bel_visible_dup(). Any thread may call them.
 */
#ifndef BEL_VISIBLE_H
#define BEL_VISIBLE_H

#include <stddef.h>
#include <stdio.h>

/* Room for one character as it is shown: four bytes as "\xNN", and the end. */
#define BEL_VISIBLE_CHAR 17

/* Bytes of the well-formed UTF-8 sequence at `text`, 0 if there is none; 1 for the end too. */
size_t bel_utf8_length(const char *text);

/* The first character of a text that is not empty, as it is shown; returns the bytes it took. */
size_t bel_visible_char(const char *text, char visible[static BEL_VISIBLE_CHAR]);

/* The whole text; cut to the room at a whole character. Returns `to`. */
const char *bel_visible_copy(char *to, size_t capacity, const char *text);
void bel_visible_put(FILE *file, const char *text);
/* To be freed; NULL: out of memory. */
char *bel_visible_dup(const char *text);

/*
 * Columns of a terminal that the text takes when it is shown: as the C library's locale C.UTF-8
 * says, or one a character where there is no such locale.
 */
size_t bel_visible_width(const char *text);
/* The same of its first `length` bytes, which end with a character. */
size_t bel_visible_columns(const char *text, size_t length);

#endif
