/* SPDX-License-Identifier: MIT */
/*
 * answer_code.h: codes of right answers, with which a page can check what a student fills in.
 *
 *	char code[BEL_ANSWER_CODE];
 *
 *	bel_answer_code(explain, &row, now, "2*", code);       "5d3c..." of 8 hexadecimal digits
 *
 * The code is the FNV-1a hash, of 32 bits, of "ROW at time N|ANSWER" in UTF-8. So equal answers in
 * different cells have different codes, and nobody reads the answer in the code. But whoever tries
 * all likely answers finds it: it keeps no secret. Where grade.h accepts either
 * case, the code is that of the lower case.
 */
#ifndef BEL_ANSWER_CODE_H
#define BEL_ANSWER_CODE_H

#include "step_table.h"

#define BEL_ANSWER_CODE 10 /* a letter, 8 digits and a zero byte */

/* The first letter of a code is "i" if case does not matter in the cell, or else "c". */
void bel_answer_code(const struct bel_explain *explain, const struct bel_row *row, size_t now,
	const char *answer, char code[static BEL_ANSWER_CODE]);

#endif
