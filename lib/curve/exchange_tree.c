/* SPDX-License-Identifier: MIT */
/* exchange_tree.c: memory of an exchange tree, and its minima. */
#include "exchange_tree.h"

#include <stdlib.h>
#include <string.h>

static size_t lines(size_t places)
{
	return (places + BEL_NM_LINE - 1) / BEL_NM_LINE;
}

int bel_exchange_tree_init(struct bel_exchange_tree *numerals, size_t places, struct bel_err *err)
{
	size_t n = lines(places ? places : 1);

	*numerals = (struct bel_exchange_tree){.places = n * BEL_NM_LINE, .least = BEL_NO_NUMERAL};
	for (;; n = lines(n)) {
		const size_t bytes = n * BEL_NM_LINE * sizeof(uint32_t);
		uint32_t *const level = aligned_alloc(BEL_NM_LINE * sizeof(uint32_t), bytes);

		if (!level || numerals->levels == BEL_NM_LEVELS) {
			free(level);
			bel_exchange_tree_release(numerals);
			return bel_err_memory(err, "numerals");
		}
		memset(level, 0xff, bytes);
		numerals->level[numerals->levels++] = level;
		if (n == 1)
			return BEL_OK;
	}
}

void bel_exchange_tree_release(struct bel_exchange_tree *numerals)
{
	for (unsigned l = 0; l < numerals->levels; l++)
		free(numerals->level[l]);
	*numerals = (struct bel_exchange_tree){.levels = 0};
}

void bel_exchange_tree_build(struct bel_exchange_tree *numerals)
{
	size_t n = numerals->places / BEL_NM_LINE;

	for (unsigned l = 1; l < numerals->levels; l++, n = lines(n))
		for (size_t i = 0; i < n; i++)
			numerals->level[l][i] = bel_exchange_tree_line_least(
				numerals->level[l - 1] + i * BEL_NM_LINE);
	numerals->least = bel_exchange_tree_line_least(numerals->level[numerals->levels - 1]);
}

void bel_exchange_tree_round(struct bel_exchange_tree *numerals)
{
	for (size_t i = 0; i < numerals->places; i++)
		numerals->level[0][i] = bel_exchange_round(numerals->level[0][i]);
	bel_exchange_tree_build(numerals);
}
