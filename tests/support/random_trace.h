/* SPDX-License-Identifier: MIT */
/*
 * random_trace.h: makes reference strings of several kinds from a seed, and converts them to runs.
 *
 * The kinds are uniform, skewed, looping, phased, wandering and mixed. A string has 1 to 40 pages
 * and `least` to `most` references, more often close to `least`. It has writes, and bursts of one
 * page that can be folded. The same generator state gives the same trace.
 *
 *	struct random_trace t;
 *	random_trace_make(&t, &rng, 0, 3000);
 *	random_trace_fold(&t, FOLDED, 0, &runs);
 *	...
 *	run_list_release(&runs);
 *	random_trace_release(&t);
 *
 * Out of memory ends the test program.
 */
#ifndef BEL_RANDOM_TRACE_H
#define BEL_RANDOM_TRACE_H

#include <stdio.h>

#include "naive.h"
#include "rng.h"
#include "run.h"

struct random_trace {
	struct naive_ref *ref; /* dense page numbers, in order of first touch from 0 */
	size_t count;
	uint32_t pages;
	const char *character; /* "loop", ... */
};

/* The engine's input: runs, the start time of each, and the next use of its page. */
struct run_list {
	struct bel_run *run;
	uint64_t *at, *next;
	size_t count;
};

void random_trace_make(struct random_trace *t, struct bel_rng *rng, size_t least, size_t most);
void random_trace_release(struct random_trace *t);

/* Renumbers the pages densely, after references have been removed. */
void random_trace_renumber(struct random_trace *t);

/*
 * Removes smaller and smaller pieces while the rest still fails. Stops after a while, because some
 * errors need a long trace. At the end it calls fails() once more, with the result.
 */
void random_trace_shrink(struct random_trace *t,
	bool (*fails)(void *context, const struct random_trace *t), void *context);

enum folding {
	UNFOLDED, /* each reference is a run of count 1 */
	FOLDED,   /* consecutive references to one page are one run */
	CUT,      /* such runs, cut in two at random places, from `seed` */
	FOLDINGS,
};

void random_trace_fold(
	const struct random_trace *t, enum folding folding, uint64_t seed, struct run_list *list);
void run_list_release(struct run_list *list);

/* Writes one page per line, with `w` after written ones: the input of bel-sim --from pages. */
void random_trace_print(const struct random_trace *t, FILE *stream);

/* Allocates zeroed memory; a failure ends the program. */
void *test_alloc(size_t count, size_t size);

#endif
