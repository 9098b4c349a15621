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
	bool wraps;       /* tables are split into blocks with as many columns as fit */
	unsigned line;    /* characters of a line, if the caller gives none */
	unsigned unit;    /* units of width for each character; 1: a terminal */
	unsigned gap;     /* units between two cells */
	unsigned blank;   /* units of a cell to fill in; 0: as wide as its answer */
	const char *fill; /* what students do with the blanks: "Replace each _" */
	/* Units that a cell takes; NULL: the columns of a terminal. */
	size_t (*units)(const char *text);
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
	/* A cell to fill in, in the row `label`; code: of the right answer, or "". */
	void (*answer)(const struct bel_step_table *table, const char *label, size_t now,
		const char *code);
	/* A line of a sheet's head; value NULL: the student writes it. */
	void (*field)(const struct bel_step_table *table, const char *label, const char *value);
	/* Called after the last row of the head; may be NULL. */
	void (*rule)(const struct bel_step_table *table, size_t columns);
	/* At the end of a quiz; may be NULL. */
	void (*form)(const struct bel_step_table *table);
};

/* html_form.c */
void bel_html_form(const struct bel_step_table *table);

extern const struct bel_style bel_style_text, bel_style_markdown, bel_style_html, bel_style_latex;

#endif
