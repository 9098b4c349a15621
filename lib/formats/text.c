/* SPDX-License-Identifier: MIT */
/*
 * text.c: whole lines from the input's window; lines without a reference; probing by line.
 */
#include <stdlib.h>
#include <string.h>

#include "text.h"

#define PROBE_LINES 1000
#define PROBE_LINE_MAX 512
#define AROUND 64 /* bytes that are readable before and after the last line */

#define NO 0x80
#define NO8 NO, NO, NO, NO, NO, NO, NO, NO
#define NO32 NO8, NO8, NO8, NO8

/* clang-format off */
const uint8_t bel_text_digits[256] = {
	NO32,
	NO8, NO8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, NO, NO, NO, NO, NO, NO,
	NO, 10, 11, 12, 13, 14, 15, NO, NO8, NO8, NO8,
	NO, 10, 11, 12, 13, 14, 15, NO, NO8, NO8, NO8,
	NO32, NO32, NO32, NO32,
};
/* clang-format on */

void bel_text_init(
	struct bel_text *text, struct bel_input *input, const struct bel_format_options *options)
{
	*text = (struct bel_text){.input = input, .options = *options, .line = 1};
}

void bel_text_release(struct bel_text *text)
{
	free(text->tail);
	text->tail = NULL;
}

void *bel_text_open(
	struct bel_input *input, const struct bel_format_options *options, struct bel_err *err)
{
	struct bel_text *const text = malloc(sizeof(*text));

	if (text)
		bel_text_init(text, input, options);
	else
		bel_err_memory(err, "a reader of text");
	return text;
}

void bel_text_tally(const void *reader, struct bel_format_tally *tally)
{
	*tally = ((const struct bel_text *)reader)->tally;
}

void bel_text_close(void *reader)
{
	if (!reader)
		return;
	bel_text_release(reader);
	free(reader);
}

/* The last line has no newline: copies it and adds one. */
static int take_tail(struct bel_text *text, struct bel_err *err)
{
	const size_t have = text->input->have;

	text->ended = true;
	/* Parsers read at most 16 bytes before the line, and past the newline. */
	text->tail = calloc(1, AROUND + have + 1 + AROUND);
	if (!text->tail)
		return bel_err_memory(err, text->input->name);
	memcpy(text->tail + AROUND, text->input->data, have);
	text->cursor = text->tail + AROUND;
	text->tail[AROUND + have] = '\n';
	text->limit = text->cursor + have + 1;
	bel_input_take(text->input, have);
	return 1;
}

/* In a line that is too long: drops the window. Returns 1 when the end of the line was found. */
static int skip_long(struct bel_text *text)
{
	struct bel_input *const input = text->input;
	const uint8_t *const newline = memchr(input->data, '\n', input->have);

	bel_input_take(input, newline ? (size_t)(newline + 1 - input->data) : input->have);
	text->skipping = !newline;
	text->line += !!newline;
	return !!newline;
}

static size_t whole_lines(const uint8_t *data, size_t have)
{
	const uint8_t *const newline = memrchr(data, '\n', have);

	return newline ? (size_t)(newline + 1 - data) : 0;
}

/* Whether LF follows every CR, without a branch for each of them: the usual lines of Windows. */
static bool all_before_newlines(const uint8_t *data, size_t have)
{
	uint8_t other = 0;

	for (size_t i = 0; i + 1 < have; i++)
		other |= (uint8_t)((data[i] == '\r') & (data[i + 1] != '\n'));
	return !other;
}

/*
 * The first carriage return that does not end its line; NULL: there is none. Where lines end with
 * CR alone, a whole file would be one line, of which many formats read only the first columns.
 */
static const uint8_t *lone_return(const uint8_t *data, size_t have)
{
	const uint8_t *const stop = data + have;
	const uint8_t *p = memchr(data, '\r', have), *at;

	if (!p || all_before_newlines(p, (size_t)(stop - p)))
		return NULL;
	while ((at = memchr(p, '\r', (size_t)(stop - p)))) {
		p = at + 1;
		while (p < stop && (*p == ' ' || *p == '\t' || *p == '\r'))
			p++;
		if (p < stop && *p != '\n')
			return at;
	}
	return NULL;
}

/*
 * Ends what is handed out before a line with such a carriage return. If it is the first line: skips
 * it (0), or fails. 1: the lines may be parsed.
 */
static int pass_returns(struct bel_text *text, size_t have, struct bel_err *err)
{
	struct bel_input *const input = text->input;
	const uint8_t *const data = input->data;
	const uint8_t *const lone = lone_return(data, have), *end;
	size_t length;
	int r;

	if (!lone)
		return 1;
	text->handed = whole_lines(data, (size_t)(lone - data));
	if (text->handed)
		return 1;
	end = memchr(lone, '\n', have - (size_t)(lone - data));
	length = end ? (size_t)(end - data) : have;
	r = bel_format_bad(&text->tally, &text->options, input, text->line,
		"a carriage return in the line; lines end with LF or CR LF (tr '\\r' '\\n' "
		"converts)",
		data, length, err);
	if (r < 0)
		return r;
	bel_input_take(input, length + !!end);
	text->line++;
	return 0;
}

int bel_text_long(struct bel_text *text, const uint8_t *p, struct bel_err *err)
{
	return bel_format_bad(&text->tally, &text->options, text->input, text->line,
		"a line of more than 64 KiB", p, 64, err);
}

int bel_text_more(struct bel_text *text, struct bel_err *err)
{
	struct bel_input *const input = text->input;
	size_t want = 1;

	if (text->ended)
		return 0;
	bel_input_take(input, text->handed);
	text->handed = 0;
	for (;;) {
		int r = input->have >= want ? 1 : bel_input_fill(input, want, err);

		if (r <= 0)
			return r;
		if (text->skipping) {
			skip_long(text);
			want = 1;
			continue;
		}
		text->handed = text->cut ? text->cut(text, input->data, input->have)
					 : whole_lines(input->data, input->have);
		if (!text->cut && (text->handed || input->ended)) {
			r = pass_returns(text, text->handed ? text->handed : input->have, err);
			want = 1;
			if (r < 0)
				return r;
			if (r == 0)
				continue;
		}
		if (text->handed) {
			text->cursor = input->data;
			text->limit = input->data + text->handed;
			return 1;
		}
		if (input->ended)
			return take_tail(text, err);
		if (input->have > BEL_TEXT_LINE_MAX) {
			r = bel_text_long(text, input->data, err);
			if (r < 0)
				return r;
			text->skipping = true;
			continue;
		}
		want = input->have + 1;
	}
}

/* The types of lines without a reference. */
enum odd { ODD_BLANK, ODD_NOISE, ODD_GARBAGE };

static enum odd judge(const uint8_t *line, const uint8_t *end, bel_text_noise *noise)
{
	while (line < end && (*line == ' ' || *line == '\t' || *line == '\r'))
		line++;
	while (line < end && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r'))
		end--;
	if (line == end)
		return ODD_BLANK;
	if (*line == '#' || (*line == '/' && end - line > 1 && line[1] == '/'))
		return ODD_NOISE;
	return noise && noise(line, end) ? ODD_NOISE : ODD_GARBAGE;
}

int bel_text_odd(
	struct bel_text *text, bel_text_noise *noise, const char *what, struct bel_err *err)
{
	const uint8_t *const line = text->cursor;
	const uint8_t *const end = rawmemchr(line, '\n');
	const bool overlong = (size_t)(end - line) > BEL_TEXT_LINE_MAX;
	const enum odd odd = overlong ? ODD_GARBAGE : judge(line, end, noise);
	int r = 0;

	if (overlong)
		r = bel_text_long(text, line, err);
	else if (odd == ODD_GARBAGE)
		r = bel_format_bad(&text->tally, &text->options, text->input, text->line, what,
			line, (size_t)(end - line), err);
	if (r < 0)
		return r;
	text->tally.noise += odd == ODD_NOISE;
	text->cursor = end + 1;
	text->line++;
	return 0;
}

enum bel_probe_verdict bel_text_probe(
	struct bel_probe *probe, bel_text_parser *parse, bel_text_noise *noise, const char *what)
{
	uint8_t line[PROBE_LINE_MAX + 16] = {0};
	const uint8_t *at = probe->data, *const stop = at + probe->have;
	unsigned lines = 0, good = 0;
	struct bel_access access;

	while (at < stop && lines < PROBE_LINES) {
		const uint8_t *const start = at;
		const uint8_t *end = memchr(start, '\n', (size_t)(stop - start));
		size_t length;

		if (!end && !probe->whole)
			break;
		if (!end)
			end = stop;
		length = (size_t)(end - start);
		at = end < stop ? end + 1 : stop;
		if (judge(start, end, noise) != ODD_GARBAGE)
			continue;
		lines++;
		if (length > PROBE_LINE_MAX)
			continue;
		memcpy(line, start, length);
		line[length] = '\n';
		good += parse(line, &access) == line + length + 1;
	}
	if (good == lines && good)
		return bel_probe_say(probe, BEL_PROBE_CERTAIN, "every line is %s", what);
	if (good * 4 >= lines * 3 && good)
		return bel_probe_say(
			probe, BEL_PROBE_LIKELY, "%u of %u lines are %s", good, lines, what);
	return bel_probe_say(probe, BEL_PROBE_NO, "%u of %u lines are %s", good, lines, what);
}

void bel_text_flush(struct bel_text_buffer *buffer, bool all)
{
	if (all || buffer->used > sizeof(buffer->text) / 2) {
		fwrite(buffer->text, 1, buffer->used, buffer->file);
		buffer->used = 0;
	}
}

void bel_text_put(struct bel_text_buffer *buffer, const char *text)
{
	const size_t length = strlen(text);

	memcpy(buffer->text + buffer->used, text, length);
	buffer->used += length;
}

void bel_text_put_decimal(struct bel_text_buffer *buffer, uint64_t value)
{
	char digits[20];
	size_t n = sizeof(digits);

	do
		digits[--n] = (char)('0' + value % 10);
	while (value /= 10);
	memcpy(buffer->text + buffer->used, digits + n, sizeof(digits) - n);
	buffer->used += sizeof(digits) - n;
}

void bel_text_put_hex(struct bel_text_buffer *buffer, uint64_t value, unsigned width)
{
	unsigned digits = value ? (67 - (unsigned)__builtin_clzll(value)) / 4 : 1;

	if (digits < width)
		digits = width;
	while (digits--)
		buffer->text[buffer->used++] = "0123456789abcdef"[value >> 4 * digits & 15];
}
