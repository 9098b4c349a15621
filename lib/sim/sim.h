/* SPDX-License-Identifier: MIT */
/*
 * sim.h: the paging engine: one (policy, frames) pair fed with batches of runs.
 *
 *	struct bel_sim *sim = bel_sim_new(&setup, &err);
 *	bel_sim_reserve(sim, pages, &err);        before a batch with new pages
 *	bel_sim_feed(sim, &batch, &err);
 *	bel_sim_tally(sim, &tally);
 *	bel_sim_free(sim);
 *
 * An instance belongs to one thread at a time; instances share nothing.
 */
#ifndef BEL_SIM_H
#define BEL_SIM_H

#include <stdbool.h>

#include "err.h"
#include "policy.h"
#include "spec.h"

struct bel_sim;

struct bel_sim_setup {
	const struct bel_policy_spec *spec; /* the policy with its parameters; outlives the sim */
	uint64_t frames;                    /* at least 1; 0 for variable-space policies alone */
	uint64_t seed;
	bool generic; /* run through the hooks even where the policy has its own loop */
	bool guarded; /* page arrays have a margin that tells who writes behind them */
};

/* BEL_USAGE: frames 0 for a fixed-space policy, or frames for a variable-space one. */
struct bel_sim *bel_sim_new(const struct bel_sim_setup *setup, struct bel_err *err);
void bel_sim_free(struct bel_sim *sim);

/* Makes room for pages 0 .. pages-1. */
int bel_sim_reserve(struct bel_sim *sim, uint32_t pages, struct bel_err *err);

/*
 * Runs the batch; its `now` must follow on the last one. BEL_FAIL names the
 * policy and its violation of the contract; the instance is then of no further use.
 */
int bel_sim_feed(struct bel_sim *sim, const struct bel_batch *batch, struct bel_err *err);

/* The page leaves for another reason than the policy's will; nothing if not resident. */
void bel_sim_drop(struct bel_sim *sim, uint32_t page);

/* Counts up to the last reference fed. */
void bel_sim_tally(const struct bel_sim *sim, struct bel_tally *tally);

/* Resident pages that are dirty now. */
uint64_t bel_sim_dirty(const struct bel_sim *sim);

/* Bytes that the policy keeps a distinct page; the engine's own byte not counted. */
size_t bel_sim_page_bytes(const struct bel_sim *sim);

/* Whether the policy let a page pass by without a frame (bel_bypass()) so far. */
bool bel_sim_bypassed(const struct bel_sim *sim);

/* Whether the policy kept to its page arrays; always if the sim is not guarded. */
bool bel_sim_arrays_whole(const struct bel_sim *sim);

/* The engine's byte a page (enum bel_page_bit); *pages elements. */
const uint8_t *bel_sim_state(const struct bel_sim *sim, uint32_t *pages);

/*
 * From here on the engine lists the pages that the policy lets go, in order, for
 * bel_sim_victims(): those since it was asked last, valid until the next feed. A
 * list holds no more than the pages reserved: ask at least once in so many evictions.
 */
int bel_sim_list_victims(struct bel_sim *sim, struct bel_err *err);
const struct bel_victim *bel_sim_victims(struct bel_sim *sim, uint32_t *count);

/* The page that leaves next, by the policy's victim(); BEL_NO_PAGE: none, or it does not say. */
uint32_t bel_sim_victim(struct bel_sim *sim);

/*
 * Evicts the page that leaves next although no page needs its frame: through the policy's evict(),
 * or, without it, the page that victim() tells. The page counts as evicted and is listed. The
 * policy must have one of the two (bel_sim_can_evict()), and a page must be resident. Takes no
 * time.
 */
bool bel_sim_can_evict(const struct bel_policy *policy);
int bel_sim_evict(struct bel_sim *sim, struct bel_err *err);

/* The policy's own figures (report()); nothing if it has none. */
void bel_sim_report(const struct bel_sim *sim, struct bel_sink *sink);

/* What the policy knows (show()), to the functions in *show; nothing if it shows none. */
void bel_sim_show(const struct bel_sim *sim, struct bel_show *show);

#endif
