/* SPDX-License-Identifier: MIT */
/* quote.c: writes texts as strings of gnuplot. */
#include "quote.h"

#include <stdbool.h>
#include <string.h>

#include "visible.h"

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * Characters without a special meaning in gnuplot's double quotes, in a shell, and in enhanced
 * text.
 */
static bool is_safe(char c, bool after_escape)
{
	return is_letter(c) || (c && strchr(" !#%&()*+,-./:;<=>?[]|~_", c)) ||
	       (is_digit(c) && !after_escape);
}

/* Keeps UTF-8 characters and escapes other bytes. */
static void put(FILE *file, const char *bytes, size_t size, bool *after_escape)
{
	for (size_t i = 0; i < size; i++) {
		if (size > 1 || is_safe(bytes[i], *after_escape)) {
			fputc(bytes[i], file);
			*after_escape = false;
		} else {
			fprintf(file, "\\%03o", (unsigned char)bytes[i]);
			*after_escape = true;
		}
	}
}

/* How LaTeX writes a character that it would take for a command; NULL: as it is. */
static const char *latex_of(char c)
{
	static const struct {
		char c;
		const char *text;
	} special[] = {{'\\', "\\textbackslash{}"}, {'{', "\\{"}, {'}', "\\}"}, {'$', "\\$"},
		{'&', "\\&"}, {'#', "\\#"}, {'_', "\\_"}, {'%', "\\%"}, {'~', "\\textasciitilde{}"},
		{'^', "\\textasciicircum{}"}, {'<', "\\textless{}"}, {'>', "\\textgreater{}"},
		{'|', "\\textbar{}"}, {'"', "\\symbol{34}"}};

	for (size_t i = 0; i < sizeof(special) / sizeof(*special); i++)
		if (special[i].c == c)
			return special[i].text;
	return NULL;
}

/* Puts one character of what is shown; a tick is a format, in which "%" is doubled. */
static void put_shown(FILE *file, char c, bool tick, bool latex, bool *after_escape)
{
	const char one[] = {c, 0};
	const char *text = latex ? latex_of(c) : NULL;

	for (text = text ? text : one; *text; text++) {
		put(file, text, 1, after_escape);
		if (tick && *text == '%')
			put(file, text, 1, after_escape);
	}
}

static void quote(FILE *file, const char *text, bool tick, bool latex)
{
	char visible[BEL_VISIBLE_CHAR];
	bool after_escape = false;

	fputc('"', file);
	while (*text) {
		const char first = *text;
		const size_t n = bel_visible_char(text, visible);

		text += n;
		if (n > 1 && *visible == first) {
			put(file, visible, n, &after_escape);
			continue;
		}
		for (const char *c = visible; *c; c++)
			put_shown(file, *c, tick, latex, &after_escape);
	}
	fputc('"', file);
}

void bel_quote_text(FILE *file, const char *text)
{
	quote(file, text, false, false);
}

void bel_quote_tick(FILE *file, const char *text)
{
	quote(file, text, true, false);
}

void bel_quote_latex(FILE *file, const char *text)
{
	quote(file, text, false, true);
}

void bel_quote_latex_tick(FILE *file, const char *text)
{
	quote(file, text, true, true);
}

void bel_quote_path(FILE *file, const char *path)
{
	char visible[BEL_VISIBLE_CHAR];
	bool after_escape = false;

	fputc('"', file);
	/* "|command" would be a pipe and "~name" a home, unless a folder precedes it. */
	if (*path && *path != '/' && *path != '.' && !is_letter(*path) && !is_digit(*path))
		fputs("./", file);
	while (*path) {
		const size_t n = bel_visible_char(path, visible);

		if (*visible == *path)
			put(file, path, n, &after_escape);
		for (size_t i = 0; *visible != *path && i < n; i++)
			put(file, path + i, 1, &after_escape);
		path += n;
	}
	fputc('"', file);
}
