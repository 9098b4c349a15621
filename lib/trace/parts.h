/* SPDX-License-Identifier: MIT */
/*
 * parts.h: reads several native files, in order, as the one trace that a capture wrote in parts, or
 * of which they are slices.
 *
 * Each part is a whole trace. Its head has its number, and the checksum of the end of the part
 * before it; so a part that is missing, of another capture or in the wrong place is found. The
 * events at its front that tell again which spaces, regions and threads there are (info.part_events)
 * are left out here. The head of a slice says which references of which trace it has; a slice that
 * is missing, at the end too, is found, and so is an overlap. Granules have the numbers that they have in the whole trace.
 *
 *	parts = bel_parts_new(reader, input, more, more_count, &err);
 *	while ((r = bel_parts_read_chunk(parts, &chunk, &err)) > 0)
 *		... bel_parts_granules(parts) ...
 *	bel_parts_free(parts);
 *
 * A run may be cut in two where a part ends; coarsen.h joins the halves.
 *
 * Ownership: reader and input of the first part, and the names, are the caller's.
 * Memory:    about 50 bytes per granule. One file is open at a time, besides the first.
 */
#ifndef BEL_PARTS_H
#define BEL_PARTS_H

#include "native.h"

struct bel_parts;

/* `reader` has read nothing. BEL_USAGE if it is neither the first part of a capture nor a slice. */
struct bel_parts *bel_parts_new(struct bel_native_reader *reader, struct bel_input *input,
	const char *const *more, size_t count, struct bel_err *err);

/* As bel_native_read_chunk() and bel_native_read_accesses(). */
int bel_parts_read_chunk(struct bel_parts *parts, struct bel_chunk *chunk, struct bel_err *err);
int bel_parts_read_accesses(struct bel_parts *parts, struct bel_accesses *out, struct bel_err *err);

/* Of the folded view. */
struct bel_granules bel_parts_granules(const struct bel_parts *parts);

/* Of the present part, as bel_native_totals(); at the end, those of the last part. */
const struct bel_native_totals *bel_parts_totals(const struct bel_parts *parts);

void bel_parts_free(struct bel_parts *parts); /* NULL is allowed */

/*
 * Sorts the names of parts by their numbers, of slices by their references: a shell gives x.10.bel
 * before x.2.bel. Names stay in their order if one of them is neither.
 */
int bel_parts_sort(char **names, size_t count, struct bel_err *err);

#endif
