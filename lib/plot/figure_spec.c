/* SPDX-License-Identifier: MIT */
/*
 * figure_spec.c: reads the directives of a figure's .gp file.
 */
#include "figure_spec.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

char *bel_text_read(const char *path, struct bel_err *err)
{
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t capacity = 0;

	if (!file) {
		bel_fail_open(err, path);
		return NULL;
	}
	/* None of these files contains a NUL byte, so reading up to one reads the whole file. */
	if (getdelim(&text, &capacity, 0, file) < 0) {
		if (ferror(file))
			bel_fail_errno(err, errno, "%s: cannot read", path);
		else
			bel_fail(err, "%s: cannot read: it is empty", path);
		free(text);
		text = NULL;
	}
	fclose(file);
	return text;
}

static int take_words(struct bel_figure_spec_text *words, const char *text)
{
	size_t n = 0;

	while (*(text += strspn(text, " \t"))) {
		const size_t length = strcspn(text, " \t");

		if (n == BEL_FIGURE_SPEC_COLUMNS)
			return -1;
		words->word[n] = strndup(text, length);
		if (!words->word[n++])
			return -1;
		text += length;
	}
	return n ? 0 : -1;
}

/* Handles one comment line; lines that are not directives are skipped. */
static int take_line(struct bel_figure_spec *spec, const char *line)
{
	const struct {
		const char *name;
		struct bel_figure_spec_text *words;
	} directive[] = {
		{"records:", &spec->records},
		{"x:", &spec->x},
		{"y:", &spec->y},
		{"series:", &spec->series},
		{"width:", &spec->width},
		{"columns:", &spec->columns},
		{"joins:", &spec->joins},
		{"band:", &spec->band},
		{"mark:", &spec->mark},
		{"policies:", &spec->policies},
		{"axis:", &spec->axis},
		{"rows:", &spec->rows},
		{"events:", &spec->events},
		{"measured:", &spec->measured},
	};

	line += strspn(line, "# ");
	if (!strncmp(line, "figure:", 7) && !spec->purpose) {
		line += 7 + strspn(line + 7, " ");
		spec->purpose = strdup(line);
		return spec->purpose ? 0 : -1;
	}
	for (size_t i = 0; i < sizeof(directive) / sizeof(*directive); i++) {
		const size_t n = strlen(directive[i].name);

		if (!strncmp(line, directive[i].name, n) && !directive[i].words->word[0])
			return take_words(directive[i].words, line + n);
	}
	return 0;
}

/* For directives that need two words. */
static bool lacks_second(const struct bel_figure_spec_text *words)
{
	return words->word[0] && (!words->word[1] || words->word[2]);
}

static bool lacks_third(const struct bel_figure_spec_text *words)
{
	return !words->word[1] || !words->word[2] || words->word[3];
}

int bel_figure_spec_read(struct bel_figure_spec *spec, const char *path, struct bel_err *err)
{
	int status = 0;

	memset(spec, 0, sizeof(*spec));
	spec->text = bel_text_read(path, err);
	if (!spec->text)
		return BEL_FAIL;
	for (const char *at = spec->text; *at == '#' && status == 0;) {
		const size_t n = strcspn(at, "\n");
		char *line = strndup(at, n);

		if (!line || take_line(spec, line) < 0)
			status = bel_fail(err, "%s: '%.*s' is not a list of 1 to %d words", path,
				(int)n, at, BEL_FIGURE_SPEC_COLUMNS);
		free(line);
		at += n + (at[n] == '\n');
	}
	if (status == 0 && !(spec->purpose && spec->records.word[0] && spec->x.word[0] &&
				   spec->y.word[0] && spec->series.word[0]))
		status = bel_fail(err,
			"%s: not a figure: it must begin with comments figure:, records:, x:, y: "
			"and "
			"series:",
			path);
	if (status == 0 && (lacks_second(&spec->band) || lacks_second(&spec->mark)))
		status = bel_fail(
			err, "%s: not a figure: band: and mark: need two words each", path);
	if (status == 0 &&
		(lacks_second(&spec->rows) || (spec->events.word[0] && lacks_third(&spec->events))))
		status = bel_fail(
			err, "%s: not a figure: rows: needs two words, and events: three", path);
	if (status < 0)
		bel_figure_spec_release(spec);
	return status;
}

static void words_release(struct bel_figure_spec_text *words)
{
	for (size_t i = 0; words->word[i]; i++)
		free(words->word[i]);
}

void bel_figure_spec_release(struct bel_figure_spec *spec)
{
	words_release(&spec->records);
	words_release(&spec->x);
	words_release(&spec->y);
	words_release(&spec->series);
	words_release(&spec->width);
	words_release(&spec->columns);
	words_release(&spec->joins);
	words_release(&spec->band);
	words_release(&spec->mark);
	words_release(&spec->policies);
	words_release(&spec->axis);
	words_release(&spec->rows);
	words_release(&spec->events);
	words_release(&spec->measured);
	free(spec->purpose);
	free(spec->text);
	memset(spec, 0, sizeof(*spec));
}

static bool words_hold(const struct bel_figure_spec_text *words, const char *word)
{
	for (size_t i = 0; words->word[i]; i++)
		if (!strcmp(words->word[i], word))
			return true;
	return false;
}

bool bel_figure_spec_wants(const struct bel_figure_spec *spec, const char *schema)
{
	return words_hold(&spec->records, schema);
}

bool bel_figure_spec_measures(const struct bel_figure_spec *spec, const char *schema)
{
	return words_hold(&spec->measured, schema);
}

bool bel_figure_spec_takes(const struct bel_figure_spec *spec, const char *policy)
{
	return !spec->policies.word[0] || words_hold(&spec->policies, policy);
}

bool bel_figure_spec_splits_by(const struct bel_figure_spec *spec, const char *what)
{
	return words_hold(&spec->series, what);
}

bool bel_figure_spec_axis_is(const struct bel_figure_spec *spec, const char *what)
{
	return words_hold(&spec->axis, what);
}

bool bel_figure_spec_joins(const struct bel_figure_spec *spec, const char *what)
{
	return words_hold(&spec->joins, what);
}
