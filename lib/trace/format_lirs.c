/* SPDX-License-Identifier: MIT */
/*
 * format_lirs.c: the .trc files of the LIRS authors: a decimal block number a
 * line; "*" lines and blank lines separate sections and mean nothing here.
 *
 * Without a "*" in sight it is also a list of pages, which reads the same.
 */
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

static int probe(const uint8_t *data, size_t have, bool whole)
{
	const int score = bel_text_probe(data, have, whole, parse, is_separator, 90);

	for (size_t i = 0; score && i < have; i++)
		if (data[i] == '*')
			return score;
	return score / 3;
}

static int read_batch(void *reader, struct bel_accesses *out, struct bel_err *err)
{
	return bel_text_read(reader, out, parse, is_separator, "not a decimal number", err);
}

static int write_batch(FILE *file, const struct bel_accesses *batch, struct bel_err *err)
{
	struct bel_text_buffer buffer = {.file = file};

	(void)err;
	for (size_t i = 0; i < batch->count; i++) {
		bel_text_put_decimal(&buffer, batch->access[i].address);
		bel_text_put(&buffer, "\n");
		bel_text_flush(&buffer, false);
	}
	bel_text_flush(&buffer, true);
	return 0;
}

static const struct bel_format lirs = {
	.name = "lirs",
	.title = "LIRS .trc: a decimal block number a line, '*' between sections",
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
