/* SPDX-License-Identifier: MIT */
/*
 * text_look.h: what the start of a text looks like: words a line, and which words are numbers.
 *
 * For the probes of formats whose lines hold numbers. Words end at blanks, tabs, commas and
 * newlines. '#' and "//" start a comment. A last line that may be cut is left out, unless it is
 * the only one.
 *
 *	struct bel_text_look look = bel_text_look(probe, BEL_TEXT_ALL_COLUMNS);
 *
 *	if (look.columns_max == 1 && look.decimal == look.words) ... one decimal number a line
 *
 * Private to lib/trace.
 */
#ifndef BEL_TEXT_LOOK_H
#define BEL_TEXT_LOOK_H

#include "text.h"

#define BEL_TEXT_ALL_COLUMNS UINT32_MAX

struct bel_text_look {
	/* Of lines that hold a word; at most 1000 are looked at. */
	unsigned lines;
	unsigned columns_min, columns_max;
	unsigned columns_first;   /* of the first line */
	unsigned columns_least;   /* of all but the last line; 0: there is one line */
	unsigned continued_lines; /* lines that end with a comma */
	unsigned marked_lines;    /* lines of two words, a number and behind it a mark */
	unsigned marks_first;     /* lines whose first word is a mark */

	/* Words in the column that was asked for, or in all. Every word is one of these. */
	unsigned words;
	unsigned decimal;  /* digits alone */
	unsigned prefixed; /* hexadecimal with 0x */
	unsigned hex;      /* hexadecimal without 0x, and a letter in it; at least two digits */
	unsigned wide;     /* a number that is negative, or needs more than 64 bits */
	unsigned marks;    /* a lone r, R, w or W */
	unsigned attached; /* a number and one of these letters: "7w" */
	unsigned letters;  /* any other lone letter */
	unsigned stars;    /* a lone * */
	unsigned others;

	unsigned zeros;   /* of `decimal`: at least four digits, the first of them 0 */
	unsigned commas;  /* in all columns */
	uint64_t largest; /* of the numbers */
};

/* `column` from 0, or BEL_TEXT_ALL_COLUMNS. */
struct bel_text_look bel_text_look(const struct bel_probe *probe, uint32_t column);

/* Words that are a number of some kind, be it too large. */
static inline unsigned bel_text_look_numbers(const struct bel_text_look *look)
{
	return look->decimal + look->prefixed + look->wide + look->attached;
}

/* Whether every line has the same number of words, above one; a last line may have fewer. */
bool bel_text_look_is_table(const struct bel_text_look *look);

/* Whether some number must be hexadecimal, as addresses are written. */
static inline bool bel_text_look_is_hex(const struct bel_text_look *look)
{
	return look->hex + look->prefixed + look->zeros > 0;
}

/* As addresses, smaller numbers would be one page of 4 KiB; page numbers often are as small. */
#define BEL_TEXT_SMALL UINT64_C(4096)

#endif
