/* SPDX-License-Identifier: MIT */
/*
 * gen.h: traces that nobody ran: textbook strings and random models.
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
 * are drawn from two generators, so that write_ratio does not move the pages.
 * Memory: at most 24 bytes a page, and none that grows with the references.
 */
#ifndef BEL_GEN_H
#define BEL_GEN_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "trace.h"

/* What the user did not give; a model takes its default, or refuses what it has no use for. */
#define BEL_GEN_UNSET UINT64_MAX
#define BEL_GEN_UNSET_REAL (-1.0)

struct bel_gen_setup {
	const char *model;
	const char *text; /* model "string": the pages; else NULL */
	uint64_t references, pages, seed;
	uint64_t locality; /* phases: pages in use at a time */
	uint64_t phase;    /* phases: references that one lasts, on average */
	double alpha;      /* zipf, stack: exponent */
	double write_ratio;
};

#define BEL_GEN_SETUP_INIT                                                                         \
	{                                                                                          \
		.references = BEL_GEN_UNSET, .pages = BEL_GEN_UNSET, .seed = BEL_GEN_UNSET,        \
		.locality = BEL_GEN_UNSET, .phase = BEL_GEN_UNSET, .alpha = BEL_GEN_UNSET_REAL,    \
		.write_ratio = BEL_GEN_UNSET_REAL,                                                 \
	}

struct bel_gen;

/* BEL_USAGE: unknown model, or a member that makes no sense or no difference with it. */
int bel_gen_new(struct bel_gen **gen, const struct bel_gen_setup *setup, struct bel_err *err);
void bel_gen_free(struct bel_gen *gen);

/* Fills access with the next references; returns how many, 0 at the end. */
size_t bel_gen_next(struct bel_gen *gen, struct bel_access *access, size_t capacity);

/* How many references there are in all. */
uint64_t bel_gen_references(const struct bel_gen *gen);

/* The command that gives this trace, defaults spelled out: "bel-gen loop -n 100 --pages 10". */
const char *bel_gen_command(const struct bel_gen *gen);

/* Name and title of a model: index 0, 1, ...; NULL past the last. */
const char *bel_gen_model_name(size_t index, const char **title);

#endif
