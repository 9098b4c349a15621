/* SPDX-License-Identifier: MIT */
/*
 * twin.h: twins: the policies once more, from their papers, by lists and scans.
 *
 * A twin decides what its policy decides, one reference at a time, and shares nothing with
 * policies/ or lib/: it is written from the paper and from what the policy's head says of its
 * variant, not from its code. Being plain is its merit. prop_twins.c holds the two
 * against each other. One file a twin or a family of them: tests/support/twin_*.c.
 *
 *	static void lifo_fault(struct twin *t, uint64_t page)
 *	{
 *		struct twin_list *stack = t->self;
 *
 *		if (t->resident.count == t->frames)
 *			twin_evict(t, stack->page[stack->count - 1]);
 *		...
 *
 * The order of one reference: hit() or fault(), the page enters, after(). A page's accessed bit
 * is set after hit() and, unless fault() says otherwise, when it enters.
 */
#ifndef TWIN_H
#define TWIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "naive.h"
#include "spec.h"

/* Pages in an order. */
struct twin_list {
	uint64_t *page;
	size_t count, room;
};

void twin_list_add(struct twin_list *list, uint64_t page);       /* at the end */
void twin_list_add_front(struct twin_list *list, uint64_t page); /* before page[0] */
bool twin_list_has(const struct twin_list *list, uint64_t page);
bool twin_list_take(struct twin_list *list, uint64_t page); /* out of it; false: was not in */
uint64_t twin_list_pop(struct twin_list *list);             /* takes and returns page[0] */
void twin_list_clear(struct twin_list *list);
void twin_list_free(struct twin_list *list);

struct twin;

struct twin_kind {
	const char *policy;            /* as after -p */
	const char *const *specs;      /* what to run: "2q", "2q:kin=0.5", ...; ends with NULL */
	size_t size;                   /* bytes of *self, which begin as zeros */
	void (*start)(struct twin *t); /* may be NULL, as all but fault() */
	void (*hit)(struct twin *t, uint64_t page);
	void (*fault)(struct twin *t, uint64_t page);
	/* After every reference: evicts what no longer belongs (twin_evict), clears bits, ... */
	void (*after)(struct twin *t, uint64_t page);
	void (*drop)(struct twin *t, uint64_t page); /* left for another reason */
	void (*end)(struct twin *t);                 /* frees what self owns */
};

/* What a twin sees; it changes *self alone. */
struct twin {
	const struct twin_kind *kind;
	void *self;
	uint64_t frames; /* 0: variable space */
	uint64_t seed;
	uint64_t now;                 /* time of this reference */
	bool write;                   /* whether it writes */
	const struct naive_ref *refs; /* the whole string, for those that know the future */
	size_t count;
	struct twin_list resident; /* in order of loading; the page of fault() not yet */
	struct naive_counts counts;
	/* The framework's own. */
	const struct bel_policy_spec *spec;
	bool *accessed, *dirty, *seen; /* a page each */
	bool enters_cleared, passes_by;
	struct twin_list victims; /* since twin_step() was last called */
};

/* The value of a parameter of the spec (or its default); an unknown name ends the program. */
double twin_param(const struct twin *t, const char *name);

/* Lets a resident page go. */
void twin_evict(struct twin *t, uint64_t page);

/* The accessed bit, as hardware keeps it. */
bool twin_accessed(const struct twin *t, uint64_t page);
void twin_clear_accessed(struct twin *t, uint64_t page);

/* Whether a resident page was written since it was loaded. */
bool twin_dirty(const struct twin *t, uint64_t page);

/* In fault(): the page enters with its bit clear; it is used without entering at all. */
void twin_enter_cleared(struct twin *t);
void twin_pass_by(struct twin *t);

/* Time of the page's next reference after this one, UINT64_MAX if none: a scan. */
uint64_t twin_next(const struct twin *t, uint64_t page);

/* Makes a twin known to prop_twins.c. */
#define TWIN(NAME)                                                                                 \
	__attribute__((used,                                                                       \
		section("bel_twins"))) static const struct twin_kind *const NAME##_registered =    \
		&(NAME)

/* For prop_twins.c. Pages are below `pages`. */
struct twin_setup {
	const struct twin_kind *kind;
	const struct bel_policy_spec *spec; /* for the parameters' values */
	uint64_t frames, seed, pages;
	const struct naive_ref *refs;
	size_t count;
};

const struct twin_kind *twin_at(size_t index);       /* NULL past the last */
const struct twin_kind *twin_of(const char *policy); /* NULL if it has none */
struct twin *twin_new(const struct twin_setup *setup);
void twin_step(struct twin *t); /* the next reference */
void twin_drop(struct twin *t, uint64_t page);
void twin_free(struct twin *t);

#endif
