/* SPDX-License-Identifier: MIT */
/*
 * fuzz_csv.c: the CSV reader and writer against any bytes.
 */
#include "read_refs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return read_refs_fuzz("csv", data, size);
}
