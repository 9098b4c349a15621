/* SPDX-License-Identifier: MIT */
/*
 * step_table.h: prints explanations as the step tables of textbooks: one column per reference,
 * one row per frame; as text, Markdown, HTML or LaTeX, with the answers or with blanks to fill in.
 *
 *	struct bel_step_table table = {.file = stdout, .width = 80};
 *
 *	table.style = bel_style_find("text");
 *	bel_step_table_print(&table, explain, count);
 *
 * Wide tables are wrapped into blocks of columns, except in HTML. An HTML quiz is a form with
 * input fields; its button saves the answers as text that grade.h reads. Write errors stay in
 * the stream: its owner must check ferror().
 */
#ifndef BEL_STEP_TABLE_H
#define BEL_STEP_TABLE_H

#include <stdio.h>

#include "explain.h"
#include "sheet.h"

#define BEL_STEP_TABLE_CELL 64 /* size of a cell's text; longer texts are cut */

enum bel_row_type {
	BEL_ROW_TIME,
	BEL_ROW_PAGE,
	BEL_ROW_FRAME,  /* students fill in this row and those below */
	BEL_ROW_FAULT,  /* F or H */
	BEL_ROW_LEAVES, /* the pages that left */
	BEL_ROW_NEXT,   /* the page that would leave first, second, ... */
};

struct bel_row {
	enum bel_row_type type;
	uint32_t index; /* of the frame, or of the position in the order */
};

struct bel_style;

struct bel_step_table {
	FILE *file;
	const struct bel_style *style;
	unsigned width;                /* maximum columns of text; 0: that of the style */
	const char *title;             /* a heading above everything; NULL: none */
	const struct bel_sheet *sheet; /* head of a student's sheet; NULL: none */
	bool quiz;                     /* leave the answers out */
	bool self_check; /* an HTML quiz that says which cells are right (answer_code.h) */
	bool brief;      /* without order and reasons */
	bool together;   /* all policies below one row of references */
	bool colour;
	unsigned label_width, cell_width; /* set by bel_step_table_print() */
};

/* "text", "markdown", "html", "latex"; NULL: unknown style. */
const struct bel_style *bel_style_find(const char *name);

void bel_step_table_print(
	struct bel_step_table *table, const struct bel_explain *explain, size_t count);

/* Row `index`, counted from BEL_ROW_FRAME, of an explanation's table; false after the last. */
bool bel_step_table_row(
	const struct bel_explain *explain, bool with_order, size_t index, struct bel_row *row);

/* The label of a row, and the text of a cell; cut to BEL_STEP_TABLE_CELL. */
void bel_step_table_label(const struct bel_row *row, char *text);
void bel_step_table_cell(
	const struct bel_explain *explain, const struct bel_row *row, size_t now, char *text);

#endif
