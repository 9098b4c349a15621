/* SPDX-License-Identifier: MIT */
/*
 * gen.h: generated traces: textbook reference strings and random models.
 *
 *	struct bel_gen_setup setup = BEL_GEN_SETUP_INIT;
 *	struct bel_gen *gen;
 *
 *	setup.model = "zipf";
 *	if (bel_gen_new(&gen, &setup, &err) < 0) ...
 *	while ((n = bel_gen_next(gen, access, capacity)))
 *		... n references: address = page number, size 1 ...
 *	bel_gen_free(gen);
 *
 * The same setup gives the same references on every machine. Pages and writes
 * are drawn from two random generators, so write_ratio does not change the pages.
 * Memory: at most 24 bytes per page, whatever the number of references.
 */
#ifndef BEL_GEN_H
#define BEL_GEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "trace.h"

/* Not given by the user: the model's default. A model refuses values that it does not use. */
#define BEL_GEN_UNSET UINT64_MAX
#define BEL_GEN_UNSET_REAL __builtin_inf()

struct bel_gen_setup {
	const char *model;
	const char *text; /* model "string": the pages; else NULL */
	uint64_t references, pages, seed;
	uint64_t locality; /* phases: pages used in one phase */
	uint64_t phase;    /* phases: mean length in references */
	double alpha;      /* zipf, stack: exponent */
	double write_ratio;
	/* Defaults of a tool, where its model uses them; 0: 100000 references, 1000 pages. */
	uint64_t default_references, default_pages;
};

#define BEL_GEN_SETUP_INIT                                                                         \
	{                                                                                          \
		.references = BEL_GEN_UNSET, .pages = BEL_GEN_UNSET, .seed = BEL_GEN_UNSET,        \
		.locality = BEL_GEN_UNSET, .phase = BEL_GEN_UNSET, .alpha = BEL_GEN_UNSET_REAL,    \
		.write_ratio = BEL_GEN_UNSET_REAL,                                                 \
	}

struct bel_gen;

/* BEL_USAGE: unknown model, or a member with a wrong value, or one that the model does not use. */
int bel_gen_new(struct bel_gen **gen, const struct bel_gen_setup *setup, struct bel_err *err);
void bel_gen_free(struct bel_gen *gen);

/* Fills access with the next references; returns how many, 0 at the end. */
size_t bel_gen_next(struct bel_gen *gen, struct bel_access *access, size_t capacity);

/*
 * Before the first bel_gen_next(): gives only the slice "2/8" or "1M:2M" (source_slice.h), whose runs
 * are references to one page. Slices that meet give every reference once. Zipf draws, loops, scans
 * and strings go there at once; the other models generate what is before, and drop it.
 * BEL_USAGE: the text is wrong.
 */
int bel_gen_slice(struct bel_gen *gen, const char *text, struct bel_err *err);

/* Sets the members of a head that say what the slice is of: with pages of 1 << page_bits bytes. */
void bel_gen_describe_slice(
	const struct bel_gen *gen, unsigned page_bits, struct bel_trace_info *info);

/* The number of references; of a slice, without what its first and last run change. */
uint64_t bel_gen_references(const struct bel_gen *gen);

/* Whether the seed changes the references. */
bool bel_gen_draws(const struct bel_gen *gen);

/* The command that makes this trace, with all defaults: "bel-gen loop -n 100 --pages 10". */
const char *bel_gen_command(const struct bel_gen *gen);

/* Name and title of a model: index 0, 1, ...; NULL after the last. */
const char *bel_gen_model_name(size_t index, const char **title);

#endif
