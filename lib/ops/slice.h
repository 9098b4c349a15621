/* SPDX-License-Identifier: MIT */
/*
 * slice.h: a part of a trace: by reference number, marks, process, thread, kind and region.
 *
 *	struct bel_slice_options options = BEL_SLICE_ALL;
 *	options.limit = 1000000;
 *	bel_slice_new(&slice, &options, &info, &err);
 *	while (... && (r = bel_slice_accesses(slice, batch, &part, &err)) > 0)
 *		... *part ...                    0: the window has ended, read no more
 *	bel_slice_end(slice, &err);                 nothing by that name: refused
 *
 * Events before and in the window stay, for what comes later lives in the regions
 * that they made; those of processes that are left out go. Numbers count the
 * references of the whole input, from 0; behind from_mark, from there.
 *
 * Whole processes, and what is between marks, can be taken from a folded trace as well. Any other
 * part of one is given where its runs tell the kinds of all their references (fetches alone, or
 * loads alone): counts by kind are otherwise known for blocks only, and the part is refused with
 * the reason (BEL_USAGE).
 */
#ifndef BEL_SLICE_H
#define BEL_SLICE_H

#include "trace.h"

#define BEL_SLICE_ANY UINT64_MAX

struct bel_slice_options {
	uint64_t skip, limit;
	uint64_t process, thread; /* as the system numbered them */
	uint32_t kinds, regions;  /* 1 << enum bel_kind, bel_region; all ones: any */
	/* From the first mark of that name to the next of this one; NULL: from the start, to the
	 * end. */
	const char *from_mark, *to_mark;
};

#define BEL_SLICE_ALL                                                                              \
	{                                                                                          \
		.limit = BEL_SLICE_ANY, .process = BEL_SLICE_ANY, .thread = BEL_SLICE_ANY,         \
		.kinds = UINT32_MAX, .regions = UINT32_MAX                                         \
	}

struct bel_slice;

/* info: of the trace that comes: granule_bits, and unit_bits of accesses. */
int bel_slice_new(struct bel_slice **slice, const struct bel_slice_options *options,
	const struct bel_trace_info *info, struct bel_err *err);

/* *out is the slice's and valid until the next call; it may hold events alone, or nothing. */
int bel_slice_accesses(struct bel_slice *slice, const struct bel_accesses *in,
	const struct bel_accesses **out, struct bel_err *err);
int bel_slice_chunk(struct bel_slice *slice, const struct bel_chunk *in,
	struct bel_granules granules, const struct bel_chunk **out, struct bel_err *err);

/* At the end: BEL_USAGE if the trace has no such process, thread or mark, or names no regions. */
int bel_slice_end(const struct bel_slice *slice, struct bel_err *err);

/* References of the input that were seen so far. */
uint64_t bel_slice_position(const struct bel_slice *slice);

void bel_slice_free(struct bel_slice *slice);

/*
 * "WHOLE | bel-convert --skip 10", to be freed: the command that gives the part. NULL if the
 * options leave nothing out (or memory is).
 */
char *bel_slice_command(const struct bel_slice_options *options, const char *whole);

/* Lists as typed: "fetch,load", "heap,stack". */
int bel_slice_parse_kinds(const char *text, uint32_t *kinds, struct bel_err *err);
int bel_slice_parse_regions(const char *text, uint32_t *regions, struct bel_err *err);

#endif
