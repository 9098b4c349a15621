/* SPDX-License-Identifier: MIT */
/*
 * gen_model.h: what a model is to gen.c; each gen_*.c defines some.
 */
#ifndef BEL_GEN_MODEL_H
#define BEL_GEN_MODEL_H

#include "gen.h"
#include "rng.h"

/* What a model takes beside a seed; -n and --write-ratio go with all but strings. */
enum bel_gen_use {
	BEL_GEN_STRING = 0x1, /* a list of pages, written out: takes nothing */
	BEL_GEN_PAGES = 0x2,
	BEL_GEN_ALPHA = 0x4,
	BEL_GEN_LOCALITY = 0x8,
	BEL_GEN_RANDOM = 0x10, /* draws: the seed makes a difference */
	BEL_GEN_TEXT = 0x20,   /* the list is the user's */
};

struct bel_gen_model {
	const char *name;
	const char *title; /* one line, with the source */
	uint32_t uses;     /* enum bel_gen_use */
	const char *text;  /* BEL_GEN_STRING: the pages */
	/* Makes the model's state of the resolved setup; NULL: has none. */
	void *(*create)(const struct bel_gen_setup *setup, struct bel_err *err);
	/* Sets the addresses of the next n references. */
	void (*fill)(void *state, struct bel_rng *rng, uint64_t now, struct bel_access *access,
		size_t n);
	void (*destroy)(void *state);
};

/* Tables that end with a NULL name. */
extern const struct bel_gen_model bel_gen_strings[], bel_gen_simple[], bel_gen_random[];

/*
 * A discrete distribution over 0 .. count-1, drawn from in constant time by
 * Walker's alias method. 8 bytes a value (16 more while it is being made).
 */
struct bel_alias_slot {
	uint32_t keep; /* of 2^32 draws that land here, how many stay */
	uint32_t other;
};

struct bel_alias {
	struct bel_alias_slot *slot;
	uint64_t count;
};

/* Weights proportional to (i + 1) to the power of -alpha. */
int bel_alias_init_power(
	struct bel_alias *alias, uint64_t count, double alpha, struct bel_err *err);
void bel_alias_release(struct bel_alias *alias);

static inline uint32_t bel_alias_draw(const struct bel_alias *alias, struct bel_rng *rng)
{
	const unsigned __int128 product = (unsigned __int128)bel_rng_next(rng) * alias->count;
	const uint32_t column = (uint32_t)(product >> 64);
	const struct bel_alias_slot slot = alias->slot[column];

	/* What is left of the draw below the column is uniform again. */
	return (uint32_t)((uint64_t)product >> 32) < slot.keep ? column : slot.other;
}

#endif
