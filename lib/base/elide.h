/* SPDX-License-Identifier: MIT */
/*
 * elide.h: shortens texts in their middle so that they fit a column, and keeps what differs.
 *
 *	char *text[] = {strdup("/home/ann/run/sort"), strdup("/home/ann/run/wc")};
 *
 *	bel_elide(text, 2, 12);       "/home...sort", "/home...n/wc"
 *
 * "..." stands for what is left out. Texts that differ only where a middle is left out get a second
 * gap, and between the two gaps is the first place that differs. Equal texts stay equal; in a very
 * narrow column, different texts may become equal. The width is in terminal columns (visible.h).
 */
#ifndef BEL_ELIDE_H
#define BEL_ELIDE_H

#include <stddef.h>

/* The least width that elides well; narrower ones count as this one. */
#define BEL_ELIDE_LEAST 12

/*
 * Replaces each text that is wider than `width`, and frees the earlier one. Texts are made visible
 * first, so escapes are not cut. Returns 0, or -1 if there is no memory: texts may be replaced or not.
 */
int bel_elide(char **text, size_t count, size_t width);

#endif
