/* SPDX-License-Identifier: MIT */
/*
 * markup.h: foreign text as text of HTML and SVG.
 *
 * The text comes out as bel_visible_char() shows it, with the characters of markup escaped. It is
 * also valid as the value of an attribute in quotes. Write errors are found when the file is closed.
 * Any thread may call these functions.
 */
#ifndef BEL_MARKUP_H
#define BEL_MARKUP_H

#include <stddef.h>
#include <stdio.h>

void bel_markup_text(FILE *file, const char *text);

/* At most `columns` characters; a longer text ends in "..". */
void bel_markup_short(FILE *file, const char *text, size_t columns);

#endif
