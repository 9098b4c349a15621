/* SPDX-License-Identifier: MIT */
/*
 * sim.h: the paging engine: simulates one policy with one number of frames, fed with batches of
 * runs.
 *
 *	struct bel_sim *sim = bel_sim_new(&setup, &err);
 *	bel_sim_reserve(sim, pages, &err);        before a batch with new pages
 *	bel_sim_feed(sim, &batch, &err);
 *	bel_sim_tally(sim, &tally);
 *	bel_sim_free(sim);
 *
 * Threads: one thread at a time uses an instance; instances share nothing.
 */
#ifndef BEL_SIM_H
#define BEL_SIM_H

#include <stdbool.h>

#include "err.h"
#include "policy.h"
#include "spec.h"

struct bel_sim;

struct bel_sim_setup {
	const struct bel_policy_spec *spec; /* policy and parameters; must outlive the sim */
	uint64_t frames;                    /* at least 1; 0 only for variable-space policies */
	uint64_t seed;
	bool generic; /* use the hooks even if the policy has its own loop */
	bool guarded; /* page arrays have guard elements, which detect writes past the end */
};

/* BEL_USAGE: frames 0 for a fixed-space policy, or frames for a variable-space one. */
struct bel_sim *bel_sim_new(const struct bel_sim_setup *setup, struct bel_err *err);
void bel_sim_free(struct bel_sim *sim);

/* Allocates memory for pages 0 .. pages-1. */
int bel_sim_reserve(struct bel_sim *sim, uint32_t pages, struct bel_err *err);

/*
 * Runs the batch. Its `now` must continue the previous batch. BEL_FAIL names the policy and how it
 * broke the contract; the instance can then only be freed.
 */
int bel_sim_feed(struct bel_sim *sim, const struct bel_batch *batch, struct bel_err *err);

/* The page leaves memory, but the policy did not evict it. No effect if it is not resident. */
void bel_sim_drop(struct bel_sim *sim, uint32_t page);

/*
 * Fetches into the cache what the policy has about a page that is soon referenced. Hosts call it
 * some references ahead if there are many pages. No effect on results.
 */
void bel_sim_prefetch(const struct bel_sim *sim, uint32_t page);

/* Counts up to the last reference fed. */
void bel_sim_tally(const struct bel_sim *sim, struct bel_tally *tally);

/* Resident pages that are dirty now. */
uint64_t bel_sim_dirty(const struct bel_sim *sim);

/* Bytes that the policy uses for each distinct page; the engine's own byte is not counted. */
size_t bel_sim_page_bytes(const struct bel_sim *sim);

/* Whether the policy has used a page without giving it a frame (bel_bypass()). */
bool bel_sim_bypassed(const struct bel_sim *sim);

/* Whether the policy wrote only inside its page arrays; true if the sim is not guarded. */
bool bel_sim_arrays_whole(const struct bel_sim *sim);

/* The engine's byte for each page (enum bel_page_bit). *pages: number of elements. */
const uint8_t *bel_sim_state(const struct bel_sim *sim, uint32_t *pages);

/*
 * From here on the engine lists the pages that the policy evicts, in order. bel_sim_victims()
 * gives those since its last call; they are valid until the next feed. The list holds as many
 * pages as are reserved, so call bel_sim_victims() before there are more evictions.
 */
int bel_sim_list_victims(struct bel_sim *sim, struct bel_err *err);
const struct bel_victim *bel_sim_victims(struct bel_sim *sim, uint32_t *count);

/* The page that the policy would evict next, from its victim(). BEL_NO_PAGE: none, or not known. */
uint32_t bel_sim_victim(struct bel_sim *sim);

/*
 * Evicts the page that leaves next, although no page needs its frame: through the policy's evict()
 * or, without it, the page that victim() names. The eviction is counted and listed, and takes no
 * time. The policy must have one of the two (bel_sim_can_evict()), and a page must be resident.
 */
bool bel_sim_can_evict(const struct bel_policy *policy);
int bel_sim_evict(struct bel_sim *sim, struct bel_err *err);

/*
 * Whether the policy decides the same if it is fed only the references that change the accessed or
 * the dirty bit of their page (bits_suffice(), policy.h), and the others as further references to a
 * resident page whose bits are set.
 */
bool bel_sim_bits_suffice(const struct bel_sim *sim);

/* The policy's tick() comes after the first reference at or after this time. BEL_NEVER: it has none. */
uint64_t bel_sim_next_tick(const struct bel_sim *sim);

/* Passes the policy's own figures (report()) to the sink, if it has any. */
void bel_sim_report(const struct bel_sim *sim, struct bel_sink *sink);

/* Passes the policy's state (show()) to the functions in *show, if it has show(). */
void bel_sim_show(const struct bel_sim *sim, struct bel_show *show);

#endif
