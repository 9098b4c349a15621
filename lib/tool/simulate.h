/* SPDX-License-Identifier: MIT */
/*
 * simulate.h: a trace from its source through a fleet of policies, in as few
 * readings as they need.
 *
 * The source is read once. What needs to be known of the whole trace before the
 * first reference (the future, a footprint that frames are a share of) makes that the
 * trace is kept meanwhile (lookahead.h).
 */
#ifndef BEL_SIMULATE_H
#define BEL_SIMULATE_H

#include "fleet.h"
#include "lookahead.h"
#include "run_record.h"
#include "source.h"

struct simulation {
	struct bel_fleet_setup fleet; /* its frames are set from the text below */
	const char *frames;           /* as bel_parse_frames() reads it */
	struct bel_lookahead_setup keep;
	const char *progress; /* the tool's name for a progress line; NULL: none */
};

/* Reads all of the source. *fleet is the caller's; *trace is filled but for its tool. */
int simulate(const struct simulation *simulation, struct bel_source *source,
	struct bel_fleet **fleet, struct run_trace *trace, struct bel_err *err);

#endif
