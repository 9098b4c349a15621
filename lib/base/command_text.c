/* SPDX-License-Identifier: MIT */
/* command_text.c: a command line as text for a shell. */
#include "command_text.h"

#include <stdio.h>
#include <string.h>

static void add_quoted(FILE *text, const char *word)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				   "%+,-./:=@_";

	if (word[0] != '\0' && word[strspn(word, safe)] == '\0') {
		fputs(word, text);
		return;
	}
	fputc('\'', text);
	for (; *word; word++) {
		if (*word == '\'')
			fputs("'\\''", text);
		else
			fputc(*word, text);
	}
	fputc('\'', text);
}

char *bel_command_text(char *const *argv)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return NULL;
	for (size_t i = 0; argv[i]; i++) {
		if (i)
			fputc(' ', stream);
		add_quoted(stream, argv[i]);
	}
	return fclose(stream) == 0 ? text : NULL;
}
