/* SPDX-License-Identifier: MIT */
/*
 * format_hexrw.c: "hexaddress R|W", one reference a line, as courses on
 * operating systems hand out:
 *
 *	07b243a0 R
 *	00228d40 W
 *
 * 0x before the address and lower-case letters are read too; only capitals are
 * recognised without --from, since "7 w" may also be a page number.
 */
#include "text.h"

static const uint8_t *parse(const uint8_t *line, struct bel_access *access)
{
	const uint8_t *p = bel_text_hex(bel_text_blanks(line), &access->address);
	unsigned letter;

	if (!p || (*p != ' ' && *p != '\t'))
		return NULL;
	p = bel_text_blanks(p);
	letter = *p | 0x20u;
	/* No branch on the letter itself: reads and writes alternate at random. */
	if (!((letter == 'r') | (letter == 'w')))
		return NULL;
	access->kind = (uint8_t)(BEL_LOAD + (letter == 'w'));
	access->size = 1;
	return bel_text_eol(p + 1);
}

static const uint8_t *parse_strict(const uint8_t *line, struct bel_access *access)
{
	const uint8_t *const next = parse(line, access);

	for (const uint8_t *p = line; next && p < next; p++)
		if (*p == 'r' || *p == 'w')
			return NULL;
	return next;
}

static enum bel_probe_verdict probe(struct bel_probe *probe)
{
	return bel_text_probe(probe, parse_strict, NULL, "'hexaddress R|W'");
}

static int read_batch(void *reader, struct bel_accesses *out, struct bel_err *err)
{
	return bel_text_read(reader, out, parse, NULL, "not 'hexaddress R|W'", err);
}

static int write_batch(FILE *file, const struct bel_accesses *batch, struct bel_err *err)
{
	struct bel_text_buffer buffer = {.file = file};

	(void)err;
	for (size_t i = 0; i < batch->count; i++) {
		const struct bel_access *const access = &batch->access[i];

		bel_text_put_hex(&buffer, access->address, 8);
		bel_text_put(&buffer, bel_kind_writes(access->kind) ? " W\n" : " R\n");
		bel_text_flush(&buffer, false);
	}
	bel_text_flush(&buffer, true);
	return 0;
}

static const struct bel_format hexrw = {
	.name = "hexrw",
	.title = "'hexaddress R|W' a line",
	.suffixes = ".hexrw",
	.caps = BEL_FORMAT_WRITES,
	.probe = probe,
	.open = bel_text_open,
	.read = read_batch,
	.tally = bel_text_tally,
	.close = bel_text_close,
	.write = write_batch,
};
BEL_FORMAT(hexrw);
