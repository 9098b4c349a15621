/* SPDX-License-Identifier: MIT */
/*
 * terminal.h: the formats of pictures, private to lib/plot.
 */
#ifndef BEL_TERMINAL_H
#define BEL_TERMINAL_H

#include "script.h"

/* The size of the picture and of its letters, in pixels; for dumb, in letters. */
struct bel_canvas {
	double width, height;
	double letter_width, letter_height; /* average letter; a line of text */
};

void bel_canvas_get(struct bel_canvas *canvas, const struct bel_script *script);

bool bel_terminal_is_dumb(const struct bel_script *script);

/* LaTeX sets the text: cairolatex and tikz. */
bool bel_terminal_is_latex(const struct bel_script *script);

/* Writes the commands that choose terminal and output. */
void bel_terminal_write(const struct bel_script *script, FILE *file);

#endif
