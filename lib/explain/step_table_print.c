/* SPDX-License-Identifier: MIT */
/* step_table_print.c: prints a step table, block by block and row by row, in any style. */
#include <string.h>

#include "answer_code.h"
#include "style.h"
#include "visible.h"

const struct bel_style *bel_style_find(const char *name)
{
	static const struct bel_style *const styles[] = {
		&bel_style_text, &bel_style_markdown, &bel_style_html, &bel_style_latex};

	for (size_t i = 0; i < sizeof(styles) / sizeof(*styles); i++)
		if (!strcmp(styles[i]->name, name))
			return styles[i];
	return NULL;
}

static void put(const struct bel_step_table *table, const char *text)
{
	if (text)
		fputs(text, table->file);
}

static void put_text(
	const struct bel_step_table *table, const struct bel_style_around *around, const char *text)
{
	put(table, around->before);
	table->style->text(table, text, around->indent);
	put(table, around->after);
}

static void put_heading(const struct bel_step_table *table, const char *text)
{
	put(table, table->colour ? table->style->bold : NULL);
	put(table, table->style->heading.before);
	table->style->text(table, text, 0);
	put(table, table->colour ? table->style->plain : NULL);
	put(table, table->style->heading.after);
}

static bool with_order(const struct bel_step_table *table)
{
	return !table->quiz && !table->brief;
}

static void print_row(const struct bel_step_table *table, const struct bel_explain *explain,
	const struct bel_row *row, size_t from, size_t to)
{
	char label[BEL_STEP_TABLE_CELL], text[BEL_STEP_TABLE_CELL];

	bel_step_table_label(row, label);
	table->style->row(table, label);
	for (size_t now = from; now < to; now++) {
		const struct bel_explain_step *step = &explain->step[now];
		const bool loads = row->type == BEL_ROW_FRAME && step->frame == row->index;

		bel_step_table_cell(explain, row, now, text);
		if (table->quiz && row->type >= BEL_ROW_FRAME) {
			char code[BEL_ANSWER_CODE] = "";

			if (table->self_check)
				bel_answer_code(explain, row, now, text, code);
			table->style->answer(table, label, now, code);
			continue;
		}
		table->style->cell(
			table, text, step->fault && (loads || row->type == BEL_ROW_FAULT));
	}
	put(table, table->style->row_end);
}

static void print_block(const struct bel_step_table *table, const struct bel_explain *explain,
	size_t count, size_t from, size_t to)
{
	const struct bel_style *style = table->style;
	char title[200];
	struct bel_row row = {BEL_ROW_TIME, 0};

	if (style->table)
		style->table(table, to - from);
	print_row(table, explain, &row, from, to);
	/* The rule is here, not after the pages, because a Markdown table has only one head row. */
	if (style->rule)
		style->rule(table, to - from);
	row.type = BEL_ROW_PAGE;
	print_row(table, explain, &row, from, to);
	for (size_t i = 0; i < count; i++) {
		bel_explain_title(&explain[i], title, sizeof(title));
		if (count > 1)
			style->section(table, title, to - from);
		for (size_t n = 0; bel_step_table_row(&explain[i], with_order(table), n, &row); n++)
			print_row(table, &explain[i], &row, from, to);
	}
	put(table, style->table_end);
}

static void print_tables(
	const struct bel_step_table *table, const struct bel_explain *explain, size_t count)
{
	const size_t references = explain->string->count;
	size_t fit = references;

	if (table->style->wraps) {
		const size_t line = (size_t)table->width * table->style->unit;
		const size_t before = table->label_width + 2 * table->style->unit;

		fit = line > before ? (line - before) / (table->cell_width + table->style->gap) : 1;
		fit = fit ? fit : 1;
	}
	for (size_t from = 0; from < references; from += fit)
		print_block(table, explain, count, from,
			from + fit < references ? from + fit : references);
}

static void print_reasons(const struct bel_step_table *table, const struct bel_explain *explain)
{
	const struct bel_style *style = table->style;
	char why[400], line[440];
	bool listed = false;

	for (size_t now = 0; now < explain->string->count; now++) {
		for (size_t i = 0; i < explain->step[now].departures; i++) {
			if (!listed)
				put(table, style->list.before);
			listed = true;
			bel_explain_reason(explain, now, i, why, sizeof(why));
			snprintf(line, sizeof(line), "at %zu: %s", now, why);
			put_text(table, &style->item, line);
		}
	}
	if (listed)
		put(table, style->list.after);
}

static void print_totals(
	const struct bel_step_table *table, const struct bel_explain *explain, bool named)
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
	put_text(table, &table->style->paragraph, line);
}

static void print_legend(
	const struct bel_step_table *table, const struct bel_explain *explain, size_t count)
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
		writes ? ", w after a page: written to, or written back" : "",
		hand ? ", > the hand is here" : "", bit ? ", * reference bit set" : "",
		order && with_order(table) ? ", next: the page that would leave first" : "",
		table->quiz ? table->style->fill : "");
	put_text(table, &table->style->paragraph, text);
}

static unsigned units(const struct bel_step_table *table, const char *text)
{
	return (unsigned)(table->style->units ? table->style->units(text)
					      : bel_visible_width(text));
}

static void widen(
	struct bel_step_table *table, const struct bel_explain *explain, const struct bel_row *row)
{
	char text[BEL_STEP_TABLE_CELL];

	bel_step_table_label(row, text);
	if (units(table, text) > table->label_width)
		table->label_width = units(table, text);
	if (table->quiz && table->style->blank && row->type >= BEL_ROW_FRAME)
		return;
	for (size_t now = 0; now < explain->string->count; now++) {
		bel_step_table_cell(explain, row, now, text);
		if (units(table, text) > table->cell_width)
			table->cell_width = units(table, text);
	}
}

/* All columns are as wide as the widest cell, in all blocks and policies. */
static void measure(struct bel_step_table *table, const struct bel_explain *explain, size_t count)
{
	struct bel_row row = {BEL_ROW_TIME, 0};

	table->label_width = 0;
	table->cell_width = table->quiz && table->style->blank ? table->style->blank : 1;
	widen(table, explain, &row);
	row.type = BEL_ROW_PAGE;
	widen(table, explain, &row);
	for (size_t i = 0; i < count; i++)
		for (size_t n = 0; bel_step_table_row(&explain[i], with_order(table), n, &row); n++)
			widen(table, &explain[i], &row);
}

static void print_head(const struct bel_step_table *table)
{
	char number[24];

	if (!table->sheet)
		return;
	if (table->quiz)
		table->style->field(table, BEL_SHEET_NAME, NULL);
	snprintf(number, sizeof(number), "%llu", (unsigned long long)table->sheet->number);
	table->style->field(table, BEL_SHEET_NUMBER, number);
	table->style->field(table, BEL_SHEET_STRING, table->sheet->digest);
	put(table, "\n");
}

static void print_one(const struct bel_step_table *table, const struct bel_explain *explain)
{
	print_tables(table, explain, 1);
	if (table->quiz)
		return;
	print_totals(table, explain, false);
	if (!table->brief)
		print_reasons(table, explain);
}

void bel_step_table_print(
	struct bel_step_table *table, const struct bel_explain *explain, size_t count)
{
	const struct bel_style *style = table->style;
	char title[200];
	bool reasons;

	if (!table->width)
		table->width = style->line;
	measure(table, explain, count);
	put(table, style->begin);
	if (table->title)
		put_heading(table, table->title);
	print_head(table);
	if (table->together)
		print_tables(table, explain, count);
	for (size_t i = 0; i < count; i++) {
		bel_explain_title(&explain[i], title, sizeof(title));
		if (!table->together) {
			put_heading(table, title);
			print_one(table, &explain[i]);
			continue;
		}
		reasons = with_order(table) && explain[i].departures;
		if (reasons)
			put_heading(table, title);
		if (!table->quiz)
			print_totals(table, &explain[i], !reasons);
		if (reasons)
			print_reasons(table, &explain[i]);
	}
	print_legend(table, explain, count);
	if (table->quiz && style->form)
		style->form(table);
	put(table, style->end);
}
