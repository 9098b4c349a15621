/* SPDX-License-Identifier: MIT */
/*
 * reference_model.h: reference models: simple second implementations of the policies, with lists
 * and scans.
 *
 * A reference model makes the decisions of its policy, one reference at a time. It shares nothing
 * with policies/ or lib/. It is written from the paper and from the description of the variant at
 * the head of the policy, not from its code. It should be simple, not fast.
 * prop_reference_models.c compares the two. Each reference model, or family of them, has its own
 * file: tests/support/model_*.c.
 *
 *	static void lifo_fault(struct reference_model *t, uint64_t page)
 *	{
 *		struct model_list *stack = t->self;
 *
 *		if (t->resident.count == t->frames)
 *			model_evict(t, stack->page[stack->count - 1]);
 *		...
 *
 * The order of one reference: hit() or fault(), the page enters, after(). A page's accessed bit is
 * set after hit() and, unless fault() says otherwise, when it enters.
 */
#ifndef BEL_REFERENCE_MODEL_H
#define BEL_REFERENCE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "naive.h"
#include "spec.h"

/* An ordered list of pages. */
struct model_list {
	uint64_t *page;
	size_t count, capacity;
};

void model_list_add(struct model_list *list, uint64_t page);       /* at the end */
void model_list_add_front(struct model_list *list, uint64_t page); /* before page[0] */
bool model_list_has(const struct model_list *list, uint64_t page);
bool model_list_take(struct model_list *list,
	uint64_t page); /* removes the page; false: it was not in the list */
uint64_t model_list_pop(struct model_list *list); /* removes and returns page[0] */
void model_list_clear(struct model_list *list);
void model_list_free(struct model_list *list);

struct reference_model;

struct model_kind {
	const char *policy;       /* as after -p */
	const char *const *specs; /* what to run: "2q", "2q:kin=0.5", ...; ends with NULL */
	size_t size;              /* bytes of *self, which begin as zeros */
	void (*start)(struct reference_model *t); /* may be NULL, like all but fault() */
	void (*hit)(struct reference_model *t, uint64_t page);
	void (*fault)(struct reference_model *t, uint64_t page);
	/* After every reference: evicts what no longer belongs (model_evict), clears bits, ... */
	void (*after)(struct reference_model *t, uint64_t page);
	void (*drop)(
		struct reference_model *t, uint64_t page); /* the page left for another reason */
	void (*end)(struct reference_model *t);            /* frees what self owns */
};

/* What a reference model sees; it may change only *self. */
struct reference_model {
	const struct model_kind *kind;
	void *self;
	uint64_t frames; /* 0: variable space */
	uint64_t seed;
	uint64_t now;                 /* time of this reference */
	bool write;                   /* whether it writes */
	const struct naive_ref *refs; /* the whole string, for policies that know the future */
	size_t count;
	struct model_list resident; /* in order of loading; without the page of fault() */
	struct naive_counts counts;
	/* Private to the framework. */
	const struct bel_policy_spec *spec;
	bool *accessed, *dirty, *seen; /* one element per page */
	bool enters_cleared, passes_by;
	struct model_list victims; /* since model_step() was last called */
};

/* The value of a parameter of the spec (or its default); an unknown name ends the program. */
double model_param(const struct reference_model *t, const char *name);

/* Evicts a resident page. */
void model_evict(struct reference_model *t, uint64_t page);

/* The accessed bit as hardware maintains it. */
bool model_accessed(const struct reference_model *t, uint64_t page);
void model_clear_accessed(struct reference_model *t, uint64_t page);

/* Whether a resident page was written since it was loaded. */
bool model_dirty(const struct reference_model *t, uint64_t page);

/* For fault(): the page enters with its bit clear; or it is used without entering. */
void model_enter_cleared(struct reference_model *t);
void model_pass_by(struct reference_model *t);

/* Time of the page's next reference after this one, UINT64_MAX if none; found by a scan. */
uint64_t model_next(const struct reference_model *t, uint64_t page);

/* Registers a reference model for prop_reference_models.c. */
#define MODEL(NAME)                                                                                \
	__attribute__((used, section("bel_reference_models"))) static const struct model_kind      \
		*const NAME##_registered = &(NAME)

/* For prop_reference_models.c. Page numbers are below `pages`. */
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
