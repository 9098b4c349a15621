/* SPDX-License-Identifier: MIT */
/*
 * deaths.c: accesses to memory that fail, one by its name; what it wanted to access is
 * written to standard output before, as "KIND ADDRESS".
 *
 *	deaths load|store|jump|text|file|child|thread|stack|survived
 *
 * Dies of SIGSEGV (file: SIGBUS). child: a child dies so, and the parent ends with 0;
 * survived: a handler gets out of it, and the program ends with 0.
 */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static sigjmp_buf out;
static const char constant[64] = "what cannot be written";

static void announce(const char *kind, uintptr_t address)
{
	printf("%s 0x%lx\n", kind, (unsigned long)address);
	fflush(stdout);
}

static void leave(int number)
{
	(void)number;
	siglongjmp(out, 1);
}

static void store(uintptr_t address)
{
	/* Nobody is to know better than the processor. */
	const volatile uintptr_t where = address;

	announce("store", address);
	*(volatile char *)where = 1;
}

static void *in_thread(void *argument)
{
	store((uintptr_t)argument);
	return NULL;
}

/* A page behind the end of a file of one byte. */
static void past_file(void)
{
	char name[] = "/tmp/deaths-XXXXXX";
	const int fd = mkstemp(name);
	char *map;

	if (fd < 0 || write(fd, "x", 1) != 1)
		exit(1);
	unlink(name);
	map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		exit(1);
	store((uintptr_t)map + 4096 + 10);
}

static int descend(volatile char *above)
{
	volatile char here[4096];

	here[0] = *above;
	/* It is always 0. */
	return here[0] ? 0 : descend(here) + here[1];
}

int main(int argc, char **argv)
{
	const char *const way = argc > 1 ? argv[1] : "";
	volatile char zero = 0;
	pthread_t thread;

	if (strcmp(way, "load") == 0) {
		announce("load", 8);
		zero = *(volatile char *)(uintptr_t)(8 + zero);
	} else if (strcmp(way, "store") == 0) {
		store(16 + (uintptr_t)zero);
	} else if (strcmp(way, "jump") == 0) {
		announce("fetch", 0);
		((void (*)(void))(uintptr_t)zero)();
	} else if (strcmp(way, "text") == 0) {
		store((uintptr_t)constant);
	} else if (strcmp(way, "file") == 0) {
		past_file();
	} else if (strcmp(way, "child") == 0) {
		if (fork() == 0)
			store(24);
		wait(NULL);
	} else if (strcmp(way, "thread") == 0) {
		if (pthread_create(&thread, NULL, in_thread, (void *)(uintptr_t)32) == 0)
			pthread_join(thread, NULL);
	} else if (strcmp(way, "stack") == 0) {
		return descend(&zero);
	} else if (strcmp(way, "survived") == 0) {
		signal(SIGSEGV, leave);
		if (sigsetjmp(out, 1) == 0)
			store(40);
	}
	return 0;
}
