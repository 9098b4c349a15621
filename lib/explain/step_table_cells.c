/* SPDX-License-Identifier: MIT */
/* step_table_cells.c: the rows of a step table, and the text of each cell. */
#include <stdio.h>

#include "step_table.h"

bool bel_step_table_row(
	const struct bel_explain *explain, bool with_order, size_t index, struct bel_row *row)
{
	const size_t rows = explain->rows;

	*row = (struct bel_row){BEL_ROW_FRAME, (uint32_t)index};
	if (index < rows)
		return true;
	row->index = 0;
	row->type = index == rows ? BEL_ROW_FAULT : BEL_ROW_LEAVES;
	if (index < rows + 2)
		return true;
	*row = (struct bel_row){BEL_ROW_NEXT, (uint32_t)(index - rows - 2)};
	return with_order && explain->by && row->index < rows;
}

void bel_step_table_label(const struct bel_row *row, char *text)
{
	static const char *const label[] = {
		[BEL_ROW_TIME] = "time",
		[BEL_ROW_PAGE] = "page",
		[BEL_ROW_FRAME] = "frame",
		[BEL_ROW_FAULT] = "fault",
		[BEL_ROW_LEAVES] = "leaves",
		[BEL_ROW_NEXT] = "next",
	};

	if (row->type == BEL_ROW_FRAME)
		snprintf(text, BEL_STEP_TABLE_CELL, "frame %u", row->index);
	else if (row->type == BEL_ROW_NEXT && row->index)
		snprintf(text, BEL_STEP_TABLE_CELL, "next %u", row->index + 1);
	else
		snprintf(text, BEL_STEP_TABLE_CELL, "%s", label[row->type]);
}

static void frame_text(const struct bel_explain *explain, size_t now, uint32_t frame, char *text)
{
	const struct bel_cell *cell = bel_explain_cell(explain, now, frame);

	if (cell->page == BEL_NO_PAGE)
		snprintf(text, BEL_STEP_TABLE_CELL, "-");
	else
		snprintf(text, BEL_STEP_TABLE_CELL, "%s%s%s",
			cell->marks & BEL_CELL_HAND ? ">" : "", explain->string->name[cell->page],
			cell->marks & BEL_CELL_BIT ? "*" : "");
}

static void leaves_text(const struct bel_explain *explain, size_t now, char *text)
{
	const struct bel_explain_step *step = &explain->step[now];
	size_t length = 0;

	snprintf(text, BEL_STEP_TABLE_CELL, "-");
	for (size_t i = 0; i < step->departures && length < BEL_STEP_TABLE_CELL; i++) {
		const struct bel_departure *gone = &explain->departure[step->departure + i];

		length += (size_t)snprintf(text + length, BEL_STEP_TABLE_CELL - length, "%s%s%s",
			i ? "," : "", explain->string->name[gone->page], gone->written ? "w" : "");
	}
}

void bel_step_table_cell(
	const struct bel_explain *explain, const struct bel_row *row, size_t now, char *text)
{
	const struct bel_string_reference *reference = &explain->string->reference[now];
	uint32_t page;

	switch (row->type) {
	case BEL_ROW_TIME:
		snprintf(text, BEL_STEP_TABLE_CELL, "%zu", now);
		break;
	case BEL_ROW_PAGE:
		snprintf(text, BEL_STEP_TABLE_CELL, "%s%s", explain->string->name[reference->page],
			reference->writes ? "w" : "");
		break;
	case BEL_ROW_FRAME:
		frame_text(explain, now, row->index, text);
		break;
	case BEL_ROW_FAULT:
		snprintf(text, BEL_STEP_TABLE_CELL, "%s", explain->step[now].fault ? "F" : "H");
		break;
	case BEL_ROW_LEAVES:
		leaves_text(explain, now, text);
		break;
	case BEL_ROW_NEXT:
		page = explain->order[now * explain->rows + row->index];
		snprintf(text, BEL_STEP_TABLE_CELL, "%s",
			page == BEL_NO_PAGE ? "-" : explain->string->name[page]);
		break;
	}
}
