/* SPDX-License-Identifier: MIT */
/*
 * read_refs.h: a foreign reader run to its end, for unit tests and fuzzers.
 */
#ifndef BEL_READ_REFS_H
#define BEL_READ_REFS_H

#include "format.h"

struct read_refs {
	struct bel_access *access; /* owned */
	size_t count, capacity;
	struct bel_format_tally tally;
	int code; /* 0, or what the reader failed with: err tells */
	struct bel_err err;
};

/*
 * Reads all that is in `input` (owned, closed) in batches of at most `batch`
 * references. Aborts where a reader breaks the contract of format.h.
 */
void read_refs(struct read_refs *refs, const struct bel_format *format, struct bel_input *input,
	const struct bel_format_options *options, size_t batch);
void read_refs_release(struct read_refs *refs);

/* Aborts on any difference. */
void read_refs_compare(const struct read_refs *a, const struct read_refs *b);

/* Whether addresses, and where `kinds` and `sizes` say so these, are the same. */
bool read_refs_equal(const struct read_refs *a, const struct read_refs *b, bool kinds, bool sizes);

/* An input over memory. */
struct bel_input *read_refs_memory(const void *data, size_t size);

/* An input that gets its bytes in pieces of `piece` at most, as from a slow pipe. */
struct bel_input *read_refs_pieces(const void *data, size_t size, size_t piece);

/* What a fuzz target does with a format: see the body. */
int read_refs_fuzz(const char *format, const uint8_t *data, size_t size);

#endif
