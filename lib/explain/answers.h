/* SPDX-License-Identifier: MIT */
/*
 * answers.h: the cells of filled-in step tables, read for grade.c; grade.h says in which form.
 *
 *	r = bel_answers_read(&answers, explain, count, text, name, &err);
 *	... answers[i].given[row * references + now] ...
 *	bel_answers_free(answers, count);           also after an error
 */
#ifndef BEL_ANSWERS_H
#define BEL_ANSWERS_H

#include "grade.h"

/* The answers in one policy's table. */
struct bel_answers {
	size_t rows;
	size_t *filled;     /* cells read so far in each row */
	const char **given; /* `references` per row, into the text; NULL: no answer */
	bool seen;
};

int bel_answers_read(struct bel_answers **answers, const struct bel_explain *explain, size_t count,
	char *text, const char *name, struct bel_err *err);
void bel_answers_free(struct bel_answers *answers, size_t count);

/* Whether all pages have numbers as names; then letters in cells are marks, in either case. */
bool bel_answers_numbered(const struct bel_string *string);

#endif
