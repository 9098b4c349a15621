/* SPDX-License-Identifier: MIT */
/*
 * slice.h: a part of a trace: by reference number, marks, process, thread, kind and region.
 *
 *	struct bel_slice_options options = BEL_SLICE_ALL;
 *	options.limit = 1000000;
 *	bel_slice_new(&slice, &options, &info, &err);
 *	while (... && (r = bel_slice_accesses(slice, batch, &part, &err)) > 0)
 *		... *part ...                    0: the window has ended, stop reading
 *	bel_slice_end(slice, &err);                 error if a mark, process, ... was not found
 *
 * Events before and in the window are kept, because they make the regions in which later
 * references are. Events of processes that are left out are dropped. References are numbered from
 * 0, over the whole input, or after from_mark if it is given.
 *
 * Whole processes, and the part between two marks, can also be taken from a folded trace. Any other
 * part of a folded trace needs runs that are of one kind (only fetches, or only loads), because
 * otherwise counts by kind are known only for whole blocks. Else it is refused with the reason
 * (BEL_USAGE).
 */
#ifndef BEL_SLICE_H
#define BEL_SLICE_H

#include <stdbool.h>

#include "trace.h"

#define BEL_SLICE_ANY UINT64_MAX

struct bel_slice_options {
	uint64_t skip, limit;
	uint64_t process, thread; /* the system's numbers */
	uint32_t kinds, regions;  /* 1 << enum bel_kind, bel_region_kind; all ones: any */
	/* From the first mark from_mark to the next mark to_mark; NULL: from the start, to the end.
	 */
	const char *from_mark, *to_mark;
};

#define BEL_SLICE_ALL                                                                              \
	{                                                                                          \
		.limit = BEL_SLICE_ANY, .process = BEL_SLICE_ANY, .thread = BEL_SLICE_ANY,         \
		.kinds = UINT32_MAX, .regions = UINT32_MAX                                         \
	}

/*
 * Whether the part has the call stacks of the trace. References that are left out before others
 * make pages far (event.h) that were near, and whose stacks are not known.
 */
bool bel_slice_keeps_stacks(const struct bel_slice_options *options);

struct bel_slice;

/* info: of the input trace; granule_bits, unit_bits and kernel are used. */
int bel_slice_new(struct bel_slice **slice, const struct bel_slice_options *options,
	const struct bel_trace_info *info, struct bel_err *err);

/* The slice owns *out, valid until the next call; it may have only events, or be empty. */
int bel_slice_accesses(struct bel_slice *slice, const struct bel_accesses *in,
	const struct bel_accesses **out, struct bel_err *err);
int bel_slice_chunk(struct bel_slice *slice, const struct bel_chunk *in,
	struct bel_granules granules, const struct bel_chunk **out, struct bel_err *err);

/* At the end: BEL_USAGE if the trace has no such process, thread or mark, or no regions. */
int bel_slice_end(const struct bel_slice *slice, struct bel_err *err);

/* Number of input references seen so far. */
uint64_t bel_slice_position(const struct bel_slice *slice);

void bel_slice_free(struct bel_slice *slice);

/*
 * "WHOLE | bel-convert --skip 10": the command that makes the part; the caller frees it. NULL if
 * the options leave nothing out, or out of memory.
 */
char *bel_slice_command(const struct bel_slice_options *options, const char *whole);

/* Parse lists as users type them: "fetch,load", "heap,stack". An error names `option`. */
int bel_slice_parse_kinds(const char *text, uint32_t *kinds, struct bel_err *err);
int bel_slice_parse_regions(
	const char *text, const char *option, uint32_t *regions, struct bel_err *err);

#endif
