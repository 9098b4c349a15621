/* SPDX-License-Identifier: MIT */
/*
 * naive.h: the list-scanning simulator with which the engine is compared.
 *
 * It is written only from the definitions in bel-terms(7): one reference at a time, plain arrays,
 * linear scans. It shares nothing with lib/sim or policies/. It is slow, but a reader can check
 * every line against the definition.
 *
 *	struct naive *n = naive_new(&setup, refs, count);
 *	while (naive_step(n))
 *		... naive_now(n)->faults ...
 *	naive_free(n);
 *
 * The caller owns the array of references, which must outlive the simulator. Out of memory ends
 * the test program. Page numbers may be any 64-bit values.
 */
#ifndef BEL_NAIVE_H
#define BEL_NAIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct naive_ref {
	uint64_t page;
	bool write;
};

enum naive_policy { NAIVE_FIFO, NAIVE_LRU, NAIVE_OPT, NAIVE_CLOCK, NAIVE_WS, NAIVE_POLICIES };

struct naive_setup {
	enum naive_policy policy;
	uint64_t frames;    /* for all policies but NAIVE_WS */
	uint64_t tau;       /* for NAIVE_WS: window in references, at least 1 */
	bool loads_cleared; /* for NAIVE_CLOCK: pages are loaded with the bit clear */
};

/* The counts up to the last step. */
struct naive_counts {
	uint64_t references, faults, compulsory, evictions, writebacks;
	uint64_t drops;
	uint64_t resident, dirty;          /* pages now */
	uint64_t peak;                     /* most pages resident after a reference */
	uint64_t resident_page_references; /* sum over references of resident pages */
};

struct naive;

struct naive *naive_new(
	const struct naive_setup *setup, const struct naive_ref *refs, size_t count);

/* Simulates the next reference; false if none is left. */
bool naive_step(struct naive *n);

/* The page leaves memory for another reason; no effect if it is not resident. */
void naive_drop(struct naive *n, uint64_t page);

const struct naive_counts *naive_now(const struct naive *n);

/* Distinct pages of the whole string. */
uint64_t naive_pages(const struct naive *n);

void naive_free(struct naive *n);

/* Simulates all references. */
struct naive_counts naive_run(
	const struct naive_setup *setup, const struct naive_ref *refs, size_t count);

#endif
