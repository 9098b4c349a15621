/* SPDX-License-Identifier: MIT */
/* answer_code.c: codes of right answers. */
#include "answer_code.h"

#include <ctype.h>
#include <stdint.h>

#include "answers.h"

static uint32_t hash(uint32_t value, const char *text, bool lower)
{
	for (; *text; text++) {
		const unsigned char c = (unsigned char)*text;

		value = (value ^ (lower && c < 128 ? (uint32_t)tolower(c) : c)) * 16777619;
	}
	return value;
}

void bel_answer_code(const struct bel_explain *explain, const struct bel_row *row, size_t now,
	const char *answer, char code[static BEL_ANSWER_CODE])
{
	const bool lower = row->type == BEL_ROW_FAULT || bel_answers_numbered(explain->string);
	char text[BEL_STEP_TABLE_CELL + 40], label[BEL_STEP_TABLE_CELL];
	uint32_t value = 2166136261;

	bel_step_table_label(row, label);
	snprintf(text, sizeof(text), "%s at time %zu|", label, now);
	value = hash(hash(value, text, false), answer, lower);
	snprintf(code, BEL_ANSWER_CODE, "%c%08x", lower ? 'i' : 'c', value);
}
