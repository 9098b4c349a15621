/* SPDX-License-Identifier: MIT */
/* distance.c: the edit distance of two short words, a row of its matrix at a time. */
#include "distance.h"

#include <stdint.h>
#include <string.h>

#define LONGEST 99

size_t bel_distance(const char *a, const char *b)
{
	size_t row[LONGEST + 1];
	const size_t width = strlen(b) + 1;

	if (width > LONGEST + 1)
		return SIZE_MAX;
	for (size_t i = 0; i < width; i++)
		row[i] = i;
	for (size_t line = 1; *a; a++, line++) {
		size_t corner = row[0];

		row[0] = line;
		for (size_t i = 1; i < width; i++) {
			const size_t changed = corner + (*a != b[i - 1]);
			const size_t shorter = row[i - 1] < row[i] ? row[i - 1] : row[i];

			corner = row[i];
			row[i] = changed < shorter + 1 ? changed : shorter + 1;
		}
	}
	return row[width - 1];
}
