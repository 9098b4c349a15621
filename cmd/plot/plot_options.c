/* SPDX-License-Identifier: MIT */
/* plot_options.c: options of bel-plot that need taking apart, and one message. */
#include "plot_options.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PIXELS_PER_INCH 96.0
#define MM_PER_INCH 25.4

/* "8.5cm": a number and, if one is there, its unit in pixels; else 0. Advances `text`. */
static bool take_length(const char **text, double *number, double *unit)
{
	static const struct {
		const char *name;
		double pixels;
	} units[] = {{"cm", 10 * PIXELS_PER_INCH / MM_PER_INCH},
		{"mm", PIXELS_PER_INCH / MM_PER_INCH}, {"in", PIXELS_PER_INCH}};
	const size_t length = strspn(*text, "0123456789.");
	char digits[16] = "", *end;

	if (!length || length >= sizeof(digits))
		return false;
	memcpy(digits, *text, length);
	*number = strtod(digits, &end);
	*text += length;
	*unit = 0;
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (strncmp(*text, units[i].name, strlen(units[i].name)) != 0)
			continue;
		*unit = units[i].pixels;
		*text += strlen(units[i].name);
		break;
	}
	return !*end;
}

int plot_choose_size(struct bel_script *script, const char *size, struct bel_err *err)
{
	const char *text = size;
	double wide, high, unit_wide, unit_high;

	if (!size)
		return 0;
	if (!take_length(&text, &wide, &unit_wide) || (*text != 'x' && *text != ',') ||
		(text++, !take_length(&text, &high, &unit_high)) || *text ||
		(unit_wide > 0 && !(unit_high > 0)) ||
		(!(unit_high > 0) && (wide != floor(wide) || high != floor(high))))
		return bel_usage(err,
			"--size: '%s' is not WIDTHxHEIGHT; such as 900x540 (pixels), 8.5x6cm, "
			"3.3x2in",
			size);
	if (unit_high > 0 && !strcmp(script->terminal, "dumb"))
		return bel_usage(err, "--size: dumb pictures are measured in characters: 79x24");
	if (unit_high > 0) {
		wide *= unit_wide > 0 ? unit_wide : unit_high;
		high *= unit_high;
	}
	if (round(wide) < 1 || round(high) < 1)
		return bel_usage(err, "--size: '%s' is too small", size);
	/* What is larger than any picture may be is refused with the terminal's limits. */
	script->width = (unsigned)fmin(round(wide), 1e9);
	script->height = (unsigned)fmin(round(high), 1e9);
	return 0;
}

static const char *plot_source(const char *wanted, const char *given)
{
	static const struct {
		const char *schema, *text;
	} tools[] = {
		{"belady.compare", ", which bel-compare writes"},
		{"belady.interval/", ", which --interval of bel-sim writes"},
		{"belady.vm-interval/", ", which --interval of bel-vm writes"},
		{"belady.vm/", ", which bel-vm writes"},
		{"belady.map/", ", which bel-map writes"},
		{"belady.curve/", ", which bel-curve writes"},
	};

	for (size_t i = 0; i < sizeof(tools) / sizeof(*tools) && strcmp(wanted, given) != 0; i++)
		if (!strncmp(wanted, tools[i].schema, strlen(tools[i].schema)))
			return tools[i].text;
	return "";
}

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
	return bel_fail(err, "%s draws %s%s%s%s; the input has none, but %" PRIu64 " of %s%s%s",
		kind, figure->spec->records.word[0], policy ? " of " : "", policy ? policy : "",
		plot_source(figure->spec->records.word[0], tally->other_schema), tally->other,
		tally->other_schema,
		*kinds   ? "; for these use --kind "
		: policy ? ""
			 : "; no kind draws only these (--kind list)",
		kinds);
}

void plot_compute_errors(struct tool *tool, struct bel_figure *figure)
{
	const int alone = bel_figure_errors(figure, &tool->err);

	tool_check(tool, alone);
	if (alone)
		tool_note(tool,
			"%d measured point%s no simulated result with the same frames, so no error",
			alone, alone == 1 ? " has" : "s have");
}
