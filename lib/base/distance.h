/* SPDX-License-Identifier: MIT */
/*
 * distance.h: how far a word that somebody typed is from a word that exists, for messages such as
 * "unknown option '--polices', similar to --policies".
 *
 *	if (bel_distance("clok", "clock") <= 1)
 *		...
 *
 * No errors; threads need no lock.
 */
#ifndef BEL_DISTANCE_H
#define BEL_DISTANCE_H

#include <stddef.h>

/*
 * The edit distance: letters to insert, delete or change, and neighbours to exchange, to make the
 * words equal. SIZE_MAX if the second word has more than 99 bytes.
 */
size_t bel_distance(const char *a, const char *b);

#endif
