/* SPDX-License-Identifier: MIT */
/*
 * format_addresses.c: one byte address per line:
 *
 *	16916		addresses: decimal, or hexadecimal with 0x
 *	0x0041f7a0
 *
 *	0041f7a0	hex-addresses: hexadecimal, with or without 0x
 *
 * Such a file may also be a list of pages. Hexadecimal numbers are taken for addresses. Decimal
 * numbers are taken for addresses only if the user's page size is smaller than that of page
 * numbers.
 */
#include "text_look.h"

static const uint8_t *parse(const uint8_t *line, struct bel_access *access)
{
	const uint8_t *const p = bel_text_number(bel_text_blanks(line), &access->address);

	access->kind = BEL_LOAD;
	access->size = 1;
	return p ? bel_text_eol(p) : NULL;
}

static const uint8_t *parse_hex(const uint8_t *line, struct bel_access *access)
{
	const uint8_t *const p = bel_text_hex(bel_text_blanks(line), &access->address);

	access->kind = BEL_LOAD;
	access->size = 1;
	return p ? bel_text_eol(p) : NULL;
}

static enum bel_probe_verdict probe(struct bel_probe *probe)
{
	const struct bel_text_look look = bel_text_look(probe, 0);
	const enum bel_probe_verdict verdict = bel_text_probe(
		probe, parse, NULL, "a decimal number, or a hexadecimal one with 0x");

	if (verdict == BEL_PROBE_NO)
		return verdict;
	/* The user gave a page size for page numbers. */
	if (probe->unit_bits)
		return bel_probe_say(probe, BEL_PROBE_POSSIBLE, "one number per line");
	if (probe->page_bits && probe->page_bits < 12 && look.largest >> probe->page_bits)
		return bel_probe_say(probe, BEL_PROBE_LIKELY,
			"one number per line, and --page-size is smaller than 4 KiB");
	if (look.prefixed && look.largest >= BEL_TEXT_SMALL)
		return bel_probe_say(probe, BEL_PROBE_LIKELY,
			"one hexadecimal number per line; for page numbers use --from pages");
	return bel_probe_say(probe, BEL_PROBE_POSSIBLE, "one number per line");
}

static enum bel_probe_verdict probe_hex(struct bel_probe *probe)
{
	const struct bel_text_look look = bel_text_look(probe, 0);
	const enum bel_probe_verdict verdict =
		bel_text_probe(probe, parse_hex, NULL, "a hexadecimal number");

	if (verdict == BEL_PROBE_NO || look.hex)
		return verdict;
	/* Numbers of fixed width, such as "0001c7d8", are seldom page numbers. */
	if (look.zeros && !look.prefixed)
		return bel_probe_say(
			probe, BEL_PROBE_POSSIBLE, "one number per line, some with leading zeros");
	return bel_probe_say(probe, BEL_PROBE_NO, "one number per line, and none has a letter");
}

static int read_batch(void *reader, struct bel_accesses *out, struct bel_err *err)
{
	return bel_text_read(reader, out, parse, NULL, "not an address, decimal or 0x", err);
}

static int read_hex(void *reader, struct bel_accesses *out, struct bel_err *err)
{
	return bel_text_read(reader, out, parse_hex, NULL, "not a hexadecimal address", err);
}

static void put_plain(struct bel_text_buffer *to, const struct bel_access *access)
{
	bel_text_put_hex(to, access->address, 8);
	bel_text_put(to, "\n");
}

static void put_prefixed(struct bel_text_buffer *to, const struct bel_access *access)
{
	bel_text_put(to, "0x");
	put_plain(to, access);
}

BEL_TEXT_WRITER(write_batch, put_prefixed)

BEL_TEXT_WRITER(write_hex, put_plain)

static const struct bel_format addresses = {
	.name = "addresses",
	.title = "one byte address per line, decimal or 0x",
	.example = "0x0041f7a0",
	.suffixes = ".addr .addrs .addresses",
	.probe = probe,
	.open = bel_text_open,
	.read = read_batch,
	.tally = bel_text_tally,
	.close = bel_text_close,
	.write = write_batch,
};
BEL_FORMAT(addresses);

static const struct bel_format hex_addresses = {
	.name = "hex-addresses",
	.title = "one byte address per line, hexadecimal with or without 0x",
	.example = "0041f7a0",
	.suffixes = ".hex",
	.probe = probe_hex,
	.open = bel_text_open,
	.read = read_hex,
	.tally = bel_text_tally,
	.close = bel_text_close,
	.write = write_hex,
};
BEL_FORMAT(hex_addresses);
