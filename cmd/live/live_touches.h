/* SPDX-License-Identifier: MIT */
/*
 * live_touches.h: a trace as the list of touches that bel-live replay sends to the process that
 * touches pages. Each run of the trace is one touch; the first touch of a page writes, because it
 * needs a frame.
 *
 *	live_touches_read(&touches, source, &err);     touches.spool has its budget
 *	live_touches_start(&touches);                  before each replay
 *	setup.next = live_touches_next;
 *	setup.host = &touches;
 */
#ifndef BEL_LIVE_TOUCHES_H
#define BEL_LIVE_TOUCHES_H

#include "progress.h"
#include "source.h"
#include "spool.h"

struct live_touches {
	struct bel_spool *spool;       /* of uint32_t: BEL_TOUCH() of toucher.h */
	uint64_t references;           /* of the trace */
	struct bel_progress *progress; /* is told of what was sent */
	uint64_t sent, before;         /* in this replay, in those before it */
	uint64_t all;                  /* in all replays */
};

int live_touches_read(struct live_touches *touches, struct bel_source *source, struct bel_err *err);
void live_touches_start(struct live_touches *touches);

/* As `next` of struct bel_toucher. */
int live_touches_next(void *host, uint32_t *touch, size_t capacity, struct bel_err *err);

#endif
