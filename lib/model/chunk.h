/* SPDX-License-Identifier: MIT */
/*
 * chunk.h: pieces of a trace, in two views:
 *
 *	exact   struct bel_access: every reference with address, size and kind.
 *	        Foreign formats are parsed to it; native traces of granule 1 store it.
 *	folded  struct bel_run: consecutive references to one granule, with dense
 *	        granule numbers. The engine uses it.
 *
 * fold.h of the trace library converts exact to folded; there is no way back.
 */
#ifndef BEL_CHUNK_H
#define BEL_CHUNK_H

#include <stddef.h>
#include <stdint.h>

#include "event.h"
#include "reference.h"
#include "run.h"

/*
 * A batch of exact references of one space, with the events between them.
 * The reader fills arrays that its caller owns; `access` has `capacity` elements.
 */
struct bel_accesses {
	struct bel_access *access;
	size_t count, capacity;
	struct bel_events events;
	uint32_t space;
	/*
	 * For writers of BEL_FORMAT_NEXT formats: for each reference, the number (from 0) of the
	 * next reference to its address, UINT64_MAX if there is none. Otherwise NULL.
	 */
	const uint64_t *next;
};

/*
 * A piece of a folded trace, all of one space. The pointers point into the object that made the
 * chunk and are valid until its next call. A mark has at == 0, so it begins a chunk. Therefore
 * whole chunks lie between two marks, and the kinds of their references are known.
 */
struct bel_chunk {
	const struct bel_run *runs;
	size_t count;
	const uint64_t *next; /* when each run's page is referenced next; NULL: not computed */
	const struct bel_event *events; /* ascending by `at`, 0 <= at <= count */
	size_t event_count;
	uint64_t now;        /* virtual time of the first reference */
	uint64_t references; /* sum of the runs' counts */
	/*
	 * References by kind, and the further pages of references that cross a page boundary. They
	 * may already include the run that the maker still holds open. Over a whole trace, the
	 * sum of kinds + crossings = references.
	 */
	uint64_t kinds[BEL_KINDS];
	uint64_t crossings;
	uint32_t space;
};

/* Address of a granule; the index in the list is its dense number. */
struct bel_granule {
	uint64_t number; /* byte address >> granule bits */
	uint32_t space;
};

struct bel_granules {
	const struct bel_granule *granule; /* grows at first touches; the pointer may change */
	uint32_t count;
};

#endif
