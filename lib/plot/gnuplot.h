/* SPDX-License-Identifier: MIT */
/*
 * gnuplot.h: running gnuplot on a script.
 */
#ifndef BEL_GNUPLOT_H
#define BEL_GNUPLOT_H

#include <stdio.h>

#include "err.h"

struct bel_gnuplot {
	const char *program; /* looked for in PATH */
	const char *folder;  /* for a temporary file */
};

/*
 * Runs it, in a locale of UTF-8, on the script, which is read from its
 * beginning, and copies the picture that it writes into `picture`, which
 * messages call `name`, as it comes. words gets what gnuplot said (cut if long),
 * "" if nothing. BEL_FAIL, with gnuplot's own message, when it is missing or
 * fails, and when the picture cannot be written (what stays in the file's buffer is
 * left to its owner).
 */
int bel_gnuplot_run(const struct bel_gnuplot *gnuplot, FILE *script, FILE *picture,
	const char *name, char *words, size_t capacity, struct bel_err *err);

#endif
