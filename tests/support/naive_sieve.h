/* SPDX-License-Identifier: MIT */
/*
 * naive_sieve.h: SIEVE by moving pages about in an array, one reference at a time; what
 * policies/sieve.c and its curve are held against. Nothing is shared with them.
 *
 *	struct naive_sieve *n = naive_sieve_new(frames);
 *	naive_sieve_refer(n, page, write);
 *	... naive_sieve_now(n)->faults ...
 *	naive_sieve_free(n);
 *
 * Page numbers are below 1024. Out of memory ends the test program.
 */
#ifndef NAIVE_SIEVE_H
#define NAIVE_SIEVE_H

#include "naive.h"

struct naive_sieve;

struct naive_sieve *naive_sieve_new(uint64_t frames);
void naive_sieve_refer(struct naive_sieve *n, uint64_t page, bool write);
void naive_sieve_drop(struct naive_sieve *n, uint64_t page); /* nothing if not resident */
const struct naive_counts *naive_sieve_now(const struct naive_sieve *n);
void naive_sieve_free(struct naive_sieve *n);

/* All references at once. */
struct naive_counts naive_sieve_run(uint64_t frames, const struct naive_ref *refs, size_t count);

#endif
