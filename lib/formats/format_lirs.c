/* SPDX-License-Identifier: MIT */
/*
 * format_lirs.c: the .trc files of the LIRS authors: one decimal block number per
 * line; "*" lines and blank lines separate sections and are ignored.
 *
 * If the first lines have no "*", the file may be a list of pages; the references
 * are then the same.
 */
#include <string.h>

#include "text.h"

static const uint8_t *parse(const uint8_t *line, struct bel_access *access)
{
	const uint8_t *const p = bel_text_decimal(bel_text_blanks(line), &access->address);

	access->kind = BEL_LOAD;
	access->size = 1;
	return p ? bel_text_eol(p) : NULL;
}

static bool is_separator(const uint8_t *line, const uint8_t *end)
{
	return end - line == 1 && *line == '*';
}

static enum bel_probe_verdict probe(struct bel_probe *probe)
{
	const enum bel_probe_verdict verdict =
		bel_text_probe(probe, parse, is_separator, "a decimal number");

	if (verdict == BEL_PROBE_NO || memchr(probe->data, '*', probe->have))
		return verdict;
	return bel_probe_say(probe, BEL_PROBE_POSSIBLE, "a decimal number per line, but no '*'");
}

static int read_batch(void *reader, struct bel_accesses *out, struct bel_err *err)
{
	return bel_text_read(reader, out, parse, is_separator, "not a decimal number", err);
}

static void put_line(struct bel_text_buffer *to, const struct bel_access *access)
{
	bel_text_put_decimal(to, access->address);
	bel_text_put(to, "\n");
}

BEL_TEXT_WRITER(write_batch, put_line)

static const struct bel_format lirs = {
	.name = "lirs",
	.title = "LIRS .trc: a decimal block number per line, '*' between sections",
	.example = "1054",
	.suffixes = ".trc",
	.caps = BEL_FORMAT_PAGE_NUMBERS,
	.probe = probe,
	.open = bel_text_open,
	.read = read_batch,
	.tally = bel_text_tally,
	.close = bel_text_close,
	.write = write_batch,
};
BEL_FORMAT(lirs);
