/* SPDX-License-Identifier: MIT */
/*
 * lackey_shared.h: segments of System V that a process attaches. The log has a segment's
 * size at shmget alone, so shmat of one that the process and its ancestors have
 * not asked for stays unknown.
 *
 *	r = bel_lackey_shared_call(&shared, &call, &event, &err);   1: *event is to be told
 */
#ifndef BEL_LACKEY_SHARED_H
#define BEL_LACKEY_SHARED_H

#include "lackey_call.h"
#include "trace.h"

struct bel_lackey_size {
	uint64_t key, bytes;
};

struct bel_lackey_sizes {
	struct bel_lackey_size *size; /* owned */
	size_t count, capacity;
};

/* Zero-initialised is empty. */
struct bel_lackey_shared {
	struct bel_lackey_sizes segments; /* by id */
	struct bel_lackey_sizes places;   /* by address, where they are attached */
};

/* A call that succeeded: 1 and the rest of the event, 0 if it is none of these, BEL_FAIL. */
int bel_lackey_shared_call(struct bel_lackey_shared *shared, const struct bel_lackey_call *call,
	struct bel_event *event, struct bel_err *err);

/* `child` is not initialised. */
int bel_lackey_shared_fork(struct bel_lackey_shared *child, const struct bel_lackey_shared *parent,
	struct bel_err *err);
void bel_lackey_shared_exec(struct bel_lackey_shared *shared); /* nothing is attached any more */
void bel_lackey_shared_release(struct bel_lackey_shared *shared);

#endif
