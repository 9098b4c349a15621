/* SPDX-License-Identifier: MIT */
/* encoding.c: recognises the encoding of a text trace from its first bytes. */
#include "encoding.h"

#include <stdbool.h>
#include <string.h>

enum { LOOK = 32, LEAST = 4 };

static bool is_text(uint8_t c)
{
	return (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\r' || c == '\t';
}

/* Whether each pair of bytes is an ASCII character and a 0, in one of the two orders. */
static bool is_pairs(const uint8_t *p, size_t length, int zero)
{
	for (size_t i = 0; i + 1 < length; i += 2)
		if (p[i + (size_t)zero] || !is_text(p[i + 1 - (size_t)zero]))
			return false;
	return true;
}

/* The encoding's name for iconv, or NULL. Without a mark, iconv reads UTF-16 as little-endian. */
static const char *wide(const uint8_t *p, size_t have)
{
	const size_t length = have < LOOK ? have : LOOK;
	const bool low = length >= 4 && p[0] == 0xff && p[1] == 0xfe;
	const bool high = length >= 4 && p[0] == 0xfe && p[1] == 0xff;

	if (low || high)
		return is_pairs(p + 2, length - 2, low) ? "UTF-16" : NULL;
	if (length < LEAST)
		return NULL;
	if (is_pairs(p, length, 1))
		return "UTF-16";
	return is_pairs(p, length, 0) ? "UTF-16BE" : NULL;
}

size_t bel_encoding_mark(const struct bel_input *input)
{
	return input->have >= 3 && !memcmp(input->data, "\xef\xbb\xbf", 3) ? 3 : 0;
}

int bel_encoding_begin(struct bel_input *input, struct bel_err *err)
{
	const char *name;

	if (input->offset)
		return BEL_OK;
	/* Ignore an error: the reader gets it again after the bytes before it. */
	bel_input_fill(input, LOOK, NULL);
	bel_input_take(input, bel_encoding_mark(input));
	name = wide(input->data, input->have);
	if (name)
		return bel_fail(err,
			"%s: UTF-16 text is not supported; convert it: iconv -f %s -t UTF-8",
			input->name, name);
	return BEL_OK;
}
