/* SPDX-License-Identifier: MIT */
/*
 * gen_simple.c: models that do not depend on earlier references: scans, loops,
 * uniform and Zipf draws.
 */
#include <stdlib.h>

#include "gen_model.h"

static void *create_pages(const struct bel_gen_setup *setup, struct bel_err *err)
{
	uint64_t *const pages = malloc(sizeof(*pages));

	if (!pages)
		bel_err_memory(err, "the generator");
	else
		*pages = setup->pages;
	return pages;
}

static void fill_sequential(
	void *state, struct bel_rng *rng, uint64_t now, struct bel_access *access, size_t n)
{
	(void)state;
	(void)rng;
	for (size_t i = 0; i < n; i++)
		access[i].address = now + i;
}

static void fill_loop(
	void *state, struct bel_rng *rng, uint64_t now, struct bel_access *access, size_t n)
{
	const uint64_t pages = *(const uint64_t *)state;
	uint64_t page = now % pages;

	(void)rng;
	for (size_t i = 0; i < n; i++) {
		access[i].address = page;
		page = page + 1 == pages ? 0 : page + 1;
	}
}

static void fill_uniform(
	void *state, struct bel_rng *rng, uint64_t now, struct bel_access *access, size_t n)
{
	const uint64_t pages = *(const uint64_t *)state;

	(void)now;
	for (size_t i = 0; i < n; i++)
		access[i].address = bel_rng_below(rng, pages);
}

static void *create_zipf(const struct bel_gen_setup *setup, struct bel_err *err)
{
	struct bel_alias *const alias = malloc(sizeof(*alias));

	if (!alias) {
		bel_err_memory(err, "the generator");
		return NULL;
	}
	if (bel_alias_init_power(alias, setup->pages, setup->alpha, err) < 0) {
		free(alias);
		return NULL;
	}
	return alias;
}

static void fill_zipf(
	void *state, struct bel_rng *rng, uint64_t now, struct bel_access *access, size_t n)
{
	const struct bel_alias alias = *(const struct bel_alias *)state;
	struct bel_rng own = *rng;

	(void)now;
	for (size_t i = 0; i < n; i++)
		access[i].address = bel_alias_draw(&alias, &own);
	*rng = own;
}

static void destroy_zipf(void *state)
{
	bel_alias_release(state);
	free(state);
}

const struct bel_gen_model bel_gen_simple[] = {
	{
		.name = "sequential",
		.title = "pages 0, 1, 2, ..., each once",
		.fill = fill_sequential,
	},
	{
		.name = "loop",
		.title = "pages 0 to P-1, repeated",
		.uses = BEL_GEN_PAGES,
		.create = create_pages,
		.fill = fill_loop,
		.destroy = free,
	},
	{
		.name = "uniform",
		.title = "independent draws, all pages equally likely",
		.uses = BEL_GEN_PAGES | BEL_GEN_RANDOM,
		.create = create_pages,
		.fill = fill_uniform,
		.destroy = free,
	},
	{
		.name = "zipf",
		.title = "independent draws, page k with weight 1 / (k+1)^alpha",
		.uses = BEL_GEN_PAGES | BEL_GEN_ALPHA | BEL_GEN_RANDOM | BEL_GEN_ONE_DRAW,
		.create = create_zipf,
		.fill = fill_zipf,
		.destroy = destroy_zipf,
	},
	{0},
};
