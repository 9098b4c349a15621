/* SPDX-License-Identifier: MIT */
/* source_state.h: the state of a source. Private to source.c and source_open.c. */
#ifndef BEL_SOURCE_STATE_H
#define BEL_SOURCE_STATE_H

#include "coarsen.h"
#include "fold.h"
#include "native.h"
#include "parts.h"
#include "run_digest.h"
#include "source.h"
#include "source_slice.h"

struct bel_source {
	struct bel_input *input;
	struct bel_trace_info info;
	struct bel_source_options options;
	unsigned page_bits;

	struct bel_native_reader *native; /* NULL: a foreign format */
	struct bel_parts *parts;          /* several native files; NULL: one */
	const struct bel_format *format;
	struct bel_guess guess; /* how the format was found */
	void *reader;

	struct bel_access *access;
	struct bel_accesses batch;
	struct bel_chunk chunk; /* folded input, not completely taken */
	bool pending;           /* fold the same batch again */
	bool again;             /* make pages of the same chunk again */
	bool at_end;
	bool any; /* a reference was seen */

	struct bel_fold *fold; /* exact input */
	bool sliced;
	bool is_slice;                 /* the file is a slice of another trace: */
	struct bel_source_range whole; /* these references of it */
	uint64_t checksum;             /* of the end of a native file; 0: not known */
	struct bel_source_slice slice;
	struct bel_coarsen *coarsen; /* where pages are not the granules, or get other numbers */

	struct bel_run_digest digest;
	char *title, *file;
	char *damage;
};

#endif
