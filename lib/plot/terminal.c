/* SPDX-License-Identifier: MIT */
/* terminal.c: the formats of pictures: their sizes, and gnuplot's terminals for them. */
#include "terminal.h"

#include <string.h>

#include "quote.h"

/* Default size of pictures. */
#define PIXELS_WIDE 900
#define PIXELS_HIGH 540
#define COLUMNS_WIDE 79
#define LINES_HIGH 24
#define PIXELS_PER_INCH 96.0
#define POINTS_PER_INCH 72.0
#define FONT_POINTS 10.5

/* What a letter of a proportional font takes, in parts of the font's size; a little too much. */
#define LETTER_WIDTH 0.6
#define LETTER_HEIGHT 1.25

/*
 * What makes the formats alike, measured in pictures of gnuplot 5.4 (in pixels at a scale of 1: marks
 * of 8, lines of 2, dashes of 12 and 4, ten letters H of 103). SVG enlarges marks with the width of
 * lines. Cairo (PNG and PDF) has shorter dashes, and PDF also larger letters and thinner lines.
 */
#define SVG_MARKS 0.8
#define CAIRO_DASHES 2.0
#define PDF_FONTSCALE 0.75
#define PDF_LINEWIDTH 1.6

static const struct {
	const char *name, *suffix;
	unsigned least, most;
} terminals[] = {
	{"svg", ".svg", 100, 20000},
	{"png", ".png", 100, 20000},
	{"pdf", ".pdf", 100, 20000},
	{"dumb", ".txt", 20, 1000},
	{"cairolatex", ".tex", 100, 20000},
	{"tikz", ".tikz", 100, 20000},
};

#define TERMINALS (sizeof(terminals) / sizeof(*terminals))

const char *bel_terminal_of(const char *path)
{
	const size_t length = strlen(path);

	for (size_t i = 0; i < TERMINALS; i++) {
		const size_t n = strlen(terminals[i].suffix);

		if (length > n && !strcmp(path + length - n, terminals[i].suffix))
			return terminals[i].name;
	}
	return NULL;
}

static bool is_tikz(const struct bel_script *script)
{
	return !strcmp(script->terminal, "tikz");
}

int bel_script_check(const struct bel_script *script, struct bel_err *err)
{
	if (!(script->scale >= 0.1 && script->scale <= 20))
		return bel_usage(err, "--scale: %g is not from 0.1 to 20", script->scale);
	if (script->font_points && !(script->font_points >= 1 && script->font_points <= 200))
		return bel_usage(
			err, "--font: a size is 1 to 200 points, not %g", script->font_points);
	if (is_tikz(script) && (script->font_name || script->font_points))
		return bel_usage(err, "--font: a tikz picture has the font of the document");
	for (size_t i = 0; i < TERMINALS; i++) {
		const unsigned least = terminals[i].least, most = terminals[i].most;

		if (strcmp(script->terminal, terminals[i].name) != 0)
			continue;
		if (!script->width && !script->height)
			return 0;
		if (script->width >= least && script->width <= most &&
			script->height >= least / 2 && script->height <= most)
			return 0;
		return bel_usage(err, "%s pictures are %ux%u to %ux%u, not %ux%u", script->terminal,
			least, least / 2, most, most, script->width, script->height);
	}
	return bel_usage(err, "--format: '%s' is not svg, png, pdf, cairolatex, tikz or dumb",
		script->terminal);
}

bool bel_terminal_is_dumb(const struct bel_script *script)
{
	return !strcmp(script->terminal, "dumb");
}

bool bel_terminal_is_latex(const struct bel_script *script)
{
	return !strcmp(script->terminal, "cairolatex") || is_tikz(script);
}

static double scale_of(const struct bel_script *s)
{
	return s->scale > 0 ? s->scale : 1;
}

static double points_of(const struct bel_script *s)
{
	return (s->font_points > 0 ? s->font_points : FONT_POINTS) * scale_of(s);
}

void bel_canvas_get(struct bel_canvas *canvas, const struct bel_script *s)
{
	const bool dumb = bel_terminal_is_dumb(s);
	const double font = points_of(s) * PIXELS_PER_INCH / POINTS_PER_INCH;

	canvas->width = s->width ? s->width : dumb ? COLUMNS_WIDE : PIXELS_WIDE;
	canvas->height = s->height ? s->height : dumb ? LINES_HIGH : PIXELS_HIGH;
	canvas->letter_width = dumb ? 1 : LETTER_WIDTH * font;
	canvas->letter_height = dumb ? 1 : LETTER_HEIGHT * font;
}

static void put_font(const struct bel_script *s, double points, FILE *file)
{
	char text[200];

	snprintf(text, sizeof(text), "%s,%.4g", s->font_name ? s->font_name : "sans", points);
	fputs(" font ", file);
	bel_quote_text(file, text);
}

void bel_terminal_write(const struct bel_script *s, FILE *file)
{
	const double scale = scale_of(s), points = points_of(s);
	const bool svg = !strcmp(s->terminal, "svg");
	struct bel_canvas canvas;

	bel_canvas_get(&canvas, s);
	if (bel_terminal_is_dumb(s)) {
		fprintf(file, "set terminal dumb feed size %.0f, %.0f %s", canvas.width,
			canvas.height, s->color ? "ansi" : "mono");
	} else if (svg) {
		fprintf(file, "set terminal svg size %.0f, %.0f dynamic background rgb 'white'",
			canvas.width, canvas.height);
		put_font(s, points * PIXELS_PER_INCH / POINTS_PER_INCH, file);
		fprintf(file, " linewidth %.4g", scale);
	} else if (!strcmp(s->terminal, "png")) {
		fprintf(file, "set terminal pngcairo size %.0f, %.0f", canvas.width, canvas.height);
		put_font(s, points, file);
		fprintf(file, " linewidth %.4g", scale);
	} else if (is_tikz(s)) {
		fprintf(file, "set terminal tikz color size %.3fin, %.3fin linewidth %.4g",
			canvas.width / PIXELS_PER_INCH, canvas.height / PIXELS_PER_INCH, scale);
	} else {
		fprintf(file, "set terminal %s size %.3fin, %.3fin",
			bel_terminal_is_latex(s) ? "cairolatex pdf colortext" : "pdfcairo",
			canvas.width / PIXELS_PER_INCH, canvas.height / PIXELS_PER_INCH);
		/* In LaTeX the document has the font, unless one is asked for. */
		if (!bel_terminal_is_latex(s) || s->font_name || s->font_points > 0)
			put_font(s, points, file);
		if (!bel_terminal_is_latex(s))
			fprintf(file, " fontscale %g", PDF_FONTSCALE);
		fprintf(file, " linewidth %.4g",
			bel_terminal_is_latex(s) ? scale : PDF_LINEWIDTH * scale);
	}
	putc('\n', file);
	if (s->output) {
		fputs("set output ", file);
		bel_quote_path(file, s->output);
		putc('\n', file);
	}
	fprintf(file, "scale = %.4g\nmark_scale = %.4g\ndash_scale = %g\nletter_points = %.4g\n",
		scale, svg ? SVG_MARKS : scale, svg || is_tikz(s) ? 1 : CAIRO_DASHES,
		svg ? points * PIXELS_PER_INCH / POINTS_PER_INCH : points);
}
