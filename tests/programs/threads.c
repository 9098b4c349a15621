/* SPDX-License-Identifier: MIT */
/*
 * threads.c: four threads that each walk their own pages, one after the other, so
 * that the order of their references is the same in every run.
 *
 *	threads     exits 0, or 1 if a thread cannot be had
 */
#include <pthread.h>

enum { THREADS = 4, BYTES = 64 * 1024 };

static char memory[THREADS][BYTES];

static void *walk(void *mine)
{
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < BYTES; i += 64)
			((char *)mine)[i]++;
	}
	return mine;
}

int main(void)
{
	for (int t = 0; t < THREADS; t++) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, walk, memory[t]) != 0 ||
			pthread_join(thread, NULL) != 0)
			return 1;
	}
	return 0;
}
