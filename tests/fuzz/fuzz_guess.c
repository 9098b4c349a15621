/* SPDX-License-Identifier: MIT */
/*
 * fuzz_guess.c: recognising the format of any bytes, and reading them by it.
 */
#include <stdlib.h>

#include "read_refs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct bel_format_options options = {.max_bad = 3};
	struct bel_input *const input = read_refs_memory(data, size);
	struct bel_guess guess;
	struct read_refs refs;
	struct bel_err err = {.code = 0};

	if (!input)
		return 0;
	if (bel_format_guess(&guess, input, size % 16, 0, &err) < 0) {
		if (err.code >= 0 || guess.format)
			abort();
		bel_input_close(input);
		return 0;
	}
	read_refs(&refs, guess.format, input, &options, 64);
	read_refs_release(&refs);
	return 0;
}
