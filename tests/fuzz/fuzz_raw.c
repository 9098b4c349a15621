/* SPDX-License-Identifier: MIT */
/*
 * fuzz_raw.c: the four readers and writers of bare numbers against any bytes.
 */
#include "read_refs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"u32le", "u32be", "u64le", "u64be"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		read_refs_fuzz(names[i], data, size);
	return 0;
}
