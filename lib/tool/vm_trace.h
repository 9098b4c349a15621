/* SPDX-License-Identifier: MIT */
/*
 * vm_trace.h: one or several traces as one stream of pieces for virtual-memory machines.
 *
 * Several traces are interleaved: each has the processor for `quantum` references (to the
 * end of the run in which they are full), in turn, until it ends. Address spaces and
 * pages are numbered anew in order of their appearance.
 *
 * A view shows pieces at a larger page size.
 */
#ifndef BEL_VM_TRACE_H
#define BEL_VM_TRACE_H

#include "hash_table.h"
#include "source.h"
#include "spool.h"
#include "vm.h"

struct vm_trace;

/* References by kind are not told of pieces: kinds and splits are 0. */
struct vm_piece {
	struct bel_chunk chunk;
	struct bel_granules pages; /* where the pages in its runs are */
};

/* The sources stay the caller's and outlive the trace. */
struct vm_trace *vm_trace_new(
	struct bel_source *const *sources, size_t count, uint64_t quantum, struct bel_err *err);
void vm_trace_free(struct vm_trace *trace); /* NULL is allowed */

/* The next piece: 1, 0 at the end, or negative. Valid until the next call. */
int vm_trace_next(struct vm_trace *trace, struct vm_piece *piece, struct bel_err *err);

/* Logarithm of the page size of pieces; references given so far. */
unsigned vm_trace_page_bits(const struct vm_trace *trace);
uint64_t vm_trace_references(const struct vm_trace *trace);

struct vm_view {
	unsigned shift; /* pages are so many bits larger than the pieces' */
	struct bel_hash_table number;
	uint32_t *page;              /* of a page of the pieces: that of the view, plus 1 */
	struct bel_granule *granule; /* where each page is */
	struct bel_run *run;
	struct bel_event *event;
	uint32_t known, pages, room;
	size_t run_room, event_room;
	uint64_t references;
};

/* The piece at the view's page size; valid until the next call. */
int vm_view_of(struct vm_view *view, const struct vm_piece *piece, struct vm_piece *out,
	struct bel_err *err);
void vm_view_release(struct vm_view *view);

/* Pieces held to be read again: runs in a spool, events in memory. */
struct vm_keep;

struct vm_keep *vm_keep_new(struct bel_spool_budget *budget, struct bel_err *err);
int vm_keep_add(struct vm_keep *keep, const struct vm_piece *piece, struct bel_err *err);
/* As vm_trace_next(), from the first piece on; pages are those of the last piece added. */
int vm_keep_next(struct vm_keep *keep, struct vm_piece *piece, struct bel_err *err);
void vm_keep_free(struct vm_keep *keep); /* NULL is allowed */

#endif
