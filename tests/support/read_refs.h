/* SPDX-License-Identifier: MIT */
/*
 * read_refs.h: reads a foreign trace to its end, for unit tests and fuzzers.
 */
#ifndef BEL_READ_REFS_H
#define BEL_READ_REFS_H

#include "format.h"

struct read_refs {
	uint64_t marks;            /* a digest of where the marks are */
	struct bel_access *access; /* owned */
	size_t count, capacity;
	struct bel_format_tally tally;
	int code; /* 0, or the reader's error code, with err */
	struct bel_err err;
};

/*
 * Reads all of `input` (which is owned and closed) in batches of at most `batch` references.
 * Aborts if a reader breaks the contract of format.h.
 */
void read_refs(struct read_refs *refs, const struct bel_format *format, struct bel_input *input,
	const struct bel_format_options *options, size_t batch);
void read_refs_release(struct read_refs *refs);

/* Aborts on any difference. */
void read_refs_compare(const struct read_refs *a, const struct read_refs *b);

/* Whether the addresses are the same; with `kinds` and `sizes` these too. */
bool read_refs_equal(const struct read_refs *a, const struct read_refs *b, bool kinds, bool sizes);

/* An input over memory. */
struct bel_input *read_refs_memory(const void *data, size_t size);

/* An input that reads at most `piece` bytes at a time, as from a slow pipe. */
struct bel_input *read_refs_pieces(const void *data, size_t size, size_t piece);

/* The body of a fuzz target for a format; its steps are described in the function. */
int read_refs_fuzz(const char *format, const uint8_t *data, size_t size);

#endif
