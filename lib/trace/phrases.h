/* SPDX-License-Identifier: MIT */
/*
 * phrases.h: runs as a sequence of phrases.
 *
 * A program repeats itself: the same runs follow each other again and again. A phrase is such a
 * piece, given once; a code of two bytes stands for it wherever it occurs. A capture's code names
 * about three runs, so a block of phrases is several times smaller than its runs, and quicker to
 * write, to compress and to read.
 *
 *	if (bel_phrases_expand(&expander, &block, run, &err) < 0)
 *		return BEL_FAIL;
 *
 * Where two phrases meet, the run that ends the first and the run that begins the second become
 * one if they name the same granule and neither is a further granule of a crossing reference. A
 * phrase that is `apart` begins a run of its own all the same: an event stands before it, or the
 * run would be too long.
 *
 * Ownership: a block points at arrays of its maker.
 */
#ifndef BEL_PHRASES_H
#define BEL_PHRASES_H

#include <stdbool.h>

#include "chunk.h"

struct bel_phrase_block {
	const struct bel_run *run; /* of all phrases; the element after the last may be read */
	size_t runs;
	const uint32_t *head; /* for each phrase: its number of runs << 1 | apart */
	size_t phrases;
	/* 2 bytes each, little-endian: 0 for the next new phrase, else the number of a phrase + 1. */
	const uint8_t *code;
	size_t codes;
	/* The block as a chunk, with the number of its runs, but without them. */
	struct bel_chunk all;
};

#define BEL_PHRASE_APART 1u

struct bel_phrase_place {
	const struct bel_run *run;
	uint32_t runs;
	uint32_t joins, open; /* the granules of its first and last run, if they may be joined */
	uint64_t references;
};

/* Scratch memory, zero at first. */
struct bel_expander {
	struct bel_phrase_place *place; /* owned; of each phrase */
	size_t capacity;
};

/*
 * Writes the block's runs to `run`, which has room for block->all.count of them and one more.
 * Fails if the block's codes, references or number of runs are wrong.
 */
int bel_phrases_expand(struct bel_expander *expander, const struct bel_phrase_block *block,
	struct bel_run *run, struct bel_err *err);

void bel_expander_release(struct bel_expander *expander);

#endif
