/* SPDX-License-Identifier: MIT */
/*
 * trace.h: the properties of a trace, apart from its references and events (chunk.h).
 */
#ifndef BEL_TRACE_H
#define BEL_TRACE_H

#include <stdint.h>

#include "chunk.h"

struct bel_trace_info {
	unsigned granule_bits; /* of the folded view; 0: exact */
	unsigned unit_bits;    /* of the exact view's addresses (granule_bits 0 only) */
	unsigned address_bits; /* 32 or 64 */
	int first_byte;        /* crossing references were counted once, at their first byte */
	int kernel;            /* may have references of the kernel kinds */
	/*
	 * Call stacks (event.h): references to pages that are not among the last near_pages
	 * distinct pages of 1 << near_bits bytes have them. 0: the trace has no call stacks.
	 */
	unsigned near_pages, near_bits;
	int near_renewed; /* so have references that renew near pages (event.h) */
	/*
	 * One of several files that are one trace (parts.h): its number from 1, how many events at
	 * its front tell again what is known from the parts before it, and the checksum of the end of
	 * the part before it. part 0: the trace is one file.
	 */
	unsigned part;
	uint64_t part_events, part_after;
	/*
	 * A slice of another trace, and a trace of its own: the runs that begin at references
	 * slice_from up to slice_to of the whole (UINT64_MAX: its end), and a number that tells the
	 * whole apart from other traces. A slice from UINT64_MAX on lies behind the last reference
	 * and is empty. slice 0: it is no slice.
	 */
	int slice;
	uint64_t slice_from, slice_to, slice_of;
	int phrases;         /* of a trace to be written: bel_native_write_phrases() may be used */
	const char *command; /* command line that was captured or made the trace; NULL: unknown */
	const char *name;    /* given by the user; NULL: none */
	const char *tool;    /* "bel-capture 0.1.0, valgrind-3.19.0 lackey"; NULL: not known */
	const char *format;  /* "bel", "lackey", ... */
	/* For a reduced trace (reduction_scope.h): valid for these policies, at min_frames or more.
	 */
	const char *valid_policies; /* "lru,opt"; NULL: not reduced */
	uint64_t min_frames;
};

#endif
