/* SPDX-License-Identifier: MIT */
/*
 * reduced.h: the runs that a reduction lets stay, in the making, and pages in order of use,
 * which reductions decide by.
 *
 * For lib/trace alone: reduce.h is what others see.
 */
#ifndef BEL_REDUCED_H
#define BEL_REDUCED_H

#include <stdlib.h>

#include "trace.h"

/* Zero-initialised is empty; the owner frees `run`. */
struct bel_reduced {
	struct bel_run *run;
	size_t count, capacity;
	size_t closed; /* runs at the front that nothing joins any more: an event follows */
};

/*
 * A way to leave out runs. It may hold runs back until it knows; what it gives is in order,
 * and has the same references.
 */
struct bel_reduction {
	const char *name;
	const char *valid_policies; /* policies, from as many frames on as it was made for */
	void *(*create)(uint64_t frames, struct bel_err *err);
	int (*reserve)(void *self, uint32_t pages, struct bel_err *err);
	/* Runs of one space without an event among them. */
	int (*runs)(void *self, const struct bel_run *runs, size_t count, struct bel_reduced *out,
		struct bel_err *err);
	/* All that is held goes out: an event or another space follows, or the end. */
	int (*settle)(void *self, struct bel_reduced *out, struct bel_err *err);
	void (*destroy)(void *self); /* NULL is allowed */
};

extern const struct bel_reduction bel_reduce_phase, bel_reduce_sad, bel_reduce_olr;

/* What a run says of its page that a later run to it can say as well. */
#define BEL_REDUCED_FLAGS (BEL_RUN_DATA | BEL_RUN_FETCH | BEL_RUN_WRITE)

/* Appends a run; one run with the last if that is of the same page. */
int bel_reduced_add(struct bel_reduced *out, uint32_t page, uint64_t references, uint32_t flags,
	struct bel_err *err);

/* Adds references of runs that go to the last run, which there is. */
int bel_reduced_extend(struct bel_reduced *out, uint64_t references, struct bel_err *err);

/* Makes room in *array for `count` elements of `width` bytes, new ones zero. */
int bel_reduced_grow(
	void *array, size_t *capacity, size_t count, size_t width, struct bel_err *err);

#define BEL_NO_PAGE UINT32_MAX

/* Pages in order of last use; links by page. Empty: newest and oldest BEL_NO_PAGE. */
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
