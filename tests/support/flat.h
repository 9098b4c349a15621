/* SPDX-License-Identifier: MIT */
/*
 * flat.h: a trace as one array of items, independent of chunks, batches and blocks, so that two
 * ways to the same trace can be compared.
 *
 * flat_fold() folds in a simple way: one reference at a time, with a linear search for each page.
 * lib/trace's fold and coarsen do the same fast.
 */
#ifndef BEL_FLAT_H
#define BEL_FLAT_H

#include <stdbool.h>

#include "native.h"
#include "random_stream.h"
#include "source.h"

/* A run, a reference or an event; members that it lacks are 0. */
struct flat_item {
	char what; /* 'r', 'a' or 'e' */
	uint8_t type, region;
	uint16_t flags;
	uint32_t space, page, info, other, pid;
	uint64_t start; /* for runs: the page's address; for references: the address */
	uint64_t length, offset, value, name;
};

struct flat {
	struct flat_item *item;
	size_t count, capacity;
	uint64_t references, crossings, kinds[BEL_KINDS];
	const char *wrong; /* what contradicts itself in a chunk; NULL: nothing */
};

void flat_chunk(struct flat *f, const struct bel_chunk *chunk, struct bel_granules granules);
void flat_accesses(struct flat *f, const struct bel_accesses *batch);
void flat_fold(struct flat *f, const struct random_stream *s, unsigned page_bits, bool first_byte);

/* Adds everything that a source gives, folded or exact; 0 or negative with err. */
int flat_source(struct flat *f, struct bel_source *source, struct bel_err *err);
int flat_source_exact(struct flat *f, struct bel_source *source, struct bel_err *err);

void flat_clear(struct flat *f); /* frees the memory */

/* NULL if they are equal, else the difference (in a static buffer). */
const char *flat_difference(const struct flat *a, const struct flat *b);
/* Whether `part` equals the first items of `whole`; its last run may be shorter. */
bool flat_is_start(const struct flat *part, const struct flat *whole);

/* Makes a native trace in memory; the caller frees it. A failure ends the test program. */
void native_of_exact(const struct random_stream *s, int level, char **data, size_t *size);
void native_of_folded(const struct random_stream *s, unsigned page_bits, bool first_byte, int level,
	char **data, size_t *size);

/* The same in blocks of phrases: runs are cut into phrases at random places. */
void native_of_phrases(const struct random_stream *s, unsigned page_bits, bool first_byte,
	int level, uint64_t seed, char **data, size_t *size);

#endif
