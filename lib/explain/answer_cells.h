/* SPDX-License-Identifier: MIT */
/*
 * answer_cells.h: splits a row of a filled-in table into its label and cells.
 *
 *	struct bel_answer_cells cells = {.marks = true};
 *
 *	label = bel_answer_label(&cells, line);                NULL: the line is not a row
 *	while ((cell = bel_answer_cell(&cells)))
 *		...
 *
 * It changes the line. A cell has no spaces and no markup; it is "" if it is empty or only "_".
 */
#ifndef BEL_ANSWER_CELLS_H
#define BEL_ANSWER_CELLS_H

#include <stdbool.h>

struct bel_answer_cells {
	char *rest;
	bool bars;  /* cells are separated by bars, as in Markdown; else by spaces */
	bool marks; /* a lone "w", "*", ">" or "," belongs to the cell beside it */
	char *next; /* a word that is read already */
};

char *bel_answer_label(struct bel_answer_cells *cells, char *line);
char *bel_answer_cell(struct bel_answer_cells *cells);

#endif
