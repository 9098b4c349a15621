/* SPDX-License-Identifier: MIT */
/*
 * load_classes.h: resident pages in order of loading, each in one of four classes. Finds the k-th
 * oldest page of a class without a walk over the pages.
 *
 * A load takes the next position; positions of pages that left are given up when the gaps are half
 * of all. Each position has two bits, its class. The members of a class are counted for 64, 1,024
 * and 32,768 positions, so that a search skips most of them.
 *
 *	struct bel_load_classes loads;                     inside the policy's instance
 *	bel_load_classes_create(&loads, env);              in init(); nothing to destroy
 *	bel_load_classes_push(&loads, page, 2);            loaded now, class 2
 *	bel_load_classes_move(&loads, page, 3);            to class 3; loads.class[page] is 3 now
 *	if (loads.count[0])                                members of class 0
 *		page = bel_load_classes_find(&loads, 0, k);    k = 0: the one loaded first
 *	bel_load_classes_remove(&loads, page);
 */
#ifndef BELADY_LOAD_CLASSES_H
#define BELADY_LOAD_CLASSES_H

#include "policy.h"

#define BEL_LOAD_CLASSES 4
#define BEL_LOAD_BLOCK 64    /* positions in a block */
#define BEL_LOAD_PART 1024   /* in a part: 16 blocks */
#define BEL_LOAD_WHOLE 32768 /* in a whole: 32 parts */
#define BEL_LOAD_AHEAD 16    /* positions from one that is read to one that is fetched */

struct bel_load_block {
	uint64_t high, low;              /* bits of the class; both 0 where no page is */
	uint64_t live;                   /* a page is there */
	uint8_t count[BEL_LOAD_CLASSES]; /* a population count costs more without its instruction */
};

struct bel_load_sum {
	uint32_t count[BEL_LOAD_CLASSES];
};

/* 16 bytes per page. */
struct bel_load_classes {
	uint32_t *page; /* of a position, two for each page */
	uint32_t *at;   /* position of a resident page */
	uint8_t *class; /* of a resident page: hits read it, and find it in fewer cache lines */
	struct bel_load_block *block;
	struct bel_load_sum *part, *whole;
	uint32_t pages, end; /* end: positions in use */
	uint32_t count[BEL_LOAD_CLASSES];
};

/* Registers the arrays. If that fails, the engine reports it. */
BEL_INLINE void bel_load_classes_create(struct bel_load_classes *loads, const struct bel_env *env)
{
	bel_page_list(env, &loads->page, 2 * sizeof(*loads->page));
	env->page_array(env->host, &loads->at, sizeof(*loads->at));
	env->page_array(env->host, &loads->class, sizeof(*loads->class));
	/* One byte per page holds a block for each 64 positions, and more than the sums need. */
	bel_page_list(env, &loads->block, 1);
	bel_page_list(env, &loads->part, 1);
	bel_page_list(env, &loads->whole, 1);
	env->page_count(env->host, &loads->pages);
}
_Static_assert(sizeof(struct bel_load_block) * 2 == BEL_LOAD_BLOCK, "a byte for two positions");

/* Whether a page is at a position below `end`. */
BEL_INLINE int bel_load_classes_holds(const struct bel_load_classes *loads, uint32_t at)
{
	return (int)(loads->block[at / BEL_LOAD_BLOCK].live >> at % BEL_LOAD_BLOCK & 1);
}

/* n members more (1, or UINT32_MAX for one less) of a class at a position. */
BEL_INLINE void bel_load_classes_add(
	struct bel_load_classes *loads, uint32_t at, int class, uint32_t n)
{
	loads->block[at / BEL_LOAD_BLOCK].count[class] += (uint8_t)n;
	loads->part[at / BEL_LOAD_PART].count[class] += n;
	loads->whole[at / BEL_LOAD_WHOLE].count[class] += n;
	loads->count[class] += n;
}

/* The page takes an empty position. */
BEL_INLINE void bel_load_classes_put(
	struct bel_load_classes *loads, uint32_t at, uint32_t page, int class)
{
	const uint32_t bit = at % BEL_LOAD_BLOCK;
	struct bel_load_block *block = &loads->block[at / BEL_LOAD_BLOCK];

	loads->page[at] = page;
	loads->at[page] = at;
	block->live |= UINT64_C(1) << bit;
	block->high |= (uint64_t)(class >> 1) << bit;
	block->low |= (uint64_t)(class & 1) << bit;
	bel_load_classes_add(loads, at, class, 1);
}

/* Empties a position. */
BEL_INLINE void bel_load_classes_clear(struct bel_load_classes *loads, uint32_t at, int class)
{
	const uint64_t others = ~(UINT64_C(1) << at % BEL_LOAD_BLOCK);
	struct bel_load_block *block = &loads->block[at / BEL_LOAD_BLOCK];

	bel_load_classes_add(loads, at, class, UINT32_MAX);
	block->live &= others;
	block->high &= others;
	block->low &= others;
}

/* Removes a resident page. */
BEL_INLINE void bel_load_classes_remove(struct bel_load_classes *loads, uint32_t page)
{
	bel_load_classes_clear(loads, loads->at[page], loads->class[page]);
}

/* A page leaves, and those loaded soon after it may be next: fetches what is read of the eighth. */
BEL_INLINE void bel_load_classes_fetch(
	const struct bel_load_classes *loads, uint32_t page, const struct bel_decision *out)
{
	const uint32_t at = loads->at[page] + 8;

	if (at >= loads->end)
		return;
	page = loads->page[at];
	__builtin_prefetch(&out->state[page], 1);
	__builtin_prefetch(&loads->at[page]);
	__builtin_prefetch(&loads->class[page]);
}

/* Moves a page to another class. */
BEL_INLINE void bel_load_classes_move(struct bel_load_classes *loads, uint32_t page, int class)
{
	const uint32_t at = loads->at[page];
	const uint64_t bit = UINT64_C(1) << at % BEL_LOAD_BLOCK;
	struct bel_load_block *block = &loads->block[at / BEL_LOAD_BLOCK];

	bel_load_classes_add(loads, at, loads->class[page], UINT32_MAX);
	block->high = class & 2 ? block->high | bit : block->high & ~bit;
	block->low = class & 1 ? block->low | bit : block->low & ~bit;
	bel_load_classes_add(loads, at, class, 1);
	loads->class[page] = (uint8_t) class;
}

/* Moves all pages of classes 2 and 3 to classes 0 and 1, and clears their accessed bits. */
static __attribute__((unused)) void bel_load_classes_lower(
	struct bel_load_classes *loads, struct bel_decision *out)
{
	for (uint32_t at = 0; at < loads->end; at += BEL_LOAD_BLOCK) {
		struct bel_load_block *block = &loads->block[at / BEL_LOAD_BLOCK];

		for (uint64_t bits = block->high; bits; bits &= bits - 1) {
			const uint32_t page = loads->page[at + (uint32_t)__builtin_ctzll(bits)];

			loads->class[page] &= 1;
			bel_clear_accessed(out, page);
		}
		block->high = 0;
		for (int class = 0; class < 2; class ++) {
			const uint32_t n = block->count[class + 2];

			if (!n)
				continue;
			bel_load_classes_add(loads, at, class, n);
			bel_load_classes_add(loads, at, class + 2, -n);
		}
	}
}

/* Positions of a block where members of a class are, as bits. */
BEL_INLINE uint64_t bel_load_classes_members(const struct bel_load_block *block, int class)
{
	return block->live & (class & 2 ? block->high : ~block->high) &
	       (class & 1 ? block->low : ~block->low);
}

/* Closes the gaps. */
static __attribute__((noinline, cold, unused)) void bel_load_classes_compact(
	struct bel_load_classes *loads)
{
	const uint32_t end = loads->end;
	uint32_t to = 0;

	for (uint32_t from = 0; from < end; from++) {
		const uint32_t page = loads->page[from];

		if (end - from > BEL_LOAD_AHEAD) {
			const uint32_t soon = loads->page[from + BEL_LOAD_AHEAD];

			__builtin_prefetch(&loads->at[soon], 1);
			__builtin_prefetch(&loads->class[soon]);
		}
		if (!bel_load_classes_holds(loads, from))
			continue;
		bel_load_classes_clear(loads, from, loads->class[page]);
		bel_load_classes_put(loads, to++, page, loads->class[page]);
	}
	loads->end = to;
}

/* A page is loaded into a class. */
BEL_INLINE void bel_load_classes_push(struct bel_load_classes *loads, uint32_t page, int class)
{
	/* Positions have 32 bits. */
	uint64_t most = (uint64_t)loads->pages / 32 * BEL_LOAD_BLOCK, live = 0;

	for (int i = 0; i < BEL_LOAD_CLASSES; i++)
		live += loads->count[i];
	/* Few gaps keep what is searched small. */
	if (most > 2 * live + BEL_LOAD_BLOCK)
		most = 2 * live + BEL_LOAD_BLOCK;
	if (most > UINT32_MAX)
		most = UINT32_MAX;
	if (__builtin_expect(loads->end >= most, 0))
		bel_load_classes_compact(loads);
	loads->class[page] = (uint8_t) class;
	bel_load_classes_put(loads, loads->end++, page, class);
}

/* Position of the k-th oldest member of a class, which has more than k. */
static __attribute__((unused)) uint32_t bel_load_classes_seek(
	const struct bel_load_classes *loads, int class, uint32_t k)
{
	const struct bel_load_sum *whole = loads->whole, *part;
	const struct bel_load_block *block;
	uint64_t bits;

	for (; k >= whole->count[class]; whole++)
		k -= whole->count[class];
	part = loads->part + (whole - loads->whole) * (BEL_LOAD_WHOLE / BEL_LOAD_PART);
	for (; k >= part->count[class]; part++)
		k -= part->count[class];
	block = loads->block + (part - loads->part) * (BEL_LOAD_PART / BEL_LOAD_BLOCK);
	for (; k >= block->count[class]; block++)
		k -= block->count[class];
	bits = bel_load_classes_members(block, class);
	for (; k; k--)
		bits &= bits - 1;
	return (uint32_t)(block - loads->block) * BEL_LOAD_BLOCK + (uint32_t)__builtin_ctzll(bits);
}

/* The k-th oldest member of a class, which has more than k. */
BEL_INLINE uint32_t bel_load_classes_find(
	const struct bel_load_classes *loads, int class, uint32_t k)
{
	return loads->page[bel_load_classes_seek(loads, class, k)];
}

/* Removes it, too. */
BEL_INLINE uint32_t bel_load_classes_take(struct bel_load_classes *loads, int class, uint32_t k)
{
	const uint32_t at = bel_load_classes_seek(loads, class, k);

	bel_load_classes_clear(loads, at, class);
	return loads->page[at];
}

#endif
