/* SPDX-License-Identifier: MIT */
/*
 * remap.c: memory that moves, grows and is given back while it is used, and a
 * shared segment of System V.
 *
 *	remap       exits 0, or 1 if the system refuses something
 */
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>

enum { PAGE = 4096 };

int main(void)
{
	char *memory, *segment;
	int id;

	memory = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return 1;
	memset(memory, 1, 8 * PAGE);
	if (madvise(memory + 2 * PAGE, 2 * PAGE, MADV_DONTNEED) < 0 || memory[2 * PAGE] != 0)
		return 1;
	memory = mremap(memory, 8 * PAGE, 64 * PAGE, MREMAP_MAYMOVE);
	if (memory == MAP_FAILED || memory[PAGE] != 1)
		return 1;
	memset(memory, 2, 64 * PAGE);
	memory = mremap(memory, 64 * PAGE, 4 * PAGE, 0);
	if (memory == MAP_FAILED || memory[3 * PAGE] != 2 || munmap(memory, 4 * PAGE) < 0)
		return 1;

	id = shmget(IPC_PRIVATE, 4 * PAGE, 0600);
	segment = id < 0 ? (void *)-1 : shmat(id, NULL, 0);
	if (id < 0 || shmctl(id, IPC_RMID, NULL) < 0 || segment == (void *)-1)
		return 1;
	memset(segment, 3, 4 * PAGE);
	return shmdt(segment) < 0;
}
