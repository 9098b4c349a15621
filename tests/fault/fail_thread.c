/* SPDX-License-Identifier: MIT */
/*
 * fail_thread.c: the nth thread cannot be started (fault.h).
 */
#include <dlfcn.h>
#include <pthread.h>

#include "fault.h"

int pthread_create(
	pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument)
{
	__typeof__(&pthread_create) real;

	if (fault_now())
		return EAGAIN;
	real = (__typeof__(&pthread_create))dlsym(RTLD_NEXT, "pthread_create");
	return real(thread, attributes, start, argument);
}
