/* SPDX-License-Identifier: MIT */
/*
 * style.h: how a step table is written down: what step_table_print.c puts around each piece of
 * text, and, where that takes more than two strings, a function for it.
 */
#ifndef BEL_STYLE_H
#define BEL_STYLE_H

#include "step_table.h"

/* Strings are written as they are; those that are NULL, not at all. */
struct bel_style_around {
	const char *before, *after;
	unsigned indent; /* columns, for lines after the first */
};

struct bel_style {
	const char *name;
	bool wraps; /* tables come in blocks of as many columns as fit */
	const char *begin, *end;
	struct bel_style_around heading, paragraph, list, item;
	const char *row_end, *table_end;
	const char *bold, *plain; /* around headings where there is colour */
	/* Writes text so that it reads as itself. */
	void (*text)(const struct bel_step_table *table, const char *text, unsigned indent);
	void (*table)(const struct bel_step_table *table, size_t columns); /* may be NULL */
	void (*section)(const struct bel_step_table *table, const char *text, size_t columns);
	void (*row)(const struct bel_step_table *table, const char *label);
	void (*cell)(const struct bel_step_table *table, const char *text, bool strong);
	/* After the last row of the head; may be NULL. */
	void (*rule)(const struct bel_step_table *table, size_t columns);
};

extern const struct bel_style bel_style_text, bel_style_markdown, bel_style_html, bel_style_latex;

#endif
