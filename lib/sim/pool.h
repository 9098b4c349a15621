/* SPDX-License-Identifier: MIT */
/*
 * pool.h: a few threads that share numbered tasks.
 *
 *	struct bel_pool *pool = bel_pool_new(3, &err);
 *	bel_pool_start(pool, task, argument, count);    task(argument, 0 .. count-1), in any order
 *	... do something else ...
 *	bel_pool_wait(pool);                            helps; returns when all are done
 *
 * With 0 threads, all tasks run in bel_pool_wait(). Threads: one thread uses a pool. Tasks see
 * what it wrote before bel_pool_start(); it sees what tasks wrote after bel_pool_wait().
 */
#ifndef BEL_POOL_H
#define BEL_POOL_H

#include <stddef.h>

#include "err.h"

struct bel_pool;

struct bel_pool *bel_pool_new(size_t threads, struct bel_err *err);
void bel_pool_start(struct bel_pool *pool, void (*task)(void *argument, size_t index),
	void *argument, size_t count);
void bel_pool_wait(struct bel_pool *pool); /* returns at once if nothing was started */
void bel_pool_free(struct bel_pool *pool); /* waits; NULL is allowed */

/* The number of processors that the process may use. More threads are of no use. */
unsigned bel_pool_processors(void);

#endif
