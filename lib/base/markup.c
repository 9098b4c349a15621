/* SPDX-License-Identifier: MIT */
/* markup.c: foreign text as text of HTML and SVG. */
#include "markup.h"

#include <stdbool.h>
#include <stdint.h>

#include "visible.h"

static void put_char(FILE *file, char c)
{
	switch (c) {
	case '&':
		fputs("&amp;", file);
		break;
	case '<':
		fputs("&lt;", file);
		break;
	case '>':
		fputs("&gt;", file);
		break;
	case '"':
		fputs("&quot;", file);
		break;
	case '\'':
		fputs("&#39;", file);
		break;
	default:
		putc(c, file);
	}
}

void bel_markup_short(FILE *file, const char *text, size_t columns)
{
	const bool cut = columns != SIZE_MAX && bel_visible_width(text) > columns;
	char shown[BEL_VISIBLE_CHAR];
	size_t width = 0;

	while (*text) {
		const size_t n = bel_visible_char(text, shown);

		if (cut) {
			width += bel_visible_width(shown);
			if (width + 2 > columns)
				break;
		}
		for (const char *c = shown; *c; c++)
			put_char(file, *c);
		text += n;
	}
	if (cut)
		fputs("..", file);
}

void bel_markup_text(FILE *file, const char *text)
{
	bel_markup_short(file, text, SIZE_MAX);
}
