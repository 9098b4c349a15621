/* SPDX-License-Identifier: MIT */
/*
 * grade.h: compares a step table that a student filled in with the answers.
 *
 * The input is text or Markdown as bel_step_table_print() writes it, or the text that an HTML quiz
 * saves. A line that is a policy's title begins its table. A line "LABEL | CELL CELL ..." or
 * "| LABEL | CELL | ..." is a row; it begins at the time of the last row of times, or else after
 * its last line. All other lines are skipped.
 *
 *	if (bel_grade(&grade, explain, count, text, "answers.txt", &err) < 0) ...
 *	for (size_t i = 0; i < grade.cells - grade.right; i++)
 *		... grade.wrong[i] ...
 *	bel_grade_release(&grade);
 *
 * A grade points into `text`, which must outlive it. One cell is one point. In a cell, spaces do
 * not count ("3 w" is "3w"); nor does case in the row of faults, or if all pages are numbers.
 */
#ifndef BEL_GRADE_H
#define BEL_GRADE_H

#include "step_table.h"

struct bel_wrong_cell {
	size_t explain, now;
	struct bel_row row;
	const char *given; /* NULL: no answer */
};

struct bel_grade {
	size_t cells, right;
	struct bel_wrong_cell *wrong; /* cells - right, in order of policy, time and row */
};

/*
 * Changes `text`. `name` begins messages. BEL_FAIL: the text has the pages of another string, or
 * not all pages of this one; a table is missing; a row has too many cells, or too few, so that it
 * is not clear which one is missing.
 */
int bel_grade(struct bel_grade *grade, const struct bel_explain *explain, size_t count, char *text,
	const char *name, struct bel_err *err);
void bel_grade_release(struct bel_grade *grade);

/* The points of one explanation's table. */
void bel_grade_points(const struct bel_grade *grade, const struct bel_explain *explain,
	size_t index, size_t *right, size_t *cells);

#endif
