/* SPDX-License-Identifier: MIT */
/*
 * random_trace.h: seeded reference strings of many characters, and as runs.
 *
 * One of uniform, skewed, looping, phased, wandering and mixed; 1 to 40 pages,
 * `least` to `most` references, most of them nearer to the least, with bursts of one page (so that
 * folding has something to fold) and writes. The same generator state gives the same trace.
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
#ifndef RANDOM_TRACE_H
#define RANDOM_TRACE_H

#include <stdio.h>

#include "naive.h"
#include "rng.h"
#include "run.h"

struct random_trace {
	struct naive_ref *ref; /* pages are dense: in order of first touch from 0 */
	size_t count;
	uint32_t pages;
	const char *character; /* "loop", ... */
};

/* As the engine is fed: runs, the time at which each starts, and each page's next use after it. */
struct run_list {
	struct bel_run *run;
	uint64_t *at, *next;
	size_t count;
};

void random_trace_make(struct random_trace *t, struct bel_rng *rng, size_t least, size_t most);
void random_trace_release(struct random_trace *t);

/* Numbers the pages densely again, after references were taken out. */
void random_trace_renumber(struct random_trace *t);

/*
 * Takes out ever smaller pieces as long as the rest still fails; gives up after a while, as
 * some mistakes need a long trace. fails() is asked about the result once more at the end.
 */
void random_trace_shrink(struct random_trace *t,
	bool (*fails)(void *context, const struct random_trace *t), void *context);

enum folding {
	UNFOLDED, /* each reference is a run of count 1 */
	FOLDED,   /* neighbours of one page are one run */
	CUT,      /* such runs, cut in two at random places: `seed` */
	FOLDINGS,
};

void random_trace_fold(
	const struct random_trace *t, enum folding folding, uint64_t seed, struct run_list *list);
void run_list_release(struct run_list *list);

/* One line, a page each, `w` after written ones: what bel-sim --from pages reads. */
void random_trace_print(const struct random_trace *t, FILE *stream);

/* Memory or the end of the program. Zeroed. */
void *test_alloc(size_t count, size_t size);

#endif
