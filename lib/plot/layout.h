/* SPDX-License-Identifier: MIT */
/*
 * layout.h: where the key and the panels of a figure go, so that all text fits.
 *
 *	bel_layout_make(&layout, &figure, &script, &err);
 *	if (layout.named < layout.keys) ...                   the key names only some lines
 *	bel_layout_release(&layout);
 */
#ifndef BEL_LAYOUT_H
#define BEL_LAYOUT_H

#include "figure.h"
#include "layout_map.h"
#include "script.h"

enum bel_key_place { BEL_KEY_RIGHT, BEL_KEY_BELOW, BEL_KEY_NONE };

struct bel_key {
	const struct bel_series *series; /* one of those with this text */
	char *text;                      /* owned */
};

struct bel_layout {
	struct bel_key *key;
	size_t keys, named; /* entries; those for which there is room */
	enum bel_key_place place;
	size_t key_columns, key_rows;
	double key_share;  /* part of the picture that the key takes: width, or height */
	double names_left; /* and that the names of the axes take that several panels share */
	double names_below;
	size_t rows, columns;            /* of panels */
	double letters_wide, lines_high; /* a panel, in letters and lines of text */
	char **title;                    /* of each panel: the name of its trace, owned */
	size_t panels;
	size_t labels, names; /* texts in the map; 0: the figure is no map */
	struct bel_map map;
};

/*
 * Makes a picture of the default size higher if many panels, or many rows of a map, need it. Call it
 * before bel_layout_make().
 */
void bel_layout_grow(struct bel_script *script, const struct bel_figure *figure);

/*
 * Makes letters, marks and lines smaller if plots have little room, at most to 0.7 of their size.
 * Does nothing for dumb and LaTeX.
 */
int bel_layout_fit(struct bel_script *script, const struct bel_figure *figure, struct bel_err *err);

int bel_layout_make(struct bel_layout *layout, const struct bel_figure *figure,
	const struct bel_script *script, struct bel_err *err);
/* Whether several panels, or the rows of a map of names, are high enough to be read. */
bool bel_layout_is_readable(const struct bel_layout *layout);
/* Makes the picture higher, in steps of 10, until they are. Returns whether that is possible. */
bool bel_layout_make_readable(struct bel_script *script, const struct bel_figure *figure);

void bel_layout_release(struct bel_layout *layout);

#endif
