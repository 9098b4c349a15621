/* SPDX-License-Identifier: MIT */
/*
 * maps.c: makes every kind of mapping that a capture records, one after the
 * other: anonymous, shared, from a file, protected, moved, discarded, unmapped,
 * a grown heap, a deep stack, a thread.
 *
 *	maps        exits 0, or 1 if the system refuses something
 */
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void *touch(void *memory)
{
	memset(memory, 1, 4096);
	return memory;
}

/* 256 KiB of stack, touched from the top down. */
static int descend(int depth)
{
	volatile char frame[4096];

	frame[0] = (char)depth;
	return depth ? descend(depth - 1) + frame[0] : 0;
}

int main(void)
{
	const int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	char *anonymous, *moved, *shared, *text;
	pthread_t thread;

	anonymous = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	shared = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	text = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, file, 0);
	if (anonymous == MAP_FAILED || shared == MAP_FAILED || text == MAP_FAILED)
		return 1;
	touch(anonymous);
	touch(shared);
	if (close(file) < 0 || text[1] != 'E')
		return 1;
	if (mprotect(anonymous, 4096, PROT_READ) < 0 ||
		madvise(anonymous + 8192, 4096, MADV_DONTNEED) < 0)
		return 1;
	moved = mremap(anonymous + 16384, 8192, 131072, MREMAP_MAYMOVE);
	if (moved == MAP_FAILED || munmap(moved, 131072) < 0)
		return 1;
	if (sbrk(1 << 20) == (void *)-1 || descend(64) == 1)
		return 1;
	if (pthread_create(&thread, NULL, touch, shared) != 0 || pthread_join(thread, NULL) != 0)
		return 1;
	return 0;
}
