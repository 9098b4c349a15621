/* SPDX-License-Identifier: MIT */
/* distance.c: the edit distance of two short words, a row of its matrix at a time. */
#include "distance.h"

#include <stdint.h>
#include <string.h>

#define LONGEST 99

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t bel_distance(const char *a, const char *b)
{
	size_t rows[3][LONGEST + 1], *above = rows[0], *row = rows[1], *earlier = rows[2];
	const size_t width = strlen(b) + 1;

	if (width > LONGEST + 1)
		return SIZE_MAX;
	for (size_t i = 0; i < width; i++)
		row[i] = i;
	for (size_t line = 1; a[line - 1]; line++) {
		size_t *const free_row = earlier;

		earlier = above;
		above = row;
		row = free_row;
		row[0] = line;
		for (size_t i = 1; i < width; i++) {
			const char x = a[line - 1], y = b[i - 1];

			row[i] = least(above[i - 1] + (x != y), least(above[i], row[i - 1]) + 1);
			if (line > 1 && i > 1 && x == b[i - 2] && y == a[line - 2])
				row[i] = least(row[i], earlier[i - 2] + 1);
		}
	}
	return row[width - 1];
}
