/* SPDX-License-Identifier: MIT */
/*
 * reference_model.h: reference models: the policies once more, from their papers, by lists and
 * scans.
 *
 * A reference model decides what its policy decides, one reference at a time, and shares nothing
 * with policies/ or lib/: it is written from the paper and from what the policy's head says of its
 * variant, not from its code. Being plain is its merit. prop_reference_models.c holds the two
 * against each other. One file a reference model or a family of them: tests/support/model_*.c.
 *
 *	static void lifo_fault(struct reference_model *t, uint64_t page)
 *	{
 *		struct model_list *stack = t->self;
 *
 *		if (t->resident.count == t->frames)
 *			model_evict(t, stack->page[stack->count - 1]);
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
struct model_list {
	uint64_t *page;
	size_t count, capacity;
};

void model_list_add(struct model_list *list, uint64_t page);       /* at the end */
void model_list_add_front(struct model_list *list, uint64_t page); /* before page[0] */
bool model_list_has(const struct model_list *list, uint64_t page);
bool model_list_take(struct model_list *list, uint64_t page); /* out of it; false: was not in */
uint64_t model_list_pop(struct model_list *list);             /* takes and returns page[0] */
void model_list_clear(struct model_list *list);
void model_list_free(struct model_list *list);

struct reference_model;

struct model_kind {
	const char *policy;       /* as after -p */
	const char *const *specs; /* what to run: "2q", "2q:kin=0.5", ...; ends with NULL */
	size_t size;              /* bytes of *self, which begin as zeros */
	void (*start)(struct reference_model *t); /* may be NULL, as all but fault() */
	void (*hit)(struct reference_model *t, uint64_t page);
	void (*fault)(struct reference_model *t, uint64_t page);
	/* After every reference: evicts what no longer belongs (model_evict), clears bits, ... */
	void (*after)(struct reference_model *t, uint64_t page);
	void (*drop)(struct reference_model *t, uint64_t page); /* left for another reason */
	void (*end)(struct reference_model *t);                 /* frees what self owns */
};

/* What a reference model sees; it changes *self alone. */
struct reference_model {
	const struct model_kind *kind;
	void *self;
	uint64_t frames; /* 0: variable space */
	uint64_t seed;
	uint64_t now;                 /* time of this reference */
	bool write;                   /* whether it writes */
	const struct naive_ref *refs; /* the whole string, for those that know the future */
	size_t count;
	struct model_list resident; /* in order of loading; the page of fault() not yet */
	struct naive_counts counts;
	/* The framework's own. */
	const struct bel_policy_spec *spec;
	bool *accessed, *dirty, *seen; /* a page each */
	bool enters_cleared, passes_by;
	struct model_list victims; /* since model_step() was last called */
};

/* The value of a parameter of the spec (or its default); an unknown name ends the program. */
double model_param(const struct reference_model *t, const char *name);

/* Lets a resident page go. */
void model_evict(struct reference_model *t, uint64_t page);

/* The accessed bit, as hardware keeps it. */
bool model_accessed(const struct reference_model *t, uint64_t page);
void model_clear_accessed(struct reference_model *t, uint64_t page);

/* Whether a resident page was written since it was loaded. */
bool model_dirty(const struct reference_model *t, uint64_t page);

/* In fault(): the page enters with its bit clear; it is used without entering at all. */
void model_enter_cleared(struct reference_model *t);
void model_pass_by(struct reference_model *t);

/* Time of the page's next reference after this one, UINT64_MAX if none: a scan. */
uint64_t model_next(const struct reference_model *t, uint64_t page);

/* Makes a reference model known to prop_reference_models.c. */
#define MODEL(NAME)                                                                                \
	__attribute__((used, section("bel_reference_models"))) static const struct model_kind      \
		*const NAME##_registered = &(NAME)

/* For prop_reference_models.c. Pages are below `pages`. */
struct model_setup {
	const struct model_kind *kind;
	const struct bel_policy_spec *spec; /* for the parameters' values */
	uint64_t frames, seed, pages;
	const struct naive_ref *refs;
	size_t count;
};

const struct model_kind *model_at(size_t index);       /* NULL past the last */
const struct model_kind *model_of(const char *policy); /* NULL if it has none */
struct reference_model *model_new(const struct model_setup *setup);
void model_step(struct reference_model *t); /* the next reference */
void model_drop(struct reference_model *t, uint64_t page);
void model_free(struct reference_model *t);

#endif
