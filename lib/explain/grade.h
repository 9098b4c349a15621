/* SPDX-License-Identifier: MIT */
/*
 * grade.h: a step table that a student filled in, against the answers.
 *
 * What is read is text or Markdown as bel_step_table_print() writes it: a line that is a
 * policy's title begins its table; a line "LABEL | CELL CELL ..." or "| LABEL | CELL | ..."
 * goes on in that row where the last such line ended. All other lines are passed over.
 *
 *	if (bel_grade(&grade, explain, count, text, "answers.txt", &err) < 0) ...
 *	if (grade.right < grade.cells)
 *		... the first wrong cell is grade.given, should be grade.wanted ...
 */
#ifndef BEL_GRADE_H
#define BEL_GRADE_H

#include "step_table.h"

struct bel_grade {
	size_t cells, right;
	/* The first wrong cell in order of time, then from the top; only if right < cells. */
	size_t explain, now;
	struct bel_row row;
	char given[BEL_STEP_TABLE_CELL], wanted[BEL_STEP_TABLE_CELL]; /* given "": no answer */
};

/*
 * `text` is changed. BEL_FAIL: a table is missing, or a row has more cells than there are
 * references; `name` stands before the message.
 */
int bel_grade(struct bel_grade *grade, const struct bel_explain *explain, size_t count, char *text,
	const char *name, struct bel_err *err);

#endif
