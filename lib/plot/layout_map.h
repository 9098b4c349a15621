/* SPDX-License-Identifier: MIT */
/*
 * layout_map.h: the margins of a map of policies by names, so that all names fit, private to
 * lib/plot and its tests.
 *
 * Names of rows and columns are whole where there is room. Elsewhere the parts are left out that
 * they have in common (elide.h). Names of columns are at the flattest angle at which they do not
 * touch. In letters (dumb) there are no angles: they stand on several lines in turn.
 */
#ifndef BEL_LAYOUT_MAP_H
#define BEL_LAYOUT_MAP_H

#include "figure.h"
#include "terminal.h"

/* Margins are in parts of the picture, and its texts. */
struct bel_map {
	double left, right, bottom, top;
	int angle;                          /* of the names of columns, in degrees */
	size_t stagger;                     /* dumb: lines that these names take in turn */
	size_t label_letters, name_letters; /* of rows, of columns: at most so many letters */
	char **label, **name;               /* texts of the ticks, owned */
};

/* The height, in pixels, that a map needs for its rows and for the whole names of its columns. */
double bel_map_height(const struct bel_figure *figure, const struct bel_canvas *canvas, bool dumb);

/*
 * Fills *map, which was zero. bel_map_texts_free() frees the lists of texts, of figure->count and
 * of figure->names texts, also after a failure. BEL_FAIL: no memory.
 */
int bel_map_make(struct bel_map *map, const struct bel_figure *figure,
	const struct bel_canvas *canvas, bool titled, bool dumb, struct bel_err *err);
void bel_map_texts_free(char **text, size_t count);

#endif
