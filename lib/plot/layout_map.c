/* SPDX-License-Identifier: MIT */
/* layout_map.c: the margins of a map and the angle of its names, so that the names fit. */
#include "layout_map.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "elide.h"
#include "layout.h"
#include "visible.h"

#define LABELS_MOST 0.35 /* part of the picture's width that the names of rows take at most */
#define NAMES_MOST 0.5   /* part of its height that the names of columns take at most */
#define NAMES_LONG 48    /* letters of a name for which a picture of the default size grows */
#define LETTERS_RIGHT 13 /* the scale of shades, with its numbers and its name */
#define DUMB_RIGHT 4
#define LETTERS_LEAST 12 /* no name is cut below this */
#define ROW_LINES 1.5    /* height of a row that is easy to read */
#define TITLE_LINES 2.5
#define RADIANS (3.14159265358979 / 180)

static size_t longest_of(char *const *text, size_t count)
{
	size_t longest = 0;

	for (size_t i = 0; i < count; i++) {
		const size_t n = bel_visible_letters(text[i]);

		longest = n > longest ? n : longest;
	}
	return longest;
}

/* The flattest angle at which names as far apart as the columns do not touch; for dumb, 0. */
static void choose_angle(struct bel_map *map, double column, double line, bool dumb)
{
	map->angle = dumb                                 ? 0
		     : column * sin(30 * RADIANS) >= line ? 30
		     : column * sin(60 * RADIANS) >= line ? 60
							  : 90;
}

/* The height that names of so many letters take, and how far the first one reaches to the left. */
static double names_height(const struct bel_map *map, const struct bel_canvas *canvas, size_t most)
{
	if (!map->angle)
		return ((double)map->stagger + 0.5) * canvas->letter_height;
	return (double)most * canvas->letter_width * sin(map->angle * RADIANS) +
	       canvas->letter_height * (1 + cos(map->angle * RADIANS));
}

/* Copies texts and shortens them to `most` letters. */
static char **copies(char *const *text, size_t count, size_t most, struct bel_err *err)
{
	char **const copy = calloc(count + 1, sizeof(*copy));
	bool all = copy;

	for (size_t i = 0; all && i < count; i++) {
		copy[i] = strdup(text[i]);
		all = copy[i];
	}
	if (all && bel_elide(copy, count, most) == 0)
		return copy;
	bel_map_texts_free(copy, count);
	bel_err_memory(err, "a figure");
	return NULL;
}

void bel_map_texts_free(char **text, size_t count)
{
	for (size_t i = 0; text && i < count; i++)
		free(text[i]);
	free(text);
}

/* Letters of the names of columns if they may take `height`. */
static size_t names_that_fit(
	const struct bel_map *map, const struct bel_canvas *canvas, double column, double height)
{
	const double step = canvas->letter_width * sin(map->angle * RADIANS);

	if (!map->angle)
		return (size_t)((double)map->stagger * column / canvas->letter_width) - 1;
	return (size_t)fmax(
		0, (height - canvas->letter_height * (1 + cos(map->angle * RADIANS))) / step);
}

static size_t between(size_t least, double value, size_t most)
{
	return value < (double)least ? least : value > (double)most ? most : (size_t)value;
}

/* All but the texts; `height` is that of the picture. */
static void measure(struct bel_map *map, const struct bel_canvas *canvas, size_t longest_label,
	size_t longest_name, size_t names, bool titled, bool dumb)
{
	const double wide = canvas->letter_width, right = dumb ? DUMB_RIGHT : LETTERS_RIGHT;
	double column, left, reach;
	size_t most;

	map->label_letters =
		between(LETTERS_LEAST, LABELS_MOST * canvas->width / wide, longest_label);
	left = ((double)map->label_letters + 2) * wide;
	column = fmax(wide, (canvas->width - left - right * wide) / (double)names);
	choose_angle(map, column, canvas->letter_height, dumb);
	map->stagger = 1;
	if (dumb) {
		const double rows = ceil(((double)longest_name + 1) / column);

		map->stagger = between(1, rows, between(1, canvas->height / 3, 1000));
	}
	most = names_that_fit(map, canvas, column, NAMES_MOST * canvas->height);
	map->name_letters = between(LETTERS_LEAST, (double)most, longest_name);
	reach = (double)map->name_letters * wide * cos(map->angle * RADIANS) - column / 2 + wide;
	if (!dumb)
		left = fmax(left, fmin(reach, LABELS_MOST * canvas->width));
	map->left = left / canvas->width;
	map->right = right * wide / canvas->width;
	map->bottom = fmin(0.7, names_height(map, canvas, map->name_letters) / canvas->height);
	map->top = (titled ? TITLE_LINES : 1) * canvas->letter_height / canvas->height;
}

static char **labels_of(const struct bel_figure *figure)
{
	char **const label = calloc(figure->count + 1, sizeof(*label));

	for (size_t i = 0; label && i < figure->count; i++)
		label[i] = figure->series[i].label;
	return label;
}

double bel_map_height(const struct bel_figure *figure, const struct bel_canvas *canvas, bool dumb)
{
	const size_t longest = longest_of(figure->name, figure->names);
	struct bel_canvas tall = *canvas;
	struct bel_map map;

	/* So tall that names of NAMES_LONG letters fit at any angle. */
	tall.height = 1e6;
	measure(&map, &tall, 0, longest < NAMES_LONG ? longest : NAMES_LONG, figure->names, true,
		dumb);
	return (map.top + map.bottom) * tall.height +
	       (dumb ? 1 : ROW_LINES) * (double)figure->count * canvas->letter_height;
}

int bel_map_make(struct bel_map *map, const struct bel_figure *figure,
	const struct bel_canvas *canvas, bool titled, bool dumb, struct bel_err *err)
{
	char **const label = labels_of(figure);

	if (!label)
		return bel_err_memory(err, "a figure");
	measure(map, canvas, longest_of(label, figure->count),
		longest_of(figure->name, figure->names), figure->names, titled, dumb);
	map->label = copies(label, figure->count, map->label_letters, err);
	map->name = copies(figure->name, figure->names, map->name_letters, err);
	free(label);
	return map->label && map->name ? 0 : BEL_FAIL;
}
