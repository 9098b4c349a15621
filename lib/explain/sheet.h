/* SPDX-License-Identifier: MIT */
/*
 * sheet.h: the head of a student's exercise sheet: name, student number, digest of the string.
 *
 *	struct bel_sheet sheet = {.number = 1001};
 *
 *	bel_string_digest(&string, sheet.digest);
 *	table.sheet = &sheet;                          step_table.h prints it
 *	...
 *	bel_sheet_read(&sheet, text);                  from the text of a filled-in sheet
 *	if (sheet.numbered) ... the string is that of sheet.number ...
 *
 * The string of a sheet is drawn with the student number as seed. The digest tells strings apart;
 * it is no protection against somebody who wants two strings with one digest.
 */
#ifndef BEL_SHEET_H
#define BEL_SHEET_H

#include <stdbool.h>
#include <stdint.h>

#include "explain.h"

#define BEL_SHEET_NAME "Name"
#define BEL_SHEET_NUMBER "Student number"
#define BEL_SHEET_STRING "String"

#define BEL_SHEET_DIGEST 9 /* 8 hexadecimal digits and a zero byte */

struct bel_sheet {
	bool numbered; /* set by bel_sheet_read(): the text has a student number */
	uint64_t number;
	char digest[BEL_SHEET_DIGEST]; /* "": the text has none */
	char name[100];                /* "": not filled in; longer names are cut */
};

void bel_string_digest(const struct bel_string *string, char digest[static BEL_SHEET_DIGEST]);

/* Finds the lines of the head in text or Markdown. The text need not have any. */
void bel_sheet_read(struct bel_sheet *sheet, const char *text);

#endif
