/* SPDX-License-Identifier: MIT */
/* grade.c: compares answers with the explanations, cell by cell. */
#include "grade.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "answers.h"

struct marker {
	struct bel_grade *grade;
	const struct bel_answers *answers;
	bool numbered;
	size_t wrong, capacity;
};

static int note_wrong(struct marker *marker, const struct bel_wrong_cell *cell, struct bel_err *err)
{
	if (marker->wrong == marker->capacity) {
		const size_t capacity = marker->capacity ? 2 * marker->capacity : 64;
		void *const grown =
			realloc(marker->grade->wrong, capacity * sizeof(*marker->grade->wrong));

		if (!grown)
			return bel_err_memory(err, "the wrong cells");
		marker->grade->wrong = grown;
		marker->capacity = capacity;
	}
	marker->grade->wrong[marker->wrong++] = *cell;
	return 0;
}

static int mark_step(struct marker *marker, const struct bel_explain *explain, size_t index,
	size_t now, struct bel_err *err)
{
	const struct bel_answers *a = &marker->answers[index];
	struct bel_wrong_cell cell = {.explain = index, .now = now};
	char wanted[BEL_STEP_TABLE_CELL];
	int r = 0;

	for (size_t n = 0; r == 0 && bel_step_table_row(explain, false, n, &cell.row); n++) {
		const bool fold = marker->numbered || cell.row.type == BEL_ROW_FAULT;

		cell.given = a->given[n * explain->string->count + now];
		bel_step_table_cell(explain, &cell.row, now, wanted);
		marker->grade->cells++;
		if (cell.given &&
			!(fold ? strcasecmp(cell.given, wanted) : strcmp(cell.given, wanted)))
			marker->grade->right++;
		else
			r = note_wrong(marker, &cell, err);
	}
	return r;
}

int bel_grade(struct bel_grade *grade, const struct bel_explain *explain, size_t count, char *text,
	const char *name, struct bel_err *err)
{
	struct bel_answers *answers;
	struct marker marker = {.grade = grade, .numbered = bel_answers_numbered(explain->string)};
	int r = bel_answers_read(&answers, explain, count, text, name, err);

	*grade = (struct bel_grade){.cells = 0};
	marker.answers = answers;
	for (size_t i = 0; r == 0 && i < count; i++)
		for (size_t now = 0; r == 0 && now < explain[i].string->count; now++)
			r = mark_step(&marker, &explain[i], i, now, err);
	bel_answers_free(answers, count);
	if (r < 0)
		bel_grade_release(grade);
	return r;
}

void bel_grade_release(struct bel_grade *grade)
{
	free(grade->wrong);
	*grade = (struct bel_grade){.cells = 0};
}

void bel_grade_points(const struct bel_grade *grade, const struct bel_explain *explain,
	size_t index, size_t *right, size_t *cells)
{
	struct bel_row row;

	*cells = 0;
	while (bel_step_table_row(&explain[index], false, *cells, &row))
		++*cells;
	*cells *= explain[index].string->count;
	*right = *cells;
	for (size_t i = 0; i < grade->cells - grade->right; i++)
		*right -= grade->wrong[i].explain == index;
}
