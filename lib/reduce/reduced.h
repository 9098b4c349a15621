/* SPDX-License-Identifier: MIT */
/*
 * reduced.h: the interface of a reduction method, the list of runs that it keeps, and an LRU list
 * of pages.
 *
 * Private to lib/reduce; reduce.h is the public interface.
 */
#ifndef BEL_REDUCED_H
#define BEL_REDUCED_H

#include <stdlib.h>

#include "trace.h"

/* The kept runs. Zero-initialised: empty. The owner frees `run`. */
struct bel_reduced {
	struct bel_run *run;
	size_t count, capacity;
	size_t closed; /* the first `closed` runs do not grow any more: an event follows them */
};

/*
 * A reduction method. It may hold runs back until it can decide. Its output is in order and has
 * the same number of references.
 */
struct bel_reduction {
	const char *name;
	const char *valid_policies; /* valid for these, at `frames` or more */
	void *(*create)(uint64_t frames, struct bel_err *err);
	int (*reserve)(void *self, uint32_t pages, struct bel_err *err);
	/* Takes runs of one space without an event between them. */
	int (*runs)(void *self, const struct bel_run *runs, size_t count, struct bel_reduced *out,
		struct bel_err *err);
	/* Outputs all runs that are held back: an event, another space or the end follows. */
	int (*settle)(void *self, struct bel_reduced *out, struct bel_err *err);
	void (*destroy)(void *self); /* NULL is allowed */
};

extern const struct bel_reduction bel_reduce_phase, bel_reduce_sad, bel_reduce_olr;

/* The flags of a removed run that pass to another run of its page. */
#define BEL_REDUCED_FLAGS (BEL_RUN_DATA | BEL_RUN_FETCH | BEL_RUN_WRITE)

/* Appends a run, or adds it to the last run if that is of the same page and not closed. */
int bel_reduced_add(struct bel_reduced *out, uint32_t page, uint64_t references, uint32_t flags,
	struct bel_err *err);

/* Adds the references of removed runs to the last run; there must be one. */
int bel_reduced_extend(struct bel_reduced *out, uint64_t references, struct bel_err *err);

/* Makes room in *array for `count` elements of `width` bytes; new ones are zero. */
int bel_reduced_grow(
	void *array, size_t *capacity, size_t count, size_t width, struct bel_err *err);

#define BEL_NO_PAGE UINT32_MAX

/* A list of pages in order of last use; link[] is indexed by page. Empty: both ends BEL_NO_PAGE. */
struct bel_recent {
	struct bel_recent_link {
		uint32_t newer, older;
	} * link;
	uint32_t newest, oldest;
	uint64_t size;
};

static inline void bel_recent_push(struct bel_recent *recent, uint32_t page)
{
	recent->link[page] = (struct bel_recent_link){BEL_NO_PAGE, recent->newest};
	if (recent->newest == BEL_NO_PAGE)
		recent->oldest = page;
	else
		recent->link[recent->newest].newer = page;
	recent->newest = page;
	recent->size++;
}

static inline void bel_recent_take(struct bel_recent *recent, uint32_t page)
{
	const struct bel_recent_link link = recent->link[page];

	if (link.newer == BEL_NO_PAGE)
		recent->newest = link.older;
	else
		recent->link[link.newer].older = link.older;
	if (link.older == BEL_NO_PAGE)
		recent->oldest = link.newer;
	else
		recent->link[link.older].newer = link.newer;
	recent->size--;
}

#endif
