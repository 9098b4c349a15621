/* SPDX-License-Identifier: MIT */
/* pool.c: a few threads that share numbered tasks. */
#include "pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct bel_pool {
	pthread_mutex_t lock; /* protects all that follows, except `thread` and `threads` */
	pthread_cond_t work;  /* there are tasks to take, or it is time to stop */
	pthread_cond_t done;  /* the last task is done */
	void (*task)(void *argument, size_t index);
	void *argument;
	size_t count, taken, finished;
	bool stop;
	pthread_t *thread;
	size_t threads;
};

/* Runs tasks while there are any. The lock is held at entry and return. */
static void work(struct bel_pool *pool)
{
	while (pool->taken < pool->count) {
		const size_t index = pool->taken++;

		pthread_mutex_unlock(&pool->lock);
		pool->task(pool->argument, index);
		pthread_mutex_lock(&pool->lock);
		if (++pool->finished == pool->count)
			pthread_cond_signal(&pool->done);
	}
}

static void *worker(void *argument)
{
	struct bel_pool *pool = argument;

	pthread_mutex_lock(&pool->lock);
	while (!pool->stop) {
		work(pool);
		if (!pool->stop)
			pthread_cond_wait(&pool->work, &pool->lock);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

struct bel_pool *bel_pool_new(size_t threads, struct bel_err *err)
{
	struct bel_pool *pool = calloc(1, sizeof(*pool));

	if (pool)
		pool->thread = calloc(threads ? threads : 1, sizeof(*pool->thread));
	if (!pool || !pool->thread) {
		free(pool);
		bel_err_memory(err, "threads");
		return NULL;
	}
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->work, NULL);
	pthread_cond_init(&pool->done, NULL);
	while (pool->threads < threads) {
		const int r = pthread_create(&pool->thread[pool->threads], NULL, worker, pool);

		if (r) {
			bel_fail_errno(err, r, "cannot start thread %zu of %zu", pool->threads + 1,
				threads);
			bel_pool_free(pool);
			return NULL;
		}
		pool->threads++;
	}
	return pool;
}

void bel_pool_start(struct bel_pool *pool, void (*task)(void *argument, size_t index),
	void *argument, size_t count)
{
	pthread_mutex_lock(&pool->lock);
	pool->task = task;
	pool->argument = argument;
	pool->count = count;
	pool->taken = 0;
	pool->finished = 0;
	pthread_cond_broadcast(&pool->work);
	pthread_mutex_unlock(&pool->lock);
}

void bel_pool_wait(struct bel_pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	work(pool);
	while (pool->finished < pool->count)
		pthread_cond_wait(&pool->done, &pool->lock);
	pthread_mutex_unlock(&pool->lock);
}

void bel_pool_free(struct bel_pool *pool)
{
	if (!pool)
		return;
	bel_pool_wait(pool);
	pthread_mutex_lock(&pool->lock);
	pool->stop = true;
	pthread_cond_broadcast(&pool->work);
	pthread_mutex_unlock(&pool->lock);
	for (size_t i = 0; i < pool->threads; i++)
		pthread_join(pool->thread[i], NULL);
	pthread_cond_destroy(&pool->done);
	pthread_cond_destroy(&pool->work);
	pthread_mutex_destroy(&pool->lock);
	free(pool->thread);
	free(pool);
}

unsigned bel_pool_processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == 0 ? (unsigned)CPU_COUNT(&set) : 1;
}
