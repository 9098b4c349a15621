/* SPDX-License-Identifier: MIT */
/*
 * number.h: numbers as people type them.
 *
 * Sizes are powers of 1024: 4096, 4k, 4K, 4KiB, 2M, 1GiB. Plain numbers take
 * the same suffixes; decimal or 0x hexadecimal. The text must contain nothing
 * but the number. Overflow is an error; values never wrap.
 */
#ifndef BEL_NUMBER_H
#define BEL_NUMBER_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"

/* `what` names the value in the message: "--page-size: '3q' is not a size". */
int bel_parse_number(const char *text, const char *what, uint64_t *value, struct bel_err *err);

/* A page or granule size: a power of two; *bits is its logarithm. 1 gives 0 bits. */
int bel_parse_page_size(const char *text, const char *what, unsigned *bits, struct bel_err *err);

/*
 * Frame counts: a comma-separated list of
 *	32          one count
 *	4:256       every count from 4 to 256
 *	4:256:4     in steps of 4
 *	4:256:*2    each twice the previous one (any factor above 1, may be fractional)
 *	10%         that share of the footprint, rounded up to a whole frame
 *	all         every count from 1 to the footprint
 * Blanks may follow a comma.
 * `footprint` is the number of distinct pages. If it is 0 (not known), % and
 * "all" are refused.
 * bel_frames_need_footprint(): whether the text needs the footprint.
 * The result is ascending and has no duplicates; the caller owns it (free()).
 * Zero frames are refused, and more than a record can hold.
 */
int bel_parse_frames(const char *text, uint64_t footprint, uint64_t **frames, size_t *count,
	struct bel_err *err);
int bel_frames_need_footprint(const char *text);

/*
 * Frames from bytes of memory, "2G,1G" or "1M:1G:*2", in pages of 2^page_bits bytes; otherwise as
 * bel_parse_frames().
 */
int bel_parse_memory(const char *text, unsigned page_bits, uint64_t **frames, size_t *count,
	struct bel_err *err);

/* The same list without % and "all", for other counts; `what` names them in messages. */
int bel_parse_counts(
	const char *text, const char *what, uint64_t **counts, size_t *count, struct bel_err *err);

#endif
