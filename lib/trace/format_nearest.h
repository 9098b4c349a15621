/* SPDX-License-Identifier: MIT */
/*
 * format_nearest.h: for a line that no format can read, the formats with the most similar
 * examples. Only for messages. Private to lib/trace.
 */
#ifndef BEL_FORMAT_NEAREST_H
#define BEL_FORMAT_NEAREST_H

#include "format.h"

/*
 * The two nearest formats, as "kind (\"R 0x7ffe1000 8\", --from kind), ..."; empty if no format is
 * similar. `capacity` is at least 1.
 */
void bel_format_nearest(char *text, size_t capacity, const uint8_t *line, size_t length);

#endif
