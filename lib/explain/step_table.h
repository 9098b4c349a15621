/* SPDX-License-Identifier: MIT */
/*
 * step_table.h: explanations as the step tables of textbooks: a column a reference, a row a
 * frame; as text, Markdown, HTML or LaTeX, with the answers or to be filled in.
 *
 *	struct bel_step_table table = {.file = stdout, .width = 80};
 *
 *	table.style = bel_style_find("text");
 *	bel_step_table_print(&table, explain, count);
 *
 * Wide tables are wrapped into blocks of columns, but in HTML. Write errors stay
 * in the file for its owner to find.
 */
#ifndef BEL_STEP_TABLE_H
#define BEL_STEP_TABLE_H

#include <stdio.h>

#include "explain.h"

#define BEL_STEP_TABLE_CELL 64 /* the longest text of a cell, cut beyond */

enum bel_row_type {
	BEL_ROW_TIME,
	BEL_ROW_PAGE,
	BEL_ROW_FRAME,  /* from here on: what a student fills in */
	BEL_ROW_FAULT,  /* F or H */
	BEL_ROW_LEAVES, /* the pages that left */
	BEL_ROW_NEXT,   /* who would leave: first, second, ... */
};

struct bel_row {
	enum bel_row_type type;
	uint32_t index; /* of a frame, of a place in the order */
};

struct bel_style;

struct bel_step_table {
	FILE *file;
	const struct bel_style *style;
	unsigned width; /* columns of characters that text may take */
	bool quiz;      /* leave the answers out */
	bool brief;     /* neither the order nor the reasons */
	bool together;  /* all policies below one row of references */
	bool colour;
	unsigned label_width, cell_width; /* set by bel_step_table_print() */
};

/* "text", "markdown", "html", "latex"; NULL: there is no such style. */
const struct bel_style *bel_style_find(const char *name);

void bel_step_table_print(
	struct bel_step_table *table, const struct bel_explain *explain, size_t count);

/* Row `index` of an explanation's table from BEL_ROW_FRAME on; false past the last. */
bool bel_step_table_row(
	const struct bel_explain *explain, bool with_order, size_t index, struct bel_row *row);

/* What stands before a row, and in it; cut to BEL_STEP_TABLE_CELL. */
void bel_step_table_label(const struct bel_row *row, char *text);
void bel_step_table_cell(
	const struct bel_explain *explain, const struct bel_row *row, size_t now, char *text);

#endif
