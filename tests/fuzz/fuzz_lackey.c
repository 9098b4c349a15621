/* SPDX-License-Identifier: MIT */
/*
 * fuzz_lackey.c: lackey text against any bytes; all scanners read the same of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lackey_scan.h"
#include "read_refs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MOST 4096
#define SLACK 64

/* What every scanner makes of the text must be what the scalar one does. */
static void compare_scanners(const uint8_t *data, size_t size)
{
	static struct bel_access refs[2][MOST];
	uint8_t *const memory = calloc(1, SLACK + size + SLACK);
	const struct bel_lackey_scanner *scanner, *last = NULL;
	size_t count[2], taken[2];

	if (!memory)
		abort();
	memcpy(memory + SLACK, data, size);
	for (size_t i = 0; (scanner = bel_lackey_scanner_at(i)) != NULL; i++)
		last = scanner;
	if (!last)
		abort();
	count[0] = last->scan(memory + SLACK, size, refs[0], MOST, &taken[0]);
	for (size_t i = 0; (scanner = bel_lackey_scanner_at(i)) != last; i++) {
		if (!scanner->usable())
			continue;
		count[1] = scanner->scan(memory + SLACK, size, refs[1], MOST, &taken[1]);
		for (size_t k = 0; k < count[0] && count[0] == count[1]; k++) {
			if (refs[0][k].address != refs[1][k].address ||
				refs[0][k].size != refs[1][k].size ||
				refs[0][k].kind != refs[1][k].kind)
				count[1] = MOST + 1;
		}
		if (count[0] != count[1] || taken[0] != taken[1]) {
			fprintf(stderr, "%s differs from %s\n", scanner->name, last->name);
			abort();
		}
	}
	free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	compare_scanners(data, size);
	return read_refs_fuzz("lackey", data, size);
}
