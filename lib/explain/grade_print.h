/* SPDX-License-Identifier: MIT */
/*
 * grade_print.h: prints a grade for people, as a row of a CSV file of the class, or as the
 * results.json of Gradescope.
 *
 *	struct bel_graded graded = {.file = path, .sheet = &sheet, .explain = explain, ...};
 *
 *	bel_grade_print_csv_head(out);
 *	bel_grade_print_csv(&graded, out);
 *
 * Write errors stay in the stream: its owner must check ferror().
 */
#ifndef BEL_GRADE_PRINT_H
#define BEL_GRADE_PRINT_H

#include "grade.h"

struct bel_graded {
	const char *file;
	const struct bel_sheet *sheet;
	const struct bel_explain *explain;
	size_t count;                  /* explanations */
	const struct bel_grade *grade; /* NULL: the file was refused */
	const char *refusal;           /* why; NULL if there is a grade */
};

/*
 * `titled`: with a first line that names the file and the student. `brief`: without the wrong cells.
 * A refusal is not printed.
 */
void bel_grade_print_text(const struct bel_graded *graded, bool titled, bool brief, FILE *file);

/* The columns: number, name, points, of, wrong (all wrong cells), file, error. */
void bel_grade_print_csv_head(FILE *file);
void bel_grade_print_csv(const struct bel_graded *graded, FILE *file);

/* One test for each table. A refused file has the score 0, and the reason as output. */
void bel_grade_print_gradescope(const struct bel_graded *graded, FILE *file);

#endif
