/* SPDX-License-Identifier: MIT */
/*
 * rounds.c: functions that touch pages of the heap a known number of times, so that the faults of
 * each can be counted by hand. Nothing else touches the heap.
 */
#include <unistd.h>

#define PAGES 40
#define FUNCTION __attribute__((noinline)) static

static volatile char *heap;

#define PAGE(number) heap[4096L * (number)]

FUNCTION void first_round(void)
{
	for (int i = 0; i < PAGES; i++)
		PAGE(i)++; /* first round */
}

FUNCTION void second_round(void)
{
	for (int i = 0; i < PAGES; i++)
		PAGE(i)++; /* second round */
}

FUNCTION void hot_and_cold(int depth)
{
	if (depth > 0) {
		hot_and_cold(depth - 1);
		return;
	}
	for (int i = 0; i < PAGES; i++) {
		PAGE(PAGES + 1 + i)++; /* cold */
		PAGE(PAGES)++;         /* hot */
	}
}

int main(void)
{
	heap = sbrk(4096L * (2 * PAGES + 2));
	heap += -(unsigned long)heap % 4096;
	first_round();
	second_round();
	hot_and_cold(3);
	return 0;
}
