/* SPDX-License-Identifier: MIT */
/*
 * gnuplot.h: runs gnuplot on a script.
 */
#ifndef BEL_GNUPLOT_H
#define BEL_GNUPLOT_H

#include <stdbool.h>
#include <stdio.h>

#include "err.h"

struct bel_gnuplot {
	const char *program; /* searched in PATH */
	const char *folder;  /* for a temporary file */
};

/* What gnuplot said. */
struct bel_gnuplot_words {
	char text[400];   /* its messages, cut if long, or "" */
	bool crowded;     /* the picture has too little room for its text; not in `text` */
	bool no_terminal; /* it was built without the terminal */
};

/*
 * Runs gnuplot, in a UTF-8 locale, on the script, which is read from its beginning. Copies the
 * picture to `picture` as it is written; messages call it `name`. `words` gets what gnuplot said. BEL_FAIL, with gnuplot's own message, if it is missing or fails, or if the
 * picture cannot be written. The caller handles errors of data still in the buffer of `picture`.
 */
int bel_gnuplot_run(const struct bel_gnuplot *gnuplot, FILE *script, FILE *picture,
	const char *name, struct bel_gnuplot_words *words, struct bel_err *err);

#endif
