/* SPDX-License-Identifier: MIT */
/*
 * format_din.c: the input of Dinero III ("din"): "label hexaddress", what
 * follows in the line is ignored.
 *
 *	2 408ed4	0 read, 1 write, 2 instruction fetch
 *	0 10019d94	3 and 4 escape records (4: flush the cache): noise here
 *
 * Two columns of decimal numbers may as well be a list of pages; the probe is
 * as sure as the one for pages is then, so that guessing ends in a tie.
 */
#include <string.h>

#include "text.h"

static const uint8_t *parse_columns(const uint8_t *line, struct bel_access *access)
{
	static const uint8_t kinds[3] = {BEL_LOAD, BEL_STORE, BEL_FETCH};
	const uint8_t *const p = bel_text_blanks(line);
	const unsigned label = (unsigned)*p - '0';

	if (label > 2 || (p[1] != ' ' && p[1] != '\t'))
		return NULL;
	access->kind = kinds[label];
	access->size = 1;
	return bel_text_hex(bel_text_blanks(p + 2), &access->address);
}

static const uint8_t *parse(const uint8_t *line, struct bel_access *access)
{
	const uint8_t *p = parse_columns(line, access);

	if (!p || *p == '\n')
		return p ? p + 1 : NULL;
	if (*p != ' ' && *p != '\t' && *p != '\r')
		return NULL;
	return (const uint8_t *)rawmemchr(p, '\n') + 1;
}

/* For probing: two columns and no more. */
static const uint8_t *parse_strict(const uint8_t *line, struct bel_access *access)
{
	const uint8_t *const p = parse_columns(line, access);

	return p ? bel_text_eol(p) : NULL;
}

static bool is_escape(const uint8_t *line, const uint8_t *end)
{
	return end - line > 1 && (line[0] == '3' || line[0] == '4') &&
	       (line[1] == ' ' || line[1] == '\t');
}

static enum bel_probe_verdict probe(struct bel_probe *probe)
{
	const enum bel_probe_verdict verdict =
		bel_text_probe(probe, parse_strict, is_escape, "'label hexaddress'");

	/* Without a letter in any address it may be a table of decimal numbers. */
	if (verdict == BEL_PROBE_CERTAIN)
		for (size_t i = 0; i < probe->have; i++)
			if (bel_text_digits[probe->data[i]] > 9 &&
				bel_text_digits[probe->data[i]] < 16)
				return verdict;
	return verdict > BEL_PROBE_LIKELY ? BEL_PROBE_LIKELY : verdict;
}

static int read_batch(void *reader, struct bel_accesses *out, struct bel_err *err)
{
	return bel_text_read(reader, out, parse, is_escape, "not 'label hexaddress'", err);
}

static int write_batch(FILE *file, const struct bel_accesses *batch, struct bel_err *err)
{
	static const char *const labels[] = {"2 ", "0 ", "1 ", "1 "};
	struct bel_text_buffer buffer = {.file = file};

	(void)err;
	for (size_t i = 0; i < batch->count; i++) {
		const struct bel_access *const access = &batch->access[i];

		bel_text_put(&buffer, labels[access->kind]);
		bel_text_put_hex(&buffer, access->address, 1);
		bel_text_put(&buffer, "\n");
		bel_text_flush(&buffer, false);
	}
	bel_text_flush(&buffer, true);
	return 0;
}

static const struct bel_format din = {
	.name = "din",
	.title = "Dinero III: 'label hexaddress' a line",
	.suffixes = ".din",
	.caps = BEL_FORMAT_KINDS | BEL_FORMAT_WRITES,
	.probe = probe,
	.open = bel_text_open,
	.read = read_batch,
	.tally = bel_text_tally,
	.close = bel_text_close,
	.write = write_batch,
};
BEL_FORMAT(din);
