/* SPDX-License-Identifier: MIT */
/*
 * format_kind_first.c: a kind, then an address, then optionally a size:
 *
 *	R 0x7ffe1000	kind: addresses in decimal, or hexadecimal with 0x
 *	l 0x1fffff78 4
 *	LD,0x601040
 *	I: 0x400d7d
 *
 *	store 1fffff78	kind-hex: hexadecimal addresses, with or without 0x
 *
 *	W 7		kind-pages: page numbers
 *
 * Kinds are r, w, i, l, s, m, f, ld, st, rd, wr, if, read, write, load, store, fetch, ifetch,
 * instr and modify, in any case. Blanks, a comma or a colon may separate the columns.
 */
#include <string.h>
#include <strings.h>

#include "text_look.h"

static bool is_letter(uint8_t c)
{
	return (uint8_t)((c | 0x20) - 'a') < 26;
}

/* The enum bel_kind of a word; BEL_KINDS: it is not a kind. */
static uint8_t kind_of(const uint8_t *word, size_t length)
{
	static const struct {
		char word[8];
		uint8_t kind;
	} kinds[] = {
		{"r", BEL_LOAD},
		{"w", BEL_STORE},
		{"l", BEL_LOAD},
		{"s", BEL_STORE},
		{"i", BEL_FETCH},
		{"m", BEL_MODIFY},
		{"f", BEL_FETCH},
		{"ld", BEL_LOAD},
		{"st", BEL_STORE},
		{"rd", BEL_LOAD},
		{"wr", BEL_STORE},
		{"if", BEL_FETCH},
		{"read", BEL_LOAD},
		{"write", BEL_STORE},
		{"load", BEL_LOAD},
		{"store", BEL_STORE},
		{"fetch", BEL_FETCH},
		{"instr", BEL_FETCH},
		{"ifetch", BEL_FETCH},
		{"modify", BEL_MODIFY},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if ((word[0] | 0x20) == kinds[i].word[0] && strlen(kinds[i].word) == length &&
			!strncasecmp((const char *)word, kinds[i].word, length))
			return kinds[i].kind;
	return BEL_KINDS;
}

/* Skips blanks and at most one comma or colon; NULL if there is none of these. */
static const uint8_t *pass_gap(const uint8_t *p)
{
	const uint8_t *const start = p;

	p = bel_text_blanks(p);
	if (*p == ',' || *p == ':')
		p = bel_text_blanks(p + 1);
	return p == start ? NULL : p;
}

/* An end of line, or a size and an end of line. */
static const uint8_t *parse_size(const uint8_t *p, struct bel_access *access)
{
	const uint8_t *const end = bel_text_eol(p);
	uint64_t size;

	access->size = 1;
	if (end)
		return end;
	p = pass_gap(p);
	p = p ? bel_text_number(p, &size) : NULL;
	if (!p || !size || size > UINT32_MAX)
		return NULL;
	access->size = (uint32_t)size;
	return bel_text_eol(p);
}

/* Skips the kind, up to the number. */
static const uint8_t *parse_kind(const uint8_t *line, struct bel_access *access)
{
	const uint8_t *const word = bel_text_blanks(line);
	const uint8_t *p = word;

	while (is_letter(*p))
		p++;
	access->kind = kind_of(word, (size_t)(p - word));
	return access->kind == BEL_KINDS ? NULL : pass_gap(p);
}

static const uint8_t *parse(const uint8_t *line, struct bel_access *access)
{
	const uint8_t *p = parse_kind(line, access);

	p = p ? bel_text_number(p, &access->address) : NULL;
	return p ? parse_size(p, access) : NULL;
}

static const uint8_t *parse_hex(const uint8_t *line, struct bel_access *access)
{
	const uint8_t *p = parse_kind(line, access);

	p = p ? bel_text_hex(p, &access->address) : NULL;
	return p ? parse_size(p, access) : NULL;
}

static const uint8_t *parse_page(const uint8_t *line, struct bel_access *access)
{
	const uint8_t *p = parse_kind(line, access);

	p = p ? bel_text_number(p, &access->address) : NULL;
	access->size = 1;
	return p ? bel_text_eol(p) : NULL;
}

static enum bel_probe_verdict probe(struct bel_probe *probe)
{
	const struct bel_text_look look = bel_text_look(probe, 1);
	const enum bel_probe_verdict verdict =
		bel_text_probe(probe, parse, NULL, "'kind address' or 'kind address size'");

	if (verdict == BEL_PROBE_NO || look.prefixed)
		return verdict;
	if (look.columns_min < 3)
		return bel_probe_say(probe, BEL_PROBE_POSSIBLE,
			"lines are 'kind number', and the numbers may be addresses or pages");
	return bel_probe_say(probe, BEL_PROBE_LIKELY,
		"lines are 'kind number size', and every number is decimal");
}

static enum bel_probe_verdict probe_hex(struct bel_probe *probe)
{
	const struct bel_text_look look = bel_text_look(probe, 1);
	const enum bel_probe_verdict verdict = bel_text_probe(
		probe, parse_hex, NULL, "'kind hexaddress' or 'kind hexaddress size'");

	if (verdict == BEL_PROBE_NO)
		return verdict;
	if (look.hex)
		return verdict > BEL_PROBE_LIKELY ? BEL_PROBE_LIKELY : verdict;
	if (look.prefixed || (look.largest < BEL_TEXT_SMALL && !look.zeros))
		return bel_probe_say(probe, BEL_PROBE_NO,
			"lines are 'kind number', but not in bare hexadecimal");
	return bel_probe_say(probe, BEL_PROBE_POSSIBLE,
		"lines are 'kind number', but no number is surely hexadecimal");
}

static enum bel_probe_verdict probe_pages(struct bel_probe *probe)
{
	const struct bel_text_look look = bel_text_look(probe, 1);
	const enum bel_probe_verdict verdict =
		bel_text_probe(probe, parse_page, NULL, "'kind page'");

	if (verdict == BEL_PROBE_NO)
		return verdict;
	if (look.prefixed || look.zeros || look.largest >= BEL_TEXT_SMALL)
		return bel_probe_say(probe, BEL_PROBE_POSSIBLE,
			"lines are 'kind number', and the numbers may be addresses or pages");
	return bel_probe_say(probe, BEL_PROBE_LIKELY,
		"lines are 'kind number', and every number is decimal and below 4096");
}

static int read_batch(void *reader, struct bel_accesses *out, struct bel_err *err)
{
	return bel_text_read(
		reader, out, parse, NULL, "not 'kind address' or 'kind address size'", err);
}

static int read_hex(void *reader, struct bel_accesses *out, struct bel_err *err)
{
	return bel_text_read(reader, out, parse_hex, NULL,
		"not 'kind hexaddress' or 'kind hexaddress size'", err);
}

static int read_pages(void *reader, struct bel_accesses *out, struct bel_err *err)
{
	return bel_text_read(reader, out, parse_page, NULL, "not 'kind page'", err);
}

static void put_kind(struct bel_text_buffer *to, const struct bel_access *access)
{
	static const char *const letters[] = {"I ", "R ", "W ", "M "};

	bel_text_put(to, letters[access->kind]);
}

static void put_bytes(struct bel_text_buffer *to, const struct bel_access *access)
{
	bel_text_put_hex(to, access->address, 1);
	bel_text_put(to, " ");
	bel_text_put_decimal(to, access->size);
	bel_text_put(to, "\n");
}

static void put_line(struct bel_text_buffer *to, const struct bel_access *access)
{
	put_kind(to, access);
	bel_text_put(to, "0x");
	put_bytes(to, access);
}

static void put_hex(struct bel_text_buffer *to, const struct bel_access *access)
{
	put_kind(to, access);
	put_bytes(to, access);
}

static void put_page(struct bel_text_buffer *to, const struct bel_access *access)
{
	put_kind(to, access);
	bel_text_put_decimal(to, access->address);
	bel_text_put(to, "\n");
}

BEL_TEXT_WRITER(write_batch, put_line)

BEL_TEXT_WRITER(write_hex, put_hex)

BEL_TEXT_WRITER(write_pages, put_page)

static const struct bel_format kind = {
	.name = "kind",
	.title = "'kind address' per line, optionally a size; decimal or 0x",
	.example = "R 0x7ffe1000 8",
	.suffixes = ".kind",
	.caps = BEL_FORMAT_KINDS | BEL_FORMAT_WRITES | BEL_FORMAT_SIZES,
	.probe = probe,
	.open = bel_text_open,
	.read = read_batch,
	.tally = bel_text_tally,
	.close = bel_text_close,
	.write = write_batch,
};
BEL_FORMAT(kind);

static const struct bel_format kind_hex = {
	.name = "kind-hex",
	.title = "'kind hexaddress' per line, optionally a size",
	.example = "R 7ffe1000 8",
	.suffixes = ".kindhex",
	.caps = BEL_FORMAT_KINDS | BEL_FORMAT_WRITES | BEL_FORMAT_SIZES,
	.probe = probe_hex,
	.open = bel_text_open,
	.read = read_hex,
	.tally = bel_text_tally,
	.close = bel_text_close,
	.write = write_hex,
};
BEL_FORMAT(kind_hex);

static const struct bel_format kind_pages = {
	.name = "kind-pages",
	.title = "'kind page' per line",
	.example = "W 7",
	.suffixes = ".kindpages",
	.caps = BEL_FORMAT_KINDS | BEL_FORMAT_WRITES | BEL_FORMAT_PAGE_NUMBERS,
	.probe = probe_pages,
	.open = bel_text_open,
	.read = read_pages,
	.tally = bel_text_tally,
	.close = bel_text_close,
	.write = write_pages,
};
BEL_FORMAT(kind_pages);
