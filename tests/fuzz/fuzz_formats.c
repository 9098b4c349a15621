/* SPDX-License-Identifier: MIT */
/*
 * fuzz_formats.c: the reader and the writer of every registered format against any bytes.
 *
 * The first line names the format ("din"), which keeps a corpus valid when formats are added.
 * Where it names none, its first byte picks one, so that a new format is fuzzed without an edit.
 * What follows the line is as read_refs_fuzz() takes it: a byte of options, then the stream.
 */
#include <string.h>

#include "read_refs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct bel_format *named(const uint8_t *name, size_t length)
{
	const struct bel_format *format;

	for (size_t i = 0; (format = bel_format_at(i)); i++)
		if (strlen(format->name) == length && !memcmp(format->name, name, length))
			return format;
	return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *const newline = memchr(data, '\n', size < 32 ? size : 32);
	const struct bel_format *format;
	size_t count = 0;

	if (!size)
		return 0;
	format = newline ? named(data, (size_t)(newline - data)) : NULL;
	if (format)
		return read_refs_fuzz(
			format->name, newline + 1, (size_t)(data + size - newline - 1));
	while (bel_format_at(count))
		count++;
	format = bel_format_at(*data % count);
	return format->open ? read_refs_fuzz(format->name, data + 1, size - 1) : 0;
}
