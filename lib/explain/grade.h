/* SPDX-License-Identifier: MIT */
/*
 * grade.h: compares a step table that a student filled in with the answers.
 *
 * The input is text or Markdown as bel_step_table_print() writes it. A line that is a
 * policy's title begins its table. A line "LABEL | CELL CELL ..." or "| LABEL | CELL | ..."
 * continues that row after its last such line. All other lines are skipped.
 *
 *	if (bel_grade(&grade, explain, count, text, "answers.txt", &err) < 0) ...
 *	if (grade.right < grade.cells)
 *		... the first wrong cell is grade.given; correct is grade.wanted ...
 */
#ifndef BEL_GRADE_H
#define BEL_GRADE_H

#include "step_table.h"

struct bel_grade {
	size_t cells, right;
	/* The first wrong cell, in order of time, then of rows; only if right < cells. */
	size_t explain, now;
	struct bel_row row;
	char given[BEL_STEP_TABLE_CELL], wanted[BEL_STEP_TABLE_CELL]; /* given "": no answer */
};

/*
 * Changes `text`. BEL_FAIL: a table is missing, or a row has more cells than there are
 * references. `name` begins the message.
 */
int bel_grade(struct bel_grade *grade, const struct bel_explain *explain, size_t count, char *text,
	const char *name, struct bel_err *err);

#endif
