/* SPDX-License-Identifier: MIT */
/*
 * event_snapshot.h: which address spaces, regions and threads there are at a point of a trace, as
 * events that say so. A part of a capture begins with them.
 *
 *	struct bel_event_snapshot snapshot = {0};
 *	bel_event_snapshot_event(&snapshot, &event, &err);    every event, in order
 *	bel_event_snapshot_tell(&snapshot, &events, &err);    START, MAP, THREAD_START, ..., at 0
 *	bel_event_snapshot_release(&snapshot);
 *
 * Marks, and what has ended, are not told again.
 */
#ifndef BEL_EVENT_SNAPSHOT_H
#define BEL_EVENT_SNAPSHOT_H

#include "region_tracker.h"

struct bel_event_snapshot_space {
	uint32_t space, pid;
	char *name;       /* owned; NULL: none */
	uint64_t *thread; /* owned: the threads that have started and not ended */
	size_t threads;
	uint64_t present; /* the thread that makes the references, if `threaded` */
	bool threaded;
};

/* A zero-initialised one has no spaces. */
struct bel_event_snapshot {
	struct bel_region_tracker regions;
	struct bel_event_snapshot_space *space; /* owned; in order of their starts */
	size_t count;
};

int bel_event_snapshot_event(
	struct bel_event_snapshot *snapshot, const struct bel_event *event, struct bel_err *err);

/* Appends the events that make the present spaces. */
int bel_event_snapshot_tell(
	const struct bel_event_snapshot *snapshot, struct bel_events *events, struct bel_err *err);

void bel_event_snapshot_release(struct bel_event_snapshot *snapshot);

#endif
