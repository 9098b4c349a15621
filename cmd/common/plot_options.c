/* SPDX-License-Identifier: MIT */
/* plot_options.c: options of bel-plot that need taking apart, and one message. */
#include "plot_options.h"

#include <inttypes.h>
#include <string.h>

/* "NAME,SIZE", "NAME" or ",SIZE". */
int plot_choose_font(struct bel_script *script, const char *font, struct bel_err *err)
{
	static char name[100];
	const char *const comma = font ? strrchr(font, ',') : NULL;
	const size_t length = !font ? 0 : comma ? (size_t)(comma - font) : strlen(font);
	char end;

	if (!font)
		return 0;
	if (length >= sizeof(name) ||
		(comma && sscanf(comma + 1, "%lf%c", &script->font_points, &end) != 1) ||
		(comma && !(script->font_points > 0)))
		return bel_usage(err, "--font: '%s' is not NAME,SIZE", font);
	memcpy(name, font, length);
	script->font_name = length ? name : NULL;
	return 0;
}

int plot_choose_legend(struct bel_script *script, const char *legend, struct bel_err *err)
{
	static const char *const places[] = {"auto", "right", "below", "none"};

	for (size_t i = 0; legend && i < sizeof(places) / sizeof(*places); i++) {
		if (!strcmp(legend, places[i])) {
			script->key_place = (enum bel_place)i;
			return 0;
		}
	}
	if (legend)
		return bel_usage(err, "--legend: '%s' is not right, below, none or auto", legend);
	return 0;
}

/* Takes --label apart: NAME=TEXT, with commas between. The last "=" of each is ours. */
int plot_take_labels(struct bel_figure *figure, const char *label, struct bel_err *err)
{
	static struct bel_rename rename[100];
	static char text[4000];
	char *rest = text, *item;

	if (!label)
		return 0;
	if (strlen(label) >= sizeof(text))
		return bel_usage(err, "--label: more than %zu characters", sizeof(text) - 1);
	strcpy(text, label);
	while ((item = strsep(&rest, ","))) {
		char *const sign = strrchr(item, '=');

		if (!sign || sign == item)
			return bel_usage(err, "--label: '%s' is not NAME=TEXT", item);
		if (figure->renames == sizeof(rename) / sizeof(*rename))
			return bel_usage(err, "--label: more than %zu names", figure->renames);
		*sign = 0;
		rename[figure->renames++] = (struct bel_rename){item, sign + 1, false};
	}
	figure->rename = rename;
	return 0;
}

int plot_check_labels(const struct bel_figure *figure, struct bel_err *err)
{
	for (size_t i = 0; i < figure->renames; i++)
		if (!figure->rename[i].used)
			return bel_usage(err,
				"--label: nothing in the figure is called '%s'; --label has "
				"the names that the picture shows",
				figure->rename[i].from);
	return 0;
}

int plot_fail_other(const struct bel_plots *plots, const struct bel_figure *figure,
	const char *kind, const struct bel_figure_tally *tally, struct bel_err *err)
{
	const char *const policy = figure->spec->policies.word[0];
	char kinds[256] = "";

	if (!policy)
		bel_plots_drawing(plots, tally->other_schema, kinds, sizeof(kinds));
	return bel_fail(err, "%s draws %s%s%s; the input has none, but %" PRIu64 " of %s%s%s", kind,
		figure->spec->records.word[0], policy ? " of " : "", policy ? policy : "",
		tally->other, tally->other_schema, *kinds ? "; for these use --kind " : "", kinds);
}
