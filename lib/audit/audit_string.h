/* SPDX-License-Identifier: MIT */
/*
 * audit_string.h: random reference strings for audits; pages may be dropped between references.
 *
 * Pages are numbered in order of first reference, as the engine requires. The same generator state
 * gives the same string.
 *
 *	struct bel_audit_string string = {.step = NULL};
 *	bel_audit_string_make(&string, &rng, frames);
 *	...
 *	bel_audit_string_free(&string);
 */
#ifndef BEL_AUDIT_STRING_H
#define BEL_AUDIT_STRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rng.h"

#define BEL_AUDIT_STEPS_MAX 12000

enum bel_audit_kind {
	BEL_AUDIT_READ,
	BEL_AUDIT_WRITE,
	BEL_AUDIT_DROP, /* the page leaves memory if it is resident; the policy does not decide */
};

struct bel_audit_step {
	uint32_t page;
	uint32_t kind; /* enum bel_audit_kind */
};

struct bel_audit_string {
	struct bel_audit_step *step; /* owned, room for BEL_AUDIT_STEPS_MAX */
	size_t count;
	uint32_t pages;
	bool drops; /* there is at least one drop */
};

/* Allocates the steps. 0 or BEL_FAIL. */
int bel_audit_string_init(struct bel_audit_string *string);
void bel_audit_string_free(struct bel_audit_string *string);
void bel_audit_string_copy(struct bel_audit_string *to, const struct bel_audit_string *from);

/* Makes a string suited to `frames` frames (0: any): with fewer pages, or with some more. */
void bel_audit_string_make(struct bel_audit_string *string, struct bel_rng *rng, uint64_t frames);

/*
 * Makes a string with more pages than page arrays have elements at first, so that they must grow.
 */
void bel_audit_string_make_wide(struct bel_audit_string *string, struct bel_rng *rng);

/* Sets `pages` and `drops`, renumbers pages, and removes drops of pages not yet referenced. */
void bel_audit_string_renumber(struct bel_audit_string *string);

/* Copies a string without steps [begin, end). */
void bel_audit_string_cut(
	struct bel_audit_string *to, const struct bel_audit_string *from, size_t begin, size_t end);

#endif
