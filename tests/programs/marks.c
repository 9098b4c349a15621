/* SPDX-License-Identifier: MIT */
/*
 * marks.c: names its phases, the way a user of bel-capture would.
 *
 *	marks       exits 0
 */
#include <stdlib.h>
#include <string.h>

#include <belady/mark.h>

enum { BYTES = 1 << 20 };

int main(void)
{
	char *const memory = malloc(BYTES);
	char name[] = "phase 2";

	if (!memory)
		return 1;
	BEL_MARK("phase 1");
	memset(memory, 1, BYTES);
	BEL_MARK(name); /* read at once: what becomes of the text does not matter */
	name[0] = '\0';
	for (int i = 0; i < BYTES; i += 4096)
		memory[i]++;
	BEL_MARK("100% done");
	free(memory);
	return 0;
}
