/* SPDX-License-Identifier: MIT */
/*
 * text.h: what the readers and writers of text formats share: whole lines out
 * of the input's window, numbers without bounds checks, odd lines judged.
 *
 * Private to lib/trace. A struct bel_text hands out whole lines: from `cursor`
 * to `limit` every line ends in '\n' (the last one is given one if it lacks
 * it), so that a parser may run without looking at any end but the newline.
 *
 *	static const uint8_t *parse(const uint8_t *line, struct bel_access *access);
 *
 * returns the start of the next line, or NULL for a line that is no reference;
 * then blank lines pass, comments ('#' or "//" first) and what the format knows to be
 * noise are counted, anything else is garbage (bel_format_bad()).
 */
#ifndef BEL_TEXT_H
#define BEL_TEXT_H

#include <stdbool.h>
#include <stdio.h>

#include "format.h"

/* A longer line is garbage, whatever it holds; only page lists may be longer. */
#define BEL_TEXT_LINE_MAX ((size_t)64 << 10)

struct bel_text {
	struct bel_input *input; /* the caller's */
	struct bel_format_options options;
	struct bel_format_tally tally;
	const uint8_t *cursor, *limit;
	uint64_t line; /* of what cursor points at, from 1 */
	size_t handed; /* bytes of the window between its start and limit */
	bool skipping; /* in the midst of a line that is too long */
	bool ended;
	uint8_t *tail; /* owned: a last line without newline, with one */
	/* How much of [data, data + have) is whole; NULL: up to the last newline. */
	size_t (*cut)(const struct bel_text *text, const uint8_t *data, size_t have);
};

typedef const uint8_t *bel_text_parser(const uint8_t *line, struct bel_access *access);

/* Whether a line that is no reference, [line, end) without blanks around, is known noise. */
typedef bool bel_text_noise(const uint8_t *line, const uint8_t *end);

void bel_text_init(
	struct bel_text *text, struct bel_input *input, const struct bel_format_options *options);
void bel_text_release(struct bel_text *text);

/* open, tally and close of formats whose reader needs no more than a struct bel_text. */
void *bel_text_open(
	struct bel_input *input, const struct bel_format_options *options, struct bel_err *err);
void bel_text_tally(const void *reader, struct bel_format_tally *tally);
void bel_text_close(void *reader);

/* As bel_format_bad(), for a line of more than BEL_TEXT_LINE_MAX bytes that starts at p. */
int bel_text_long(struct bel_text *text, const uint8_t *p, struct bel_err *err);

/* Call when cursor == limit: 1 if more lines are there, 0 at the end, negative on errors. */
int bel_text_more(struct bel_text *text, struct bel_err *err);

/* The line at the cursor is no reference: passes it (0) or, with nothing moved, fails. */
int bel_text_odd(
	struct bel_text *text, bel_text_noise *noise, const char *what, struct bel_err *err);

/*
 * How many of the first lines parse(): all, CERTAIN; at least three in four, LIKELY; else NO.
 * The reason tells how many are `what` ("'hexaddress R|W'"). Blank lines, comments and noise
 * (NULL: none) do not count. A format whose lines other formats have too lowers the verdict.
 */
enum bel_probe_verdict bel_text_probe(
	struct bel_probe *probe, bel_text_parser *parse, bel_text_noise *noise, const char *what);

/* Value of a hexadecimal digit; 0x80 for any other character. */
extern const uint8_t bel_text_digits[256];

static inline const uint8_t *bel_text_blanks(const uint8_t *p)
{
	while (*p == ' ' || *p == '\t')
		p++;
	return p;
}

/* Past the newline if nothing but blanks stands before it, else NULL. */
static inline const uint8_t *bel_text_eol(const uint8_t *p)
{
	if (__builtin_expect(*p != '\n', 0)) {
		p = bel_text_blanks(p);
		if (*p == '\r')
			p++;
		if (*p != '\n')
			return NULL;
	}
	return p + 1;
}

/* Past the digits; NULL if there are none or the value does not fit in 64 bits. */
static inline const uint8_t *bel_text_decimal(const uint8_t *p, uint64_t *value)
{
	uint64_t v = (uint8_t)(*p++ - '0');

	if (v > 9)
		return NULL;
	for (;; p++) {
		const uint8_t digit = (uint8_t)(*p - '0');

		if (digit > 9)
			break;
		if (__builtin_expect(v >= UINT64_MAX / 10, 0) &&
			(v > UINT64_MAX / 10 || digit > UINT64_MAX % 10))
			return NULL;
		v = v * 10 + digit;
	}
	*value = v;
	return p;
}

/* The same in base 16, with or without 0x. */
static inline const uint8_t *bel_text_hex(const uint8_t *p, uint64_t *value)
{
	uint64_t v;

	if (p[0] == '0' && (p[1] | 0x20) == 'x')
		p += 2;
	v = bel_text_digits[*p++];
	if (v & 0x80)
		return NULL;
	for (;; p++) {
		const uint8_t digit = bel_text_digits[*p];

		if (digit & 0x80)
			break;
		if (__builtin_expect(v >> 60, 0))
			return NULL;
		v = v << 4 | digit;
	}
	*value = v;
	return p;
}

/* Decimal, or hexadecimal after 0x. */
static inline const uint8_t *bel_text_number(const uint8_t *p, uint64_t *value)
{
	if (p[0] == '0' && (p[1] | 0x20) == 'x')
		return bel_text_hex(p, value);
	return bel_text_decimal(p, value);
}

/*
 * A reader's read() for formats with one reference a line: parse is a constant
 * in each caller, so that the compiler makes one loop of both.
 */
static inline __attribute__((always_inline)) int bel_text_read(struct bel_text *text,
	struct bel_accesses *out, bel_text_parser *parse, bel_text_noise *noise, const char *what,
	struct bel_err *err)
{
	size_t count = 0;
	int r = 0;

	out->space = 0;
	while (count < out->capacity) {
		const uint8_t *cursor = text->cursor, *const limit = text->limit;
		const size_t before = count;

		while (cursor != limit && count < out->capacity) {
			const uint8_t *const next = parse(cursor, &out->access[count]);

			if (__builtin_expect(!next, 0) ||
				__builtin_expect(
					next - cursor > (ptrdiff_t)BEL_TEXT_LINE_MAX + 1, 0))
				break;
			cursor = next;
			count++;
		}
		text->cursor = cursor;
		text->line += count - before;
		if (count == out->capacity)
			break;
		/* What was found is given first; whatever fails now fails again. */
		if (cursor != limit)
			r = bel_text_odd(text, noise, what, count ? NULL : err);
		else if (count)
			break;
		else if ((r = bel_text_more(text, err)) == 0)
			break;
		if (r < 0)
			break;
	}
	out->count = count;
	return count ? 1 : r;
}

/* Writers compose a batch's lines in a buffer of this size and flush it when half full. */
struct bel_text_buffer {
	FILE *file;
	size_t used;
	char text[8192];
};

/* Flushes when the next line might not fit. */
void bel_text_flush(struct bel_text_buffer *buffer, bool all);
void bel_text_put(struct bel_text_buffer *buffer, const char *text);
void bel_text_put_decimal(struct bel_text_buffer *buffer, uint64_t value);
/* At least `width` digits. */
void bel_text_put_hex(struct bel_text_buffer *buffer, uint64_t value, unsigned width);

#endif
