/* SPDX-License-Identifier: MIT */
/*
 * sheet.h: explanations as the step tables of textbooks: a column a reference, a row a
 * frame; as text, Markdown, HTML or LaTeX, with the answers or to be filled in.
 *
 *	struct bel_sheet sheet = {.file = stdout, .style = bel_style_find("text"), .width = 80};
 *
 *	bel_sheet_print(&sheet, explain, count);
 *
 * Wide tables are wrapped into blocks of columns, but in HTML. Write errors stay
 * in the file for its owner to find.
 */
#ifndef BEL_SHEET_H
#define BEL_SHEET_H

#include <stdio.h>

#include "explain.h"

#define BEL_SHEET_CELL 64 /* the longest text of a cell, cut beyond */

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

struct bel_sheet {
	FILE *file;
	const struct bel_style *style;
	unsigned width; /* columns of characters that text may take */
	bool quiz;      /* leave the answers out */
	bool brief;     /* neither the order nor the reasons */
	bool together;  /* all policies below one row of references */
	bool colour;
	unsigned label_width, cell_width; /* set by bel_sheet_print() */
};

/* "text", "markdown", "html", "latex"; NULL: there is no such style. */
const struct bel_style *bel_style_find(const char *name);

void bel_sheet_print(struct bel_sheet *sheet, const struct bel_explain *explain, size_t count);

/* Row `index` of an explanation's table from BEL_ROW_FRAME on; false past the last. */
bool bel_sheet_row(
	const struct bel_explain *explain, bool with_order, size_t index, struct bel_row *row);

/* What stands before a row, and in it; cut to BEL_SHEET_CELL. */
void bel_sheet_label(const struct bel_row *row, char *text);
void bel_sheet_cell(
	const struct bel_explain *explain, const struct bel_row *row, size_t now, char *text);

#endif
