/* SPDX-License-Identifier: MIT */
/*
 * text_look.h: statistics of the start of a text: words per line, and which words are numbers.
 *
 * For the probes of formats whose lines are numbers. Words end at blanks, tabs, commas and
 * newlines. '#' and "//" start a comment. A last line that may be cut is ignored, unless it is
 * the only one.
 *
 *	struct bel_text_look look = bel_text_look(probe, BEL_TEXT_ALL_COLUMNS);
 *
 *	if (look.columns_max == 1 && look.decimal == look.words) ... one decimal number per line
 *
 * Private to lib/formats.
 */
#ifndef BEL_TEXT_LOOK_H
#define BEL_TEXT_LOOK_H

#include "text.h"

#define BEL_TEXT_ALL_COLUMNS UINT32_MAX

struct bel_text_look {
	/* Counts of lines that have a word; at most 1000 are read. */
	unsigned lines;
	unsigned columns_min, columns_max;
	unsigned columns_first;   /* of the first line */
	unsigned columns_least;   /* minimum without the last line; 0: there is only one line */
	unsigned continued_lines; /* lines that end with a comma */
	unsigned marked_lines;    /* lines of two words: a number, then a mark */
	unsigned marks_first;     /* lines whose first word is a mark */

	/* Words in the chosen column, or in all. Each word is counted in one of these members. */
	unsigned words;
	unsigned decimal;  /* only digits */
	unsigned prefixed; /* hexadecimal with 0x */
	unsigned hex;      /* hexadecimal without 0x, with a letter; at least two digits */
	unsigned wide;     /* a number that is negative or needs more than 64 bits */
	unsigned marks;    /* a single r, R, w or W */
	unsigned attached; /* a number with a mark attached: "7w" */
	unsigned letters;  /* any other single letter */
	unsigned stars;    /* a single * */
	unsigned others;

	unsigned zeros;   /* part of `decimal`: at least four digits, the first of them 0 */
	unsigned commas;  /* in all columns */
	uint64_t largest; /* of the numbers */
};

/* `column` from 0, or BEL_TEXT_ALL_COLUMNS. */
struct bel_text_look bel_text_look(const struct bel_probe *probe, uint32_t column);

/* Words that are a number without hexadecimal letters, or with 0x; also if it is too large. */
static inline unsigned bel_text_look_numbers(const struct bel_text_look *look)
{
	return look->decimal + look->prefixed + look->wide + look->attached;
}

/* Whether all lines have the same number of words, more than one; the last may have fewer. */
bool bel_text_look_is_table(const struct bel_text_look *look);

/* Whether a number is surely hexadecimal, as addresses are written. */
static inline bool bel_text_look_is_hex(const struct bel_text_look *look)
{
	return look->hex + look->prefixed + look->zeros > 0;
}

/* Smaller numbers are probably page numbers: as addresses, all would be in one page of 4 KiB. */
#define BEL_TEXT_SMALL UINT64_C(4096)

#endif
