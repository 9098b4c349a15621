/* SPDX-License-Identifier: MIT */
/*
 * style.h: the output style of a step table: strings that step_table_print.c puts around each
 * text, and functions where two strings are not enough.
 */
#ifndef BEL_STYLE_H
#define BEL_STYLE_H

#include "step_table.h"

/* The strings are written unchanged; NULL: none. */
struct bel_style_around {
	const char *before, *after;
	unsigned indent; /* columns, for lines after the first */
};

struct bel_style {
	const char *name;
	bool wraps; /* tables are split into blocks with as many columns as fit */
	const char *begin, *end;
	struct bel_style_around heading, paragraph, list, item;
	const char *row_end, *table_end;
	const char *bold, *plain; /* around headings if colour is on */
	/* Writes text with all markup escaped. */
	void (*text)(const struct bel_step_table *table, const char *text, unsigned indent);
	void (*table)(const struct bel_step_table *table, size_t columns); /* may be NULL */
	void (*section)(const struct bel_step_table *table, const char *text, size_t columns);
	void (*row)(const struct bel_step_table *table, const char *label);
	void (*cell)(const struct bel_step_table *table, const char *text, bool strong);
	/* Called after the last row of the head; may be NULL. */
	void (*rule)(const struct bel_step_table *table, size_t columns);
};

extern const struct bel_style bel_style_text, bel_style_markdown, bel_style_html, bel_style_latex;

#endif
