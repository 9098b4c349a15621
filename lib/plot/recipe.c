/* SPDX-License-Identifier: MIT */
/*
 * recipe.c: reading the directives of a figure's .gp file.
 */
#include "recipe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

char *bel_text_read(const char *path, struct bel_err *err)
{
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t room = 0;

	/* No file that we draw with holds a NUL: up to one is up to the end. */
	if (!file || getdelim(&text, &room, 0, file) < 0) {
		if (!file || ferror(file))
			bel_fail_errno(err, errno, "%s: cannot read", path);
		else
			bel_fail(err, "%s: cannot read: it is empty", path);
		free(text);
		text = NULL;
	}
	if (file)
		fclose(file);
	return text;
}

static int take_words(struct bel_recipe_words *words, const char *text)
{
	size_t n = 0;

	while (*(text += strspn(text, " \t"))) {
		const size_t length = strcspn(text, " \t");

		if (n == BEL_RECIPE_WORDS)
			return -1;
		words->word[n] = strndup(text, length);
		if (!words->word[n++])
			return -1;
		text += length;
	}
	return n ? 0 : -1;
}

/* One comment line; what is no directive is passed over. */
static int take_line(struct bel_recipe *recipe, const char *line)
{
	const struct {
		const char *name;
		struct bel_recipe_words *words;
	} directive[] = {
		{"records:", &recipe->records},
		{"x:", &recipe->x},
		{"y:", &recipe->y},
		{"series:", &recipe->series},
		{"width:", &recipe->width},
		{"columns:", &recipe->columns},
		{"joins:", &recipe->joins},
		{"band:", &recipe->band},
		{"mark:", &recipe->mark},
		{"policies:", &recipe->policies},
		{"axis:", &recipe->axis},
	};

	line += strspn(line, "# ");
	if (!strncmp(line, "figure:", 7) && !recipe->purpose) {
		line += 7 + strspn(line + 7, " ");
		recipe->purpose = strdup(line);
		return recipe->purpose ? 0 : -1;
	}
	for (size_t i = 0; i < sizeof(directive) / sizeof(*directive); i++) {
		const size_t n = strlen(directive[i].name);

		if (!strncmp(line, directive[i].name, n) && !directive[i].words->word[0])
			return take_words(directive[i].words, line + n);
	}
	return 0;
}

/* Of those that are pairs. */
static bool lacks_second(const struct bel_recipe_words *words)
{
	return words->word[0] && (!words->word[1] || words->word[2]);
}

int bel_recipe_read(struct bel_recipe *recipe, const char *path, struct bel_err *err)
{
	int status = 0;

	memset(recipe, 0, sizeof(*recipe));
	recipe->text = bel_text_read(path, err);
	if (!recipe->text)
		return BEL_FAIL;
	for (const char *at = recipe->text; *at == '#' && status == 0;) {
		const size_t n = strcspn(at, "\n");
		char *line = strndup(at, n);

		if (!line || take_line(recipe, line) < 0)
			status = bel_fail(err, "%s: '%.*s' is no list of 1 to %d words", path,
				(int)n, at, BEL_RECIPE_WORDS);
		free(line);
		at += n + (at[n] == '\n');
	}
	if (status == 0 && !(recipe->purpose && recipe->records.word[0] && recipe->x.word[0] &&
				   recipe->y.word[0] && recipe->series.word[0]))
		status = bel_fail(err,
			"%s: no figure: it must begin with comments figure:, records:, x:, y: and "
			"series:",
			path);
	if (status == 0 && (lacks_second(&recipe->band) || lacks_second(&recipe->mark)))
		status = bel_fail(err, "%s: no figure: band: and mark: are two words", path);
	if (status < 0)
		bel_recipe_release(recipe);
	return status;
}

static void words_release(struct bel_recipe_words *words)
{
	for (size_t i = 0; words->word[i]; i++)
		free(words->word[i]);
}

void bel_recipe_release(struct bel_recipe *recipe)
{
	words_release(&recipe->records);
	words_release(&recipe->x);
	words_release(&recipe->y);
	words_release(&recipe->series);
	words_release(&recipe->width);
	words_release(&recipe->columns);
	words_release(&recipe->joins);
	words_release(&recipe->band);
	words_release(&recipe->mark);
	words_release(&recipe->policies);
	words_release(&recipe->axis);
	free(recipe->purpose);
	free(recipe->text);
	memset(recipe, 0, sizeof(*recipe));
}

static bool words_hold(const struct bel_recipe_words *words, const char *word)
{
	for (size_t i = 0; words->word[i]; i++)
		if (!strcmp(words->word[i], word))
			return true;
	return false;
}

bool bel_recipe_wants(const struct bel_recipe *recipe, const char *schema)
{
	return words_hold(&recipe->records, schema);
}

bool bel_recipe_takes(const struct bel_recipe *recipe, const char *policy)
{
	return !recipe->policies.word[0] || words_hold(&recipe->policies, policy);
}

bool bel_recipe_splits_by(const struct bel_recipe *recipe, const char *what)
{
	return words_hold(&recipe->series, what);
}

bool bel_recipe_axis_is(const struct bel_recipe *recipe, const char *what)
{
	return words_hold(&recipe->axis, what);
}

bool bel_recipe_joins(const struct bel_recipe *recipe, const char *what)
{
	return words_hold(&recipe->joins, what);
}
