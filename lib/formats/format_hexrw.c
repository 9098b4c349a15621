/* SPDX-License-Identifier: MIT */
/*
 * format_hexrw.c: "hexaddress R|W", one reference per line, as in courses on operating systems:
 *
 *	07b243a0 R
 *	0x00228d40, w, 8
 *
 * R and W may be in lower case, or be the words read and write. A comma may separate the columns;
 * the rest of the line is ignored. If no number is surely hexadecimal, the numbers may also be
 * decimal or pages: then the probe leaves the choice to the user.
 */
#include <string.h>
#include <strings.h>

#include "text_look.h"

static bool ends_word(uint8_t c)
{
	return c == ' ' || c == '\t' || c == ',' || c == '\r' || c == '\n';
}

/* Skips the gap between two columns: blanks and at most one comma; NULL if there is no gap. */
static const uint8_t *pass_gap(const uint8_t *p)
{
	const uint8_t *const start = p;

	p = bel_text_blanks(p);
	if (*p == ',')
		p = bel_text_blanks(p + 1);
	return p == start ? NULL : p;
}

/* Skips a kind; its first letter is r or w. */
static const uint8_t *pass_kind(const uint8_t *p, bool writes)
{
	if (__builtin_expect(ends_word(p[1]), 1))
		return p + 1;
	/* strncasecmp() stops at the newline at the latest. */
	if (!strncasecmp((const char *)p, writes ? "write" : "read", writes ? 5 : 4))
		p += writes ? 5 : 4;
	return ends_word(*p) ? p : NULL;
}

static const uint8_t *parse(const uint8_t *line, struct bel_access *access)
{
	const uint8_t *p = bel_text_hex(bel_text_blanks(line), &access->address);
	unsigned letter;

	p = p ? pass_gap(p) : NULL;
	if (!p)
		return NULL;
	letter = *p | 0x20u;
	/* No branch on the letter: the order of reads and writes is not predictable. */
	if (!((letter == 'r') | (letter == 'w')))
		return NULL;
	access->kind = (uint8_t)(BEL_LOAD + (letter == 'w'));
	access->size = 1;
	p = pass_kind(p, letter == 'w');
	if (!p)
		return NULL;
	if (__builtin_expect(*p == '\n', 1))
		return p + 1;
	return (const uint8_t *)rawmemchr(p, '\n') + 1;
}

static enum bel_probe_verdict probe(struct bel_probe *probe)
{
	const struct bel_text_look look = bel_text_look(probe, 0);
	const enum bel_probe_verdict verdict =
		bel_text_probe(probe, parse, NULL, "'hexaddress R|W'");

	if (verdict == BEL_PROBE_NO)
		return verdict;
	if (!bel_text_look_is_hex(&look))
		return bel_probe_say(probe, BEL_PROBE_POSSIBLE,
			"lines are 'number R|W', but no number is surely hexadecimal");
	if (look.columns_max > 2)
		return bel_probe_say(
			probe, BEL_PROBE_LIKELY, "lines are 'hexaddress R|W' and further columns");
	return verdict;
}

static int read_batch(void *reader, struct bel_accesses *out, struct bel_err *err)
{
	return bel_text_read(reader, out, parse, NULL, "not 'hexaddress R|W'", err);
}

static void put_line(struct bel_text_buffer *to, const struct bel_access *access)
{
	bel_text_put_hex(to, access->address, 8);
	bel_text_put(to, bel_kind_writes(access->kind) ? " W\n" : " R\n");
}

BEL_TEXT_WRITER(write_batch, put_line)

static const struct bel_format hexrw = {
	.name = "hexrw",
	.title = "'hexaddress R|W' per line",
	.example = "07b243a0 R",
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
