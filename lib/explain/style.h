/* SPDX-License-Identifier: MIT */
/*
 * style.h: how a sheet is written down: the calls that sheet_print.c makes, in order, for
 * each document format. A style escapes what it is given. Any member but those of tables
 * may be NULL: nothing is written.
 */
#ifndef BEL_STYLE_H
#define BEL_STYLE_H

#include "sheet.h"

struct bel_style {
	const char *name;
	bool wraps; /* tables come in blocks of as many columns as fit */
	void (*begin)(const struct bel_sheet *sheet);
	void (*heading)(const struct bel_sheet *sheet, const char *text);
	void (*table)(const struct bel_sheet *sheet, size_t columns);
	void (*section)(const struct bel_sheet *sheet, const char *text, size_t columns);
	void (*row)(const struct bel_sheet *sheet, const char *label, bool head);
	void (*cell)(const struct bel_sheet *sheet, const char *text, bool strong);
	void (*row_end)(const struct bel_sheet *sheet);
	/* After the last row of the head. */
	void (*rule)(const struct bel_sheet *sheet, size_t columns);
	void (*table_end)(const struct bel_sheet *sheet);
	void (*paragraph)(const struct bel_sheet *sheet, const char *text);
	void (*list)(const struct bel_sheet *sheet);
	void (*item)(const struct bel_sheet *sheet, const char *text);
	void (*list_end)(const struct bel_sheet *sheet);
	void (*end)(const struct bel_sheet *sheet);
};

extern const struct bel_style bel_style_text, bel_style_markdown, bel_style_html, bel_style_latex;

#endif
