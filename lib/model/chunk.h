/* SPDX-License-Identifier: MIT */
/*
 * chunk.h: pieces of a trace, in two views of it:
 *
 *	exact   struct bel_access: every reference with address, size and kind;
 *	        what foreign formats are parsed to and what granule 1 stores.
 *	folded  struct bel_run: consecutive references to one granule, with dense
 *	        granule numbers; what the engine eats.
 *
 * The trace library's fold.h turns the first into the second; nothing turns it back.
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
 * The reader fills arrays that its caller owns: `access` holds `capacity`.
 */
struct bel_accesses {
	struct bel_access *access;
	size_t count, capacity;
	struct bel_events events;
	uint32_t space;
	/*
	 * To a writer of a format that keeps it (BEL_FORMAT_NEXT): the number, from 0, of the next
	 * reference to each one's address, UINT64_MAX if there is none. Else NULL.
	 */
	const uint64_t *next;
};

/*
 * A piece of a folded trace, all of one space. Everything points into its maker and
 * is valid until the maker's next call. A mark has at == 0: it begins a chunk, so that
 * what is between two marks is whole chunks, whose kinds are known.
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
	 * References by kind, and the further pages of references that cross a boundary. They
	 * may run ahead of the runs by the one run that its maker holds open; over a whole
	 * trace, sum of kinds + crossings = references.
	 */
	uint64_t kinds[BEL_KINDS];
	uint64_t crossings;
	uint32_t space;
};

/* Where each granule is; index = dense number. Grows as granules are first touched. */
struct bel_granule {
	uint64_t number; /* byte address >> granule bits */
	uint32_t space;
};

struct bel_granules {
	const struct bel_granule *granule; /* changes when it grows */
	uint32_t count;
};

#endif
