/* SPDX-License-Identifier: MIT */
/*
 * run_digest.h: a digest of a sequence of runs. Digests of pieces can be joined.
 *
 *	struct bel_run_digest digest = {0};
 *	bel_run_digest_add(&digest, chunk.runs, chunk.count);
 *	bel_run_digest_text(&digest, text);
 *
 * The runs are the coefficients of a polynomial modulo 2^61 - 1, evaluated at a fixed point (R. M.
 * Karp and M. O. Rabin, IBM Journal of Research and Development 31(2), 1987). So the digest of a
 * trace follows from those of its slices, if pages have the same numbers in all of them. It tells
 * traces apart; it is no protection against somebody who wants two traces with one digest.
 */
#ifndef BEL_RUN_DIGEST_H
#define BEL_RUN_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "run.h"

/* A zero-initialised digest has no runs. */
struct bel_run_digest {
	uint64_t value; /* modulo 2^61 - 1, perhaps not completely reduced */
	uint64_t runs;
};

enum { BEL_RUN_DIGEST_TEXT = 17 };

void bel_run_digest_add(struct bel_run_digest *digest, const struct bel_run *runs, size_t count);

/* Appends the runs of another digest. */
void bel_run_digest_join(struct bel_run_digest *digest, const struct bel_run_digest *behind);

/*
 * Where a piece has page numbers of its own, the weight of a page says how much the digest grows when the
 * page's number grows by one. These collect the weights of a sequence of runs: *factor begins at
 * 1, `weight` at 0, with room for every page.
 *
 *	bel_run_weights_add(weight, &factor, runs, count);        for all runs
 *	weight[page] = bel_run_weight_shift(weight[page], all runs - 1);
 */
void bel_run_weights_add(
	uint64_t *weight, uint64_t *factor, const struct bel_run *runs, size_t count);

/* The weight in the joined digest, when so many runs follow behind. */
uint64_t bel_run_weight_shift(uint64_t weight, uint64_t runs);

/* The weight of a page in both of two pieces. */
uint64_t bel_run_weight_sum(uint64_t one, uint64_t other);

/* The digest after a page with this weight got a number that is greater by `by`. */
void bel_run_digest_renumber(struct bel_run_digest *digest, uint64_t weight, int64_t by);

/* 16 hexadecimal digits and a zero byte. */
void bel_run_digest_text(const struct bel_run_digest *digest, char text[BEL_RUN_DIGEST_TEXT]);

#endif
