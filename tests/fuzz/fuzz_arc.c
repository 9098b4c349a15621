/* SPDX-License-Identifier: MIT */
/*
 * fuzz_arc.c: the ARC .lis reader and writer against any bytes.
 */
#include "read_refs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return read_refs_fuzz("arc", data, size);
}
