/* SPDX-License-Identifier: MIT */
/*
 * lackey_shared.h: System V shared memory segments that a process attaches. The log gives
 * the size of a segment only at shmget. So if neither the process nor an ancestor called
 * shmget, the size at shmat is not known.
 *
 *	r = bel_lackey_shared_call(&shared, &call, &event, &err);   1: *event is to be added
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
	struct bel_lackey_sizes segments; /* key: segment id */
	struct bel_lackey_sizes places;   /* key: address at which a segment is attached */
};

/* For a successful call: 1 with the event filled, 0 if the call maps or unmaps no segment. */
int bel_lackey_shared_call(struct bel_lackey_shared *shared, const struct bel_lackey_call *call,
	struct bel_event *event, struct bel_err *err);

/* `child` need not be initialised. */
int bel_lackey_shared_fork(struct bel_lackey_shared *child, const struct bel_lackey_shared *parent,
	struct bel_err *err);
void bel_lackey_shared_exec(struct bel_lackey_shared *shared); /* detaches everything */
void bel_lackey_shared_release(struct bel_lackey_shared *shared);

#endif
