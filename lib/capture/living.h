/* SPDX-License-Identifier: MIT */
/*
 * living.h: which address spaces, regions and threads there are at a point of a trace, as events
 * that say so. A part of a capture begins with them.
 *
 *	struct bel_living living = {0};
 *	bel_living_event(&living, &event, &err);          every event, in order
 *	bel_living_tell(&living, &events, &err);          START, MAP, THREAD_START, THREAD, at 0
 *	bel_living_release(&living);
 *
 * Marks, and what has ended, are not told again.
 */
#ifndef BEL_LIVING_H
#define BEL_LIVING_H

#include "region_tracker.h"

struct bel_living_space {
	uint32_t space, pid;
	char *name;       /* owned; NULL: none */
	uint64_t *thread; /* owned: the threads that have started and not ended */
	size_t threads;
	uint64_t present; /* the thread that makes the references, if `threaded` */
	bool threaded;
};

/* A zero-initialised one has no spaces. */
struct bel_living {
	struct bel_region_tracker regions;
	struct bel_living_space *space; /* owned; in order of their starts */
	size_t count;
};

int bel_living_event(struct bel_living *living, const struct bel_event *event, struct bel_err *err);

/* Appends the events that make the present spaces. */
int bel_living_tell(
	const struct bel_living *living, struct bel_events *events, struct bel_err *err);

void bel_living_release(struct bel_living *living);

#endif
