/* SPDX-License-Identifier: MIT */
/* step_table_print.c: goes through a sheet, block by block and row by row, in any style. */
#include <string.h>

#include "style.h"
#include "visible.h"

#define BLANK "_" /* what a student replaces */

const struct bel_style *bel_style_find(const char *name)
{
	static const struct bel_style *const styles[] = {
		&bel_style_text, &bel_style_markdown, &bel_style_html, &bel_style_latex};

	for (size_t i = 0; i < sizeof(styles) / sizeof(*styles); i++)
		if (!strcmp(styles[i]->name, name))
			return styles[i];
	return NULL;
}

static void put(const struct bel_step_table *sheet, const char *text)
{
	if (text)
		fputs(text, sheet->file);
}

static void put_text(
	const struct bel_step_table *sheet, const struct bel_style_around *around, const char *text)
{
	put(sheet, around->before);
	sheet->style->text(sheet, text, around->indent);
	put(sheet, around->after);
}

static void put_heading(const struct bel_step_table *sheet, const char *text)
{
	put(sheet, sheet->colour ? sheet->style->bold : NULL);
	put(sheet, sheet->style->heading.before);
	sheet->style->text(sheet, text, 0);
	put(sheet, sheet->colour ? sheet->style->plain : NULL);
	put(sheet, sheet->style->heading.after);
}

static bool with_order(const struct bel_step_table *sheet)
{
	return !sheet->quiz && !sheet->brief;
}

static void print_row(const struct bel_step_table *sheet, const struct bel_explain *explain,
	const struct bel_row *row, size_t from, size_t to)
{
	char text[BEL_STEP_TABLE_CELL];

	bel_step_table_label(row, text);
	sheet->style->row(sheet, text);
	for (size_t now = from; now < to; now++) {
		const struct bel_explain_step *step = &explain->step[now];
		const bool loads = row->type == BEL_ROW_FRAME && step->frame == row->index;
		const bool blank = sheet->quiz && row->type >= BEL_ROW_FRAME;

		bel_step_table_cell(explain, row, now, text);
		sheet->style->cell(sheet, blank ? BLANK : text,
			!blank && step->fault && (loads || row->type == BEL_ROW_FAULT));
	}
	put(sheet, sheet->style->row_end);
}

static void print_block(const struct bel_step_table *sheet, const struct bel_explain *explain,
	size_t count, size_t from, size_t to)
{
	const struct bel_style *style = sheet->style;
	char title[200];
	struct bel_row row = {BEL_ROW_TIME, 0};

	if (style->table)
		style->table(sheet, to - from);
	print_row(sheet, explain, &row, from, to);
	/* Here, not behind the pages: Markdown's tables have a single row of head. */
	if (style->rule)
		style->rule(sheet, to - from);
	row.type = BEL_ROW_PAGE;
	print_row(sheet, explain, &row, from, to);
	for (size_t i = 0; i < count; i++) {
		bel_explain_title(&explain[i], title, sizeof(title));
		if (count > 1)
			style->section(sheet, title, to - from);
		for (size_t n = 0; bel_step_table_row(&explain[i], with_order(sheet), n, &row); n++)
			print_row(sheet, &explain[i], &row, from, to);
	}
	put(sheet, style->table_end);
}

static void print_tables(
	const struct bel_step_table *sheet, const struct bel_explain *explain, size_t count)
{
	const size_t references = explain->string->count;
	size_t fit = references;

	if (sheet->style->wraps) {
		fit = sheet->width > sheet->label_width + 2
			      ? (sheet->width - sheet->label_width - 2) / (sheet->cell_width + 1)
			      : 1;
		fit = fit ? fit : 1;
	}
	for (size_t from = 0; from < references; from += fit)
		print_block(sheet, explain, count, from,
			from + fit < references ? from + fit : references);
}

static void print_reasons(const struct bel_step_table *sheet, const struct bel_explain *explain)
{
	const struct bel_style *style = sheet->style;
	char why[400], line[440];
	bool listed = false;

	for (size_t now = 0; now < explain->string->count; now++) {
		for (size_t i = 0; i < explain->step[now].departures; i++) {
			if (!listed)
				put(sheet, style->list.before);
			listed = true;
			bel_explain_reason(explain, now, i, why, sizeof(why));
			snprintf(line, sizeof(line), "at %zu: %s", now, why);
			put_text(sheet, &style->item, line);
		}
	}
	if (listed)
		put(sheet, style->list.after);
}

static void print_totals(
	const struct bel_step_table *sheet, const struct bel_explain *explain, bool named)
{
	const struct bel_tally *t = &explain->tally;
	char title[200], line[400];

	bel_explain_title(explain, title, sizeof(title));
	snprintf(line, sizeof(line),
		"%s%s%llu fault%s, %llu hit%s, %llu page%s replaced, %llu written back",
		named ? title : "", named ? ": " : "", (unsigned long long)t->faults,
		t->faults == 1 ? "" : "s", (unsigned long long)(t->references - t->faults),
		t->references - t->faults == 1 ? "" : "s", (unsigned long long)t->evictions,
		t->evictions == 1 ? "" : "s", (unsigned long long)t->writebacks);
	put_text(sheet, &sheet->style->paragraph, line);
}

static void print_legend(
	const struct bel_step_table *sheet, const struct bel_explain *explain, size_t count)
{
	bool hand = false, bit = false, order = false, writes = false;
	char text[400];

	for (size_t i = 0; i < count; i++) {
		hand |= explain[i].hand;
		bit |= explain[i].bit;
		order |= explain[i].by != 0;
	}
	for (size_t now = 0; now < explain->string->count; now++)
		writes |= explain->string->reference[now].writes;
	snprintf(text, sizeof(text), "F fault, H hit, - nothing%s%s%s%s.%s",
		writes ? ", w behind a page: written to, or back" : "",
		hand ? ", > the hand is here" : "", bit ? ", * reference bit set" : "",
		order && with_order(sheet) ? ", next: the page that would leave first" : "",
		sheet->quiz ? " Replace each _ by what is so after the reference." : "");
	put_text(sheet, &sheet->style->paragraph, text);
}

static void widen(
	struct bel_step_table *sheet, const struct bel_explain *explain, const struct bel_row *row)
{
	char text[BEL_STEP_TABLE_CELL];

	bel_step_table_label(row, text);
	if (bel_visible_width(text) > sheet->label_width)
		sheet->label_width = (unsigned)bel_visible_width(text);
	for (size_t now = 0; now < explain->string->count; now++) {
		bel_step_table_cell(explain, row, now, text);
		if (bel_visible_width(text) > sheet->cell_width)
			sheet->cell_width = (unsigned)bel_visible_width(text);
	}
}

/* As wide as the widest cell, so that columns of all blocks and policies agree. */
static void measure(struct bel_step_table *sheet, const struct bel_explain *explain, size_t count)
{
	struct bel_row row = {BEL_ROW_TIME, 0};

	sheet->label_width = 0;
	sheet->cell_width = 1;
	widen(sheet, explain, &row);
	row.type = BEL_ROW_PAGE;
	widen(sheet, explain, &row);
	for (size_t i = 0; i < count; i++)
		for (size_t n = 0; bel_step_table_row(&explain[i], with_order(sheet), n, &row); n++)
			widen(sheet, &explain[i], &row);
}

static void print_one(const struct bel_step_table *sheet, const struct bel_explain *explain)
{
	print_tables(sheet, explain, 1);
	if (sheet->quiz)
		return;
	print_totals(sheet, explain, false);
	if (!sheet->brief)
		print_reasons(sheet, explain);
}

void bel_step_table_print(
	struct bel_step_table *sheet, const struct bel_explain *explain, size_t count)
{
	const struct bel_style *style = sheet->style;
	char title[200];

	measure(sheet, explain, count);
	put(sheet, style->begin);
	if (sheet->together)
		print_tables(sheet, explain, count);
	for (size_t i = 0; i < count; i++) {
		bel_explain_title(&explain[i], title, sizeof(title));
		if (!sheet->together) {
			put_heading(sheet, title);
			print_one(sheet, &explain[i]);
			continue;
		}
		if (!sheet->quiz)
			print_totals(sheet, &explain[i], true);
		if (!with_order(sheet))
			continue;
		if (explain[i].departures)
			put_heading(sheet, title);
		print_reasons(sheet, &explain[i]);
	}
	print_legend(sheet, explain, count);
	put(sheet, style->end);
}
