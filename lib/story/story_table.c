/* SPDX-License-Identifier: MIT */
/* story_table.c: a story as a table: one row for each reference, with the answers or for a quiz. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "story.h"
#include "style.h"
#include "visible.h"
#include "vm_state.h"

#define TIME "time"

static const char *const names[BEL_STORY_COLUMNS] = {
	[BEL_STORY_PROCESS] = "proc",
	[BEL_STORY_ACCESS] = "rwi",
	[BEL_STORY_ADDRESS] = "address",
	[BEL_STORY_PAGE] = "page",
	[BEL_STORY_OFFSET] = "offset",
	[BEL_STORY_LOOKUP] = "TLB",
	[BEL_STORY_FAULT] = "fault",
	[BEL_STORY_VICTIM] = "victim",
	[BEL_STORY_OUT] = "to",
	[BEL_STORY_FRAME] = "frame",
	[BEL_STORY_PHYSICAL] = "physical",
};

static void set(struct bel_story *story, enum bel_story_column column, const char *text)
{
	snprintf(story->row.cell[column], sizeof(story->row.cell[column]), "%s", text);
}

static void set_hex(struct bel_story *story, enum bel_story_column column, uint64_t value)
{
	snprintf(story->row.cell[column], sizeof(story->row.cell[column]), "0x%" PRIx64, value);
}

static void begin_row(struct bel_story *story, const struct bel_vm_step *step)
{
	const struct bel_vm_config *const config = bel_vm_config(step->vm);
	const uint32_t process = bel_vm_space_process(step->vm, step->space);

	story->addresses |= config->addresses;
	story->several |= process > 0;
	story->row.now = step->now;
	for (unsigned c = 0; c < BEL_STORY_COLUMNS; c++)
		set(story, c, "-");
	snprintf(story->row.cell[BEL_STORY_PROCESS], sizeof(story->row.cell[0]), "%u", process);
	set(story, BEL_STORY_ACCESS,
		step->info & BEL_RUN_WRITE  ? "w"
		: step->info & BEL_RUN_DATA ? "r"
					    : "i");
	set_hex(story, BEL_STORY_ADDRESS, step->address);
	if (step->type == BEL_VM_STEP_DEAD) {
		set(story, BEL_STORY_FAULT, "dead");
		return;
	}
	set_hex(story, BEL_STORY_PAGE, step->vpn);
	set_hex(story, BEL_STORY_OFFSET, step->address - (step->vpn << config->tables.page_bits));
}

/* A second victim of the same fault follows the first, after a comma. */
static void add(struct bel_story *story, enum bel_story_column column, const char *text)
{
	char *const cell = story->row.cell[column];
	char before[sizeof(story->row.cell[0])];

	snprintf(before, sizeof(before), "%s", cell);
	if (strcmp(before, "-") != 0)
		snprintf(cell, sizeof(before), "%.20s,%.15s", before, text);
	else
		set(story, column, text);
}

static void add_victim(struct bel_story *story, const struct bel_vm_step *step)
{
	const uint32_t process = bel_vm_space_process(step->vm, step->space);
	char text[32], owner[16] = "";

	if (process != bel_vm_space_process(step->vm, story->space))
		snprintf(owner, sizeof(owner), "%u:", process);
	snprintf(text, sizeof(text), "%s0x%" PRIx64, owner, step->vpn);
	add(story, BEL_STORY_VICTIM, text);
}

void bel_story_row_step(struct bel_story *story, const struct bel_vm_step *step)
{
	const unsigned bits = bel_vm_config(step->vm)->tables.page_bits;
	const uint64_t offset = step->address & ((UINT64_C(1) << bits) - 1);

	switch (step->type) {
	case BEL_VM_STEP_REFERENCE:
	case BEL_VM_STEP_DEAD:
		begin_row(story, step);
		break;
	case BEL_VM_STEP_TLB_HIT:
		set(story, BEL_STORY_LOOKUP, step->info == 1 ? "hit" : "hit 2");
		break;
	case BEL_VM_STEP_TLB_MISS:
		set(story, BEL_STORY_LOOKUP, "miss");
		break;
	case BEL_VM_STEP_CLASS:
		set(story, BEL_STORY_FAULT, step->info < BEL_VM_FILE_READ ? "minor" : "major");
		break;
	case BEL_VM_STEP_SEGV:
		set(story, BEL_STORY_FAULT, "invalid");
		break;
	case BEL_VM_STEP_VICTIM:
		add_victim(story, step);
		break;
	case BEL_VM_STEP_SWAP_OUT:
		add(story, BEL_STORY_OUT, "swap");
		break;
	case BEL_VM_STEP_FILE_WRITE:
		add(story, BEL_STORY_OUT, "file");
		break;
	case BEL_VM_STEP_CLEAN_DROP:
		add(story, BEL_STORY_OUT, "drop");
		break;
	case BEL_VM_STEP_FRAME:
		snprintf(story->row.cell[BEL_STORY_FRAME], sizeof(story->row.cell[0]), "%u",
			step->frame);
		set_hex(story, BEL_STORY_PHYSICAL, ((uint64_t)step->frame << bits) + offset);
		break;
	default:
		break;
	}
}

/* Takes `event`, which free() frees; NULL: the row of a reference. */
static void keep(struct bel_story *story, char *event)
{
	if (story->row_count == BEL_STORY_ROWS)
		bel_usage(&story->err,
			"a table has at most %d rows; choose some with --time, --process, --page "
			"or "
			"--faults-only",
			BEL_STORY_ROWS);
	if (!story->err.code && story->row_count == story->row_room) {
		const size_t room = story->row_room ? story->row_room * 2 : 64;
		struct bel_story_row *const wide = reallocarray(story->rows, room, sizeof(*wide));

		if (!wide) {
			bel_err_memory(&story->err, "the story");
		} else {
			story->rows = wide;
			story->row_room = room;
		}
	}
	if (story->err.code) {
		free(event);
		return;
	}
	story->rows[story->row_count] = story->row;
	story->rows[story->row_count].now = story->now;
	story->rows[story->row_count++].event = event;
}

static void keep_text(struct bel_story *story, const char *text)
{
	char *const copy = strdup(text);

	if (copy)
		keep(story, copy);
	else
		bel_err_memory(&story->err, "the story");
}

void bel_story_row_keep(struct bel_story *story)
{
	if (story->about_reference)
		keep(story, NULL);
	else
		keep_text(story, story->heading);
	/* In a quiz, what comes back is an answer, too. */
	for (size_t i = 0; i < story->lines && !story->quiz && !story->err.code; i++)
		if (story->line[i].alone)
			keep_text(story, story->line[i].text);
}

/* ---- printing ---- */

static bool is_shown(const struct bel_story *story, unsigned column)
{
	if (column == BEL_STORY_PROCESS)
		return story->several;
	return story->addresses || (column != BEL_STORY_ADDRESS && column != BEL_STORY_OFFSET &&
					   column != BEL_STORY_PHYSICAL);
}

static bool is_answer(const struct bel_story *story, unsigned column)
{
	return story->quiz &&
	       (column > BEL_STORY_PAGE || (column == BEL_STORY_PAGE && story->addresses));
}

static void measure(const struct bel_story *story, unsigned width[BEL_STORY_COLUMNS])
{
	for (unsigned c = 0; c < BEL_STORY_COLUMNS; c++) {
		width[c] = (unsigned)strlen(names[c]);
		for (size_t i = 0; i < story->row_count && !is_answer(story, c); i++)
			if (!story->rows[i].event && strlen(story->rows[i].cell[c]) > width[c])
				width[c] = (unsigned)strlen(story->rows[i].cell[c]);
	}
}

static void print_row(const struct bel_story *story, struct bel_step_table *table,
	const unsigned width[BEL_STORY_COLUMNS], const struct bel_story_row *row)
{
	const struct bel_style *const style = story->style;
	char time[24] = TIME;

	if (row)
		snprintf(time, sizeof(time), "%" PRIu64, row->now);
	style->row(table, time);
	for (unsigned c = 0; c < BEL_STORY_COLUMNS; c++) {
		table->cell_width = width[c];
		if (!is_shown(story, c))
			continue;
		if (!row)
			style->cell(table, names[c], false);
		else if (is_answer(story, c))
			style->answer(table, names[c], (size_t)row->now, "");
		else
			style->cell(table, row->cell[c], false);
	}
	fputs(style->row_end, story->file);
}

static void print_event(const struct bel_story *story, struct bel_step_table *table, size_t columns,
	const char *event)
{
	if (story->style == &bel_style_latex) {
		/* A paragraph, because the text may be longer than the table is wide. */
		fprintf(story->file, "\\multicolumn{%zu}{p{0.9\\textwidth}}{", columns + 1);
		story->style->text(table, event, 0);
		fputs("} \\\\\n", story->file);
		return;
	}
	if (story->style != &bel_style_text) {
		story->style->section(table, event, columns);
		return;
	}
	story->style->row(table, "");
	fputc(' ', story->file);
	table->width = (story->width ? story->width : BEL_STORY_WIDTH) - (table->label_width + 3);
	story->style->text(table, event, table->label_width + 7);
	fputc('\n', story->file);
}

static void print_legend(const struct bel_story *story)
{
	const struct bel_step_table table = {
		.file = story->file, .width = story->width ? story->width : BEL_STORY_WIDTH};
	const struct bel_style *const style = story->style;
	char text[100];

	snprintf(text, sizeof(text), "rwi: r read, w write, i fetch. to: where the victim goes.%s",
		story->quiz ? " Fill in each blank." : "");
	fputs(style->paragraph.before ?: "", story->file);
	style->text(&table, text, 0);
	fputs(style->paragraph.after, story->file);
}

void bel_story_table_print(struct bel_story *story)
{
	const struct bel_style *const style = story->style;
	struct bel_step_table table = {.file = story->file, .style = style, .quiz = story->quiz};
	unsigned width[BEL_STORY_COLUMNS];
	size_t columns = 0;

	measure(story, width);
	for (unsigned c = 0; c < BEL_STORY_COLUMNS; c++)
		columns += is_shown(story, c);
	table.label_width = sizeof(TIME) - 1;
	for (uint64_t last = story->row_count ? story->rows[story->row_count - 1].now : 0;
		last >= 10000; last /= 10)
		table.label_width++;
	fputs(style->begin ?: "", story->file);
	fputs(style == &bel_style_latex ? "{\\footnotesize\n" : "", story->file);
	/* Addresses need wider fields than page numbers. */
	if (style == &bel_style_html && story->quiz)
		fputs("<style>td input { width: 6em }</style>\n", story->file);
	if (style->table)
		style->table(&table, columns);
	print_row(story, &table, width, NULL);
	if (style->rule)
		style->rule(&table, columns);
	for (size_t i = 0; i < story->row_count; i++) {
		if (story->rows[i].event)
			print_event(story, &table, columns, story->rows[i].event);
		else
			print_row(story, &table, width, &story->rows[i]);
	}
	fputs(style->table_end, story->file);
	fputs(style == &bel_style_latex ? "}\n" : "", story->file);
	print_legend(story);
	fputs(style->end ?: "", story->file);
}
