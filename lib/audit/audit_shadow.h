/* SPDX-License-Identifier: MIT */
/*
 * audit_shadow.h: an independent counter beside an engine. It uses only the engine's victims, and
 * compares the tallies and the byte of each page after every step.
 */
#ifndef BEL_AUDIT_SHADOW_H
#define BEL_AUDIT_SHADOW_H

#include "audit_case.h"
#include "sim.h"

struct bel_audit_shadow {
	uint8_t *page; /* the expected byte of each page, without the accessed bit; owned */
	uint8_t *last; /* the engine's byte after the last step; owned */
	uint32_t pages;
	struct bel_tally tally;
	uint64_t now; /* references so far */
};

int bel_audit_shadow_init(struct bel_audit_shadow *shadow, uint32_t pages);
void bel_audit_shadow_release(struct bel_audit_shadow *shadow);

/* Checks the engine after a step. True if something is wrong; *found says what. */
bool bel_audit_shadow_check(struct bel_audit_shadow *shadow, struct bel_sim *sim,
	struct bel_audit_step step, struct bel_audit_found *found);

/* Fills *found and returns true, so that callers can return the result. */
bool bel_audit_object(struct bel_audit_found *found, enum bel_audit_rule rule, uint64_t reference,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
