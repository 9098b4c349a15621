/* SPDX-License-Identifier: MIT */
/*
 * gnuplot.h: runs gnuplot on a script.
 */
#ifndef BEL_GNUPLOT_H
#define BEL_GNUPLOT_H

#include <stdio.h>

#include "err.h"

struct bel_gnuplot {
	const char *program; /* searched in PATH */
	const char *folder;  /* for a temporary file */
};

/*
 * Runs gnuplot, in a UTF-8 locale, on the script, which is read from its beginning. Copies the
 * picture to `picture` as it is written; messages call it `name`. `words` gets gnuplot's messages
 * (cut if long), or "". BEL_FAIL, with gnuplot's own message, if it is missing or fails, or if the
 * picture cannot be written. The caller handles errors of data still in the buffer of `picture`.
 */
int bel_gnuplot_run(const struct bel_gnuplot *gnuplot, FILE *script, FILE *picture,
	const char *name, char *words, size_t capacity, struct bel_err *err);

#endif
