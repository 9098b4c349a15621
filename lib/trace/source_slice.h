/* SPDX-License-Identifier: MIT */
/*
 * source_slice.h: a slice of a trace: the runs that begin at the references from `from` up to `to`.
 * Private to source.c.
 *
 * References are numbered from 0 as the trace stores them. A slice begins and ends where runs of
 * the wanted page size begin, so no run is cut: slices that meet at a number hold every run once.
 */
#ifndef BEL_SOURCE_SLICE_H
#define BEL_SOURCE_SLICE_H

#include <stdbool.h>

#include "chunk.h"

struct bel_source_slice {
	uint64_t from, to;
	unsigned part, parts; /* slice `part` of `parts`; 0: given by references */
	/* How runs of the chunks become runs of the wanted page size. */
	unsigned shift;  /* logarithm of granules per page */
	bool first_byte; /* further pages of crossing references are left out */

	bool began, ended;
	uint64_t seen;   /* references of the trace in chunks so far */
	uint64_t base;   /* number of the first reference that is in the slice */
	bool any;        /* a run was seen; it was of this page: */
	uint64_t number; /* of the page */
	uint32_t space;
	bool event;             /* an event followed that run */
	struct bel_event *copy; /* events of a chunk that was cut at its front; owned */
};

/*
 * Parses "2/8" or "1M:2M" (either end may be left out). BEL_USAGE names the option and what is
 * wrong. With parts, bel_source_slice_place() sets from and to when the length is known.
 */
int bel_source_slice_parse(struct bel_source_slice *slice, const char *text, struct bel_err *err);
void bel_source_slice_place(struct bel_source_slice *slice, uint64_t references);
void bel_source_slice_release(struct bel_source_slice *slice);

/*
 * Cuts a chunk to what is in the slice: 1, or 0 if that is nothing, or negative. `now` becomes the time since the
 * slice began. Numbers of kinds are not known. Chunks are given in order; some may be left out
 * before the one that has reference from - 1. When `ended` is set, no later chunk is in the slice.
 * The events are valid until the next call.
 */
int bel_source_slice_cut(struct bel_source_slice *slice, struct bel_chunk *chunk,
	struct bel_granules granules, struct bel_err *err);

#endif
