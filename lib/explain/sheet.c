/* SPDX-License-Identifier: MIT */
/* sheet.c: the digest of a string, and the lines of a sheet's head. */
#include "sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <xxhash.h>

/* In HTML, which cannot be graded; but its number tells that it is a sheet. */
#define FIELD "<p class=\"field\">"

void bel_string_digest(const struct bel_string *string, char digest[static BEL_SHEET_DIGEST])
{
	uint64_t sum = 0;

	for (size_t now = 0; now < string->count; now++) {
		const struct bel_string_reference *reference = &string->reference[now];
		char text[BEL_EXPLAIN_NAME + 2];
		const int length = snprintf(text, sizeof(text), "%s%s ",
			string->name[reference->page], reference->writes ? "w" : "");

		sum = XXH3_64bits_withSeed(text, (size_t)length, sum);
	}
	snprintf(digest, BEL_SHEET_DIGEST, "%08x", (unsigned)(sum >> 32));
}

/* The value in a line "LABEL: VALUE", with or without markup; its length in *length. */
static const char *value_of(const char *line, size_t end, const char *label, size_t *length)
{
	const char *const dress = "-*#|> \t";
	const size_t skipped = strspn(line, dress), size = strlen(label);
	size_t at = skipped + size;

	if (at > end || strncasecmp(line + skipped, label, size))
		return NULL;
	at += strspn(line + at, "* \t");
	if (at >= end || line[at] != ':')
		return NULL;
	at++;
	while (at < end && strchr("* _\t\\", line[at]))
		at++;
	while (end > at && strchr("*| _\t\r\\", line[end - 1]))
		end--;
	*length = end - at;
	return line + at;
}

static void read_number(struct bel_sheet *sheet, const char *value, size_t length)
{
	char *end;

	if (!length || *value < '0' || *value > '9')
		return;
	sheet->number = strtoull(value, &end, 10);
	sheet->numbered = end == value + length;
}

void bel_sheet_read(struct bel_sheet *sheet, const char *text)
{
	*sheet = (struct bel_sheet){.numbered = false};
	while (*text) {
		const char *const line =
			!strncmp(text, FIELD, sizeof(FIELD) - 1) ? text + sizeof(FIELD) - 1 : text;
		const size_t end = strcspn(line, "\n<");
		const char *value;
		size_t length;

		if (!*sheet->name && (value = value_of(line, end, BEL_SHEET_NAME, &length)))
			snprintf(sheet->name, sizeof(sheet->name), "%.*s", (int)length, value);
		else if (!sheet->numbered &&
			 (value = value_of(line, end, BEL_SHEET_NUMBER, &length)))
			read_number(sheet, value, length);
		else if (!*sheet->digest &&
			 (value = value_of(line, end, BEL_SHEET_STRING, &length)))
			snprintf(sheet->digest, sizeof(sheet->digest), "%.*s", (int)length, value);
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
}
