/* SPDX-License-Identifier: MIT */
/* figure_names.c: names along x, numbered in order of first appearance. */
#include <stdlib.h>
#include <string.h>

#include "figure.h"

/* The members that x names, with a blank between: "clock bit=0". NULL: err says why. */
static char *name_of(
	const struct bel_recipe *recipe, const struct bel_record *record, struct bel_err *err)
{
	char *text = NULL;
	size_t room;
	FILE *out = open_memstream(&text, &room);
	int r = 0;

	for (size_t i = 0; out && recipe->x.word[i] && r == 0; i++) {
		char *part = bel_record_object_text(record, recipe->x.word[i]);
		const char *word = part;

		if (part && !*part && i == 0)
			r = bel_record_get_text(record, recipe->x.word[i], &word, err);
		if (r == 0 && word && *word)
			fprintf(out, "%s%s", i ? " " : "", word);
		free(part);
	}
	if (out && fclose(out) == 0 && r == 0)
		return text;
	if (r == 0)
		bel_err_memory(err, "a figure");
	free(text);
	return NULL;
}

int bel_figure_name(
	struct bel_figure *figure, const struct bel_record *record, double *x, struct bel_err *err)
{
	char *name = name_of(figure->recipe, record, err), **grown;
	size_t i = 0;

	if (!name)
		return BEL_FAIL;
	while (i < figure->names && strcmp(figure->name[i], name) != 0)
		i++;
	*x = (double)i + 1;
	if (i < figure->names) {
		free(name);
		return 0;
	}
	grown = reallocarray(figure->name, figure->names + 1, sizeof(*grown));
	if (!grown) {
		free(name);
		return bel_err_memory(err, "a figure");
	}
	figure->name = grown;
	figure->name[figure->names++] = name;
	return 0;
}
