/* SPDX-License-Identifier: MIT */
/*
 * text.h: common parts of the readers and writers of text formats: whole lines from
 * the input's window, numbers without bounds checks, lines that are not references.
 *
 * Private to lib/formats. From `cursor` to `limit` of a struct bel_text, every line
 * ends in '\n' (it is added to a last line that lacks it). So a parser needs to
 * check only for the newline, not for the end of the data.
 *
 *	static const uint8_t *parse(const uint8_t *line, struct bel_access *access);
 *
 * returns the start of the next line, or NULL for a line that is not a reference.
 * Of those lines, blank ones are skipped; comments (from '#' or "//") and the format's
 * noise are skipped and counted; all others are bad (bel_format_bad()).
 */
#ifndef BEL_TEXT_H
#define BEL_TEXT_H

#include <stdbool.h>
#include <stdio.h>

#include "format.h"

/* A longer line is bad, whatever it contains; only page lists may have longer lines. */
#define BEL_TEXT_LINE_MAX ((size_t)64 << 10)

struct bel_text {
	struct bel_input *input; /* the caller's */
	struct bel_format_options options;
	struct bel_format_tally tally;
	const uint8_t *cursor, *limit;
	uint64_t line; /* number of the line at `cursor`, from 1 */
	size_t handed; /* bytes of the window between its start and `limit` */
	bool skipping; /* inside a line that is too long */
	bool ended;
	uint8_t *tail; /* owned: copy of a last line without newline, with a newline added */
	/* How much of [data, data + have) can be parsed; NULL: up to the last newline. */
	size_t (*cut)(const struct bel_text *text, const uint8_t *data, size_t have);
};

typedef const uint8_t *bel_text_parser(const uint8_t *line, struct bel_access *access);

/* Whether a line without a reference, [line, end) without blanks around it, is known noise. */
typedef bool bel_text_noise(const uint8_t *line, const uint8_t *end);

void bel_text_init(
	struct bel_text *text, struct bel_input *input, const struct bel_format_options *options);
void bel_text_release(struct bel_text *text);

/* open, tally and close for formats whose reader is just a struct bel_text. */
void *bel_text_open(
	struct bel_input *input, const struct bel_format_options *options, struct bel_err *err);
void bel_text_tally(const void *reader, struct bel_format_tally *tally);
void bel_text_close(void *reader);

/* Like bel_format_bad(), for a line of more than BEL_TEXT_LINE_MAX bytes that starts at p. */
int bel_text_long(struct bel_text *text, const uint8_t *p, struct bel_err *err);

/* Call it when cursor == limit. Returns 1 if there are more lines, 0 at the end, or negative. */
int bel_text_more(struct bel_text *text, struct bel_err *err);

/* The line at the cursor is not a reference: skips it (0), or fails and does not move. */
int bel_text_odd(
	struct bel_text *text, bel_text_noise *noise, const char *what, struct bel_err *err);

/*
 * Calls parse() on the first lines. All are references: CERTAIN; at least three in four: LIKELY;
 * else NO. The reason says how many are `what` ("'hexaddress R|W'"). Blank lines, comments and
 * noise (NULL: none) do not count. If other formats have the same lines, the caller must lower the
 * verdict.
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

/* The position after the newline if only blanks precede it, else NULL. */
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

/* The position after the digits; NULL if there are none or the value needs more than 64 bits. */
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
 * A reader's read() for formats with one reference per line. `parse` is a constant in
 * each caller, so the compiler inlines it into the loop.
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
		/* Return what was found first; the next call fails again. */
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

/* Writers build lines in this buffer and flush it when it is half full. */
struct bel_text_buffer {
	FILE *file;
	size_t used;
	char text[8192];
};

/* Flushes if the next line might not fit, or if `all`. */
void bel_text_flush(struct bel_text_buffer *buffer, bool all);
void bel_text_put(struct bel_text_buffer *buffer, const char *text);
void bel_text_put_decimal(struct bel_text_buffer *buffer, uint64_t value);
/* At least `width` digits. */
void bel_text_put_hex(struct bel_text_buffer *buffer, uint64_t value, unsigned width);

typedef void bel_text_line(struct bel_text_buffer *buffer, const struct bel_access *access);

/* Writes the line of each reference. `line` is a constant in each caller, as `parse` is above. */
static inline __attribute__((always_inline)) void bel_text_write(
	FILE *file, const struct bel_accesses *batch, bel_text_line *line)
{
	struct bel_text_buffer buffer = {.file = file};

	for (size_t i = 0; i < batch->count; i++) {
		line(&buffer, &batch->access[i]);
		bel_text_flush(&buffer, false);
	}
	bel_text_flush(&buffer, true);
}

/* Defines a format's write() for one reference per line. */
#define BEL_TEXT_WRITER(NAME, LINE)                                                                \
	static int NAME(FILE *file, const struct bel_accesses *batch, struct bel_err *err)         \
	{                                                                                          \
		(void)err;                                                                         \
		bel_text_write(file, batch, LINE);                                                 \
		return 0;                                                                          \
	}

#endif
