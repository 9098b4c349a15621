/* SPDX-License-Identifier: MIT */
/*
 * fleet.h: many (policy, frames) pairs over one reading of a trace, on all cores.
 *
 * Members are in order of the specs, each with its frames ascending (as given);
 * a variable-space policy is one member. What a member counts depends on nothing
 * but the runs: not on the number of threads, nor on how runs come in batches.
 *
 *	struct bel_fleet *fleet = bel_fleet_new(&setup, &err);
 *	bel_fleet_begin(fleet, BEL_FLEET_PLAIN);          those that need no future ...
 *	bel_fleet_feed(fleet, &batch, pages);             the whole trace
 *	bel_fleet_finish(fleet);
 *	bel_fleet_begin(fleet, BEL_FLEET_FUTURE);         ... and those that do, batch.next given
 *	...
 *	member = bel_fleet_member(fleet, i);
 *
 * While the caller decodes the next runs, the threads feed the members with the
 * last ones. A member that fails (its policy broke the contract, memory) is left
 * behind with its error; the others go on.
 */
#ifndef BEL_FLEET_H
#define BEL_FLEET_H

#include "sim.h"

struct bel_fleet_setup {
	const struct bel_policy_spec *specs; /* outlive the fleet */
	size_t spec_count;
	const uint64_t *frames;
	size_t frame_count;
	uint64_t seed;
	uint64_t interval; /* references; 0: no series */
	unsigned jobs;     /* threads, the caller's among them; at least 1 */
	bool generic;      /* see struct bel_sim_setup */
};

enum bel_fleet_pass {
	BEL_FLEET_PLAIN = 0x1,  /* members that need no future */
	BEL_FLEET_FUTURE = 0x2, /* members that do */
};

struct bel_fleet_member {
	const struct bel_policy_spec *spec;
	uint64_t frames;     /* 0: variable space */
	struct bel_sim *sim; /* the fleet's */
	struct bel_err err;  /* code 0: all is well */
};

/* What happened from reference `start` on, `references` long. */
struct bel_interval {
	uint64_t start, references;
	uint64_t faults, writebacks;
	uint64_t page_time; /* sum over its references of the pages resident after each */
	uint64_t resident;  /* pages after its last */
};

struct bel_fleet;

struct bel_fleet *bel_fleet_new(const struct bel_fleet_setup *setup, struct bel_err *err);
void bel_fleet_free(struct bel_fleet *fleet); /* NULL is allowed */

/* Whether any member needs the future. */
bool bel_fleet_needs_future(const struct bel_fleet *fleet);

/* `which`: enum bel_fleet_pass, or both. Every member goes through one pass. */
void bel_fleet_begin(struct bel_fleet *fleet, unsigned which);

/* Copies the runs; `pages` is more than any page number in them. */
void bel_fleet_feed(struct bel_fleet *fleet, const struct bel_batch *batch, uint32_t pages);

/* Waits until the members have had everything; closes the last interval. */
void bel_fleet_finish(struct bel_fleet *fleet);

/* Index 0, 1, ...; NULL past the last. Only between passes. */
const struct bel_fleet_member *bel_fleet_member(const struct bel_fleet *fleet, size_t index);

/* Interval `index` of a member: whether there is one. */
bool bel_fleet_interval(
	const struct bel_fleet *fleet, size_t member, size_t index, struct bel_interval *interval);

#endif
