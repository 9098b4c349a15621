/* SPDX-License-Identifier: MIT */
/*
 * crash.c: survives one fault through a handler, which makes the page accessible,
 * and dies of the next by SIGSEGV, in the middle of a loop.
 *
 *	crash       is killed by signal 11
 */
#include <signal.h>
#include <sys/mman.h>

enum { PAGE = 4096, PAGES = 16 };

static char *memory;

static void open_page(int signal_number)
{
	(void)signal_number;
	mprotect(memory + PAGE, PAGE, PROT_READ | PROT_WRITE);
}

int main(void)
{
	const struct sigaction once = {.sa_handler = open_page, .sa_flags = (int)SA_RESETHAND};

	memory = mmap(
		NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED || mprotect(memory + PAGE, PAGE, PROT_NONE) < 0 ||
		mprotect(memory + 8 * PAGE, PAGE, PROT_NONE) < 0 ||
		sigaction(SIGSEGV, &once, NULL) < 0)
		return 1;
	for (volatile char *p = memory; p < memory + PAGES * PAGE; p += 8)
		*p += 1;
	return 0;
}
