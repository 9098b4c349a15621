/* SPDX-License-Identifier: MIT */
/*
 * token_code.h: the code that pagegrind has described (token.h): blocks, and cached blocks in
 * their cache entries. Executing them produces references.
 *
 * Folded references go to a run builder, exact ones to a batch. Private to token_log.c.
 */
#ifndef BEL_TOKEN_CODE_H
#define BEL_TOKEN_CODE_H

#include <stdbool.h>

#include "call_stack.h"
#include "region_tracker.h"
#include "run_builder.h"
#include "token.h"
#include "trace.h"

#define BEL_CODE_FURTHER 16384 /* at once */

struct bel_code_item {
	uint64_t granule;
	uint32_t number;
	uint8_t type; /* enum bel_token_item */
};

struct bel_code_segment {
	size_t first; /* index of its first item */
	uint32_t items, places;
	uint32_t references;
	uint32_t place; /* with call stacks: its place in the code, by the program's number */
};

/* A cached block as it was sent. */
struct bel_block_operands {
	uint32_t block;
	uint64_t operand[BEL_TOKEN_OPERANDS];
};

/*
 * With call stacks: the distinct pages of a cached block, so that a look at them needs half a cache
 * line instead of all its runs. The rest repeat the first page, so that the look has no loop.
 */
#define BEL_CACHED_PAGES 4
struct bel_cached_pages {
	uint32_t page[BEL_CACHED_PAGES];
	uint32_t ranks; /* a byte for each: from 1, in the order of their last runs */
	uint32_t place; /* of the block, by the program's number */
	bool fit;       /* there are no more pages */
} __attribute__((aligned(32)));

struct bel_codebook {
	unsigned granule_bits;
	uint32_t space;
	uint64_t stack_low, stack_high; /* [low, high); 0, 0: not known */

	struct bel_code_item *item; /* owned, as are the next five */
	struct bel_code_segment *block;
	struct bel_block_operands *operands; /* of BEL_TOKEN_CACHE_ENTRIES */
	struct bel_cached_block *cached;     /* the same, folded; runs 0: not available */
	struct bel_cached_runs *cached_runs;
	struct bel_cached_pages *cached_pages; /* NULL: no stacks, or no cached block yet */
	size_t items, item_capacity, blocks;

	struct bel_run_builder *builder; /* the caller's */
	struct bel_accesses *batch;      /* the caller's */

	struct bel_region_tracker *regions; /* the caller's; NULL: all references are wanted */
	uint32_t wanted;                    /* 1 << enum bel_region_kind */
	uint64_t change; /* state of `regions` when the cached blocks were folded */

	struct bel_call_stack calls; /* tree NULL: there are no call stacks */
	/* The code that made the last reference: a cached block, or this place. */
	uint32_t entry; /* BEL_TOKEN_CACHE_ENTRIES: none */
	uint32_t place;
};

/* References go to builder or batch, depending on granule_bits. */
int bel_code_init(struct bel_codebook *code, unsigned granule_bits, struct bel_run_builder *builder,
	struct bel_accesses *batch, struct bel_err *err);
void bel_code_release(struct bel_codebook *code);

/* A new program: everything described before is void. */
void bel_code_forget(struct bel_codebook *code);

/* Allocates a block's items, which the caller fills. NULL: out of memory. */
struct bel_code_item *bel_code_items(
	struct bel_codebook *code, uint32_t items, struct bel_err *err);

/* Makes a block, `number`, of these items. */
int bel_code_segment(struct bel_codebook *code, uint32_t number, uint32_t place, uint32_t items,
	struct bel_err *err);

/* Executes references [from, to) of a block. batch or builder must have room for all of it. */
int bel_code_piece(struct bel_codebook *code, const struct bel_block_operands *operands,
	uint32_t from, uint32_t to, struct bel_err *err);

/* Executes a block with its operands and stores it in a cache entry. */
int bel_code_define(struct bel_codebook *code, uint32_t entry,
	const struct bel_block_operands *operands, struct bel_err *err);

/* Whether something was defined in an entry. */
bool bel_code_defined(const struct bel_codebook *code, uint32_t entry);

/* Executes the cached block of an entry. Folds it again if it was not stored or is void. */
int bel_code_again(struct bel_codebook *code, uint32_t entry, struct bel_err *err);

/* Regions may have changed: then all folded blocks become void. */
void bel_code_look_at_regions(struct bel_codebook *code);

/*
 * A reference that belongs to no code: the kernel's. It touches at most BEL_CODE_FURTHER further
 * granules; bel_code_further() touches the others, and *further is the number of all. Returns 1: it
 * is recorded; 0: it is not; or negative.
 */
int bel_code_touch(struct bel_codebook *code, enum bel_kind kind, const struct bel_access *access,
	bool first_byte, uint64_t *further, struct bel_err *err);
int bel_code_further(struct bel_codebook *code, enum bel_kind kind, uint64_t granule, uint64_t n,
	struct bel_err *err);

/*
 * With call stacks, for each reference before it is made: adds the stack if a page may be far.
 * _near() has the page's number. _near_cached() is for all runs of a cached block, and
 * _near_define() comes first, when it is stored.
 */
int bel_code_near(struct bel_codebook *code, uint32_t page, struct bel_err *err);
int bel_code_near_exact(
	struct bel_codebook *code, uint64_t address, uint32_t bytes, struct bel_err *err);
int bel_code_near_define(struct bel_codebook *code, uint32_t entry, struct bel_err *err);
int bel_code_near_cached(struct bel_codebook *code, uint32_t entry, struct bel_err *err);

#endif
