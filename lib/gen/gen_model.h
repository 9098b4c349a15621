/* SPDX-License-Identifier: MIT */
/*
 * gen_model.h: the interface of a model; each gen_*.c defines some models.
 */
#ifndef BEL_GEN_MODEL_H
#define BEL_GEN_MODEL_H

#include "gen.h"
#include "rng.h"

/* Options of a model. Others: -n for all but BEL_GEN_STRING, --write-ratio for all but _TEXT. */
enum bel_gen_use {
	BEL_GEN_STRING = 0x1, /* a fixed list of pages: no options */
	BEL_GEN_PAGES = 0x2,
	BEL_GEN_ALPHA = 0x4,
	BEL_GEN_LOCALITY = 0x8,
	BEL_GEN_RANDOM = 0x10,   /* random: uses the seed */
	BEL_GEN_TEXT = 0x20,     /* the user gives the list */
	BEL_GEN_ONE_DRAW = 0x40, /* random: each reference draws once, and needs none before it */
};

struct bel_gen_model {
	const char *name;
	const char *title; /* one line, with the source */
	uint32_t uses;     /* enum bel_gen_use */
	const char *text;  /* BEL_GEN_STRING: the pages */
	/* Makes the model's state from the resolved setup; NULL: the model has no state. */
	void *(*create)(const struct bel_gen_setup *setup, struct bel_err *err);
	/* Sets the addresses of the next n references. */
	void (*fill)(void *state, struct bel_rng *rng, uint64_t now, struct bel_access *access,
		size_t n);
	void (*destroy)(void *state);
};

/* The models; each table ends with a NULL name. */
extern const struct bel_gen_model bel_gen_strings[], bel_gen_simple[], bel_gen_random[];

/*
 * A discrete distribution over 0 .. count-1. Walker's alias method draws from it
 * in constant time. 8 bytes per value (16 more during bel_alias_init_power()).
 */
struct bel_alias_slot {
	uint32_t keep;  /* probability, times 2^32, that a draw of this slot gives its own value */
	uint32_t other; /* otherwise it gives this value */
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

	/* The low half of the product is again a uniform random number. */
	return (uint32_t)((uint64_t)product >> 32) < slot.keep ? column : slot.other;
}

#endif
