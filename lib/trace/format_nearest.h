/* SPDX-License-Identifier: MIT */
/*
 * format_nearest.h: for a line that no format reads, the formats whose example looks most like
 * it. For messages alone. Private to lib/trace.
 */
#ifndef BEL_FORMAT_NEAREST_H
#define BEL_FORMAT_NEAREST_H

#include "format.h"

/*
 * The two nearest formats, as "kind (\"R 0x7ffe1000 8\", --from kind), ..."; empty if the line
 * looks like none. `room` is at least 1.
 */
void bel_format_nearest(char *text, size_t capacity, const uint8_t *line, size_t length);

#endif
