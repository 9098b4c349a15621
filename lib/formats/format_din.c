/* SPDX-License-Identifier: MIT */
/*
 * format_din.c: the input of Dinero III ("din"): "label hexaddress"; the rest of the line is
 * ignored.
 *
 *	2 408ed4	0 read, 1 write, 2 instruction fetch
 *	0 0x10019d94	3 and 4 escape records (4: flush the cache): noise here
 *
 * And Dinero IV's extended din ("xdin"): a letter, a hexadecimal address, a hexadecimal size:
 *
 *	i 408ed4 4	r read, w write, i instruction fetch, m miscellaneous (counts as a read)
 *	w 0x10019d94 8	c copy back, v invalidate: noise here
 *
 * Two columns of decimal digits may also be another kind of table.
 */
#include <string.h>

#include "text_look.h"

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
	const struct bel_text_look look = bel_text_look(probe, 1);
	const enum bel_probe_verdict verdict =
		bel_text_probe(probe, parse_strict, is_escape, "'label hexaddress'");

	if (verdict == BEL_PROBE_NO || look.hex)
		return verdict;
	if (look.prefixed)
		return bel_probe_say(
			probe, BEL_PROBE_LIKELY, "lines are 'label 0xaddress', labels 0 to 2");
	return bel_probe_say(probe, BEL_PROBE_POSSIBLE,
		"lines are 'label number', but no number is surely hexadecimal");
}

static const uint8_t *parse_extended(const uint8_t *line, struct bel_access *access)
{
	const uint8_t *p = bel_text_blanks(line);
	uint64_t size = 1;

	switch (*p | 0x20) {
	case 'r':
	case 'm':
		access->kind = BEL_LOAD;
		break;
	case 'w':
		access->kind = BEL_STORE;
		break;
	case 'i':
		access->kind = BEL_FETCH;
		break;
	default:
		return NULL;
	}
	if (p[1] != ' ' && p[1] != '\t')
		return NULL;
	p = bel_text_hex(bel_text_blanks(p + 2), &access->address);
	if (p && (*p == ' ' || *p == '\t') && !bel_text_eol(p))
		p = bel_text_hex(bel_text_blanks(p), &size);
	if (!p || !size || size > UINT32_MAX)
		return NULL;
	access->size = (uint32_t)size;
	if (*p != ' ' && *p != '\t' && *p != '\r' && *p != '\n')
		return NULL;
	return (const uint8_t *)rawmemchr(p, '\n') + 1;
}

static bool is_cache_command(const uint8_t *line, const uint8_t *end)
{
	return end - line > 1 && ((*line | 0x20) == 'c' || (*line | 0x20) == 'v') &&
	       (line[1] == ' ' || line[1] == '\t');
}

static enum bel_probe_verdict probe_extended(struct bel_probe *probe)
{
	const struct bel_text_look look = bel_text_look(probe, 1);
	const enum bel_probe_verdict verdict = bel_text_probe(
		probe, parse_extended, is_cache_command, "'letter hexaddress hexsize'");

	if (verdict == BEL_PROBE_NO)
		return verdict;
	if (look.hex && look.columns_min > 2)
		return verdict;
	return bel_probe_say(probe, BEL_PROBE_POSSIBLE,
		"lines are 'letter number', without sizes or without a hexadecimal digit");
}

static int read_extended(void *reader, struct bel_accesses *out, struct bel_err *err)
{
	return bel_text_read(reader, out, parse_extended, is_cache_command,
		"not 'r|w|i|m hexaddress hexsize'", err);
}

static int read_batch(void *reader, struct bel_accesses *out, struct bel_err *err)
{
	return bel_text_read(reader, out, parse, is_escape, "not 'label hexaddress'", err);
}

static void put_line(struct bel_text_buffer *to, const struct bel_access *access)
{
	static const char *const labels[] = {"2 ", "0 ", "1 ", "1 "};

	bel_text_put(to, labels[access->kind]);
	bel_text_put_hex(to, access->address, 1);
	bel_text_put(to, "\n");
}

BEL_TEXT_WRITER(write_batch, put_line)

static void put_extended(struct bel_text_buffer *to, const struct bel_access *access)
{
	static const char *const letters[] = {"i ", "r ", "w ", "w "};

	bel_text_put(to, letters[access->kind]);
	bel_text_put_hex(to, access->address, 1);
	bel_text_put(to, " ");
	bel_text_put_hex(to, access->size, 1);
	bel_text_put(to, "\n");
}

BEL_TEXT_WRITER(write_extended, put_extended)

static const struct bel_format xdin = {
	.name = "xdin",
	.title = "Dinero IV: 'letter hexaddress hexsize' per line",
	.example = "r 10019d94 4",
	.suffixes = ".xdin",
	.caps = BEL_FORMAT_KINDS | BEL_FORMAT_WRITES | BEL_FORMAT_SIZES,
	.probe = probe_extended,
	.open = bel_text_open,
	.read = read_extended,
	.tally = bel_text_tally,
	.close = bel_text_close,
	.write = write_extended,
};
BEL_FORMAT(xdin);

static const struct bel_format din = {
	.name = "din",
	.title = "Dinero III: 'label hexaddress' per line",
	.example = "2 408ed4",
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
