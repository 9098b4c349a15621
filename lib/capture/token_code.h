/* SPDX-License-Identifier: MIT */
/*
 * token_code.h: what pagegrind has described of a program's code (token.h): blocks, and
 * the cached blocks in their cache entries; and what executing them refers to.
 *
 * Folded, references go to a builder, exact ones to a batch. Private to token_log.c.
 */
#ifndef BEL_TOKEN_CODE_H
#define BEL_TOKEN_CODE_H

#include <stdbool.h>

#include "region_tracker.h"
#include "run_builder.h"
#include "token.h"
#include "trace.h"

struct bel_code_item {
	uint64_t granule;
	uint32_t number;
	uint8_t type; /* enum bel_token_item */
};

struct bel_code_segment {
	size_t first; /* of its items */
	uint32_t items, places;
	uint32_t references;
};

/* A cached block as it was told. */
struct bel_block_operands {
	uint32_t block;
	uint64_t operand[BEL_TOKEN_OPERANDS];
};

struct bel_codebook {
	unsigned granule_bits;
	uint32_t space;
	uint64_t stack_low, stack_high; /* [low, high); 0, 0: not known */

	struct bel_code_item *item; /* owned, as are the next four */
	struct bel_code_segment *block;
	struct bel_block_operands *operands; /* of BEL_TOKEN_CACHE_ENTRIES */
	struct bel_cached_block *cached;     /* the same, folded; runs 0: not to be had */
	size_t items, item_capacity, blocks;

	struct bel_run_builder *builder; /* the caller's */
	struct bel_accesses *batch;      /* the caller's */

	struct bel_region_tracker *regions; /* the caller's; NULL: references to all are wanted */
	uint32_t wanted;                    /* 1 << enum bel_region_kind */
	uint64_t change;                    /* of regions, when the cached blocks were folded */
};

/* builder or batch is where references go, by granule_bits. */
int bel_code_init(struct bel_codebook *code, unsigned granule_bits, struct bel_run_builder *builder,
	struct bel_accesses *batch, struct bel_err *err);
void bel_code_release(struct bel_codebook *code);

/* A new program: all that was described is void. */
void bel_code_forget(struct bel_codebook *code);

/* Room for a block's items, which the caller fills; NULL: out of memory. */
struct bel_code_item *bel_code_items(
	struct bel_codebook *code, uint32_t items, struct bel_err *err);

/* Those items are block `number`. */
int bel_code_segment(
	struct bel_codebook *code, uint32_t number, uint32_t items, struct bel_err *err);

/* Executes references [from, to) of a block; batch or builder have room for all of it. */
int bel_code_piece(struct bel_codebook *code, const struct bel_block_operands *operands,
	uint32_t from, uint32_t to, struct bel_err *err);

/* Executes words and keeps them in a cache entry. */
int bel_code_define(struct bel_codebook *code, uint32_t entry,
	const struct bel_block_operands *operands, struct bel_err *err);

/*
 * Folds a cache entry's cached block anew and executes it: it could not be kept, or regions have
 * changed.
 */
int bel_code_again(struct bel_codebook *code, uint32_t entry, struct bel_err *err);

/* Regions may have changed: cached blocks of the old ones are void. */
void bel_code_look_at_regions(struct bel_codebook *code);

/* A reference outside of all code: the kernel's. */
int bel_code_touch(struct bel_codebook *code, enum bel_kind kind, uint64_t address, uint32_t bytes,
	bool first_byte, struct bel_err *err);

#endif
