/* SPDX-License-Identifier: MIT */
/*
 * format_pages.c: page numbers as in textbooks: "7,0,1,2", or one per line, or separated by
 * blanks; decimal or 0x. A "w" after a number ("7w", "7 W") makes it a write, an "r" a read.
 * The format "letters" is the same with a letter for each page: "A B C D A Bw".
 *
 * '#' and "//" start a comment; a single "*" is skipped.
 *
 * Newlines have no meaning, and a whole trace may be one line. So the reader works
 * with numbers, not lines, and may stop between any two numbers.
 */
#include <stdlib.h>
#include <string.h>

#include "pages_probe.h"
#include "text.h"

struct pages {
	struct bel_text text; /* must be first, for bel_text_close() and bel_text_tally() */
	bool comment;         /* inside a comment: skip up to the next newline */
};

static bool is_gap(uint8_t c)
{
	return c == ' ' || c == ',' || c == '\n' || c == '\t' || c == '\r';
}

static bool is_mark(uint8_t c)
{
	return (c | 0x20) == 'w' || (c | 0x20) == 'r';
}

static bool is_letter(uint8_t c)
{
	return (uint8_t)((c | 0x20) - 'a') < 26;
}

/* Maximum number of blanks between a number and its mark. */
#define BLANKS_MAX 16

/*
 * The position after the last newline, or, in a very long line, the start of the last token:
 * a number must not be parsed before its mark has arrived. A comment may be cut anywhere.
 */
static size_t cut(const struct bel_text *text, const uint8_t *data, size_t have)
{
	const uint8_t *const newline = memrchr(data, '\n', have);
	size_t gap = 0, later = 0;

	if (newline)
		return (size_t)(newline + 1 - data);
	if (have <= BEL_TEXT_LINE_MAX)
		return 0;
	while (gap <= BLANKS_MAX && is_gap(data[have - 1 - gap]))
		gap++;
	if (gap > BLANKS_MAX || *data == '#' || *data == '/' ||
		((const struct pages *)text)->comment)
		return have;
	for (size_t i = have - 1; i > 0; i--) {
		if (is_gap(data[i]) || !is_gap(data[i - 1]))
			continue;
		if (!is_mark(data[i]))
			return i;
		/* The second of two such tokens in a row belongs to no number. */
		if (later)
			return later;
		later = i;
	}
	return is_mark(*data) ? later : 0;
}

/* If there is a mark at p, sets the kind and skips the mark. */
static const uint8_t *pass_mark(const uint8_t *p, struct bel_access *access)
{
	if (!is_mark(*p))
		return p;
	if ((*p | 0x20) == 'w')
		access->kind = BEL_STORE;
	return p + 1;
}

/* Parses a number and its mark, up to a gap; NULL if the token at p is not a number. */
static const uint8_t *parse(const uint8_t *p, struct bel_access *access)
{
	const uint8_t *after;

	access->kind = BEL_LOAD;
	access->size = 1;
	p = bel_text_number(p, &access->address);
	if (!p || *p == '\n' || *p == ',')
		return p;
	if (is_mark(*p)) {
		p = pass_mark(p, access);
	} else {
		for (after = p; (*after == ' ' || *after == '\t') && after - p < BLANKS_MAX;)
			after++;
		if (after > p && is_mark(*after) && is_gap(after[1]))
			p = pass_mark(after, access);
	}
	return is_gap(*p) ? p : NULL;
}

/* Parses a letter and a mark directly after it, if any. The page is the letter's code. */
static const uint8_t *parse_letter(const uint8_t *p, struct bel_access *access)
{
	if (!is_letter(*p))
		return NULL;
	*access = (struct bel_access){*p, 1, BEL_LOAD};
	p = pass_mark(p + 1, access);
	return is_gap(*p) ? p : NULL;
}

static const uint8_t *token_end(const uint8_t *p)
{
	while (!is_gap(*p))
		p++;
	return p;
}

/* A token that is not a page: a comment, a separator, or a bad one. Like bel_text_odd(). */
static int odd_token(struct pages *pages, const char *what, struct bel_err *err)
{
	struct bel_text *const text = &pages->text;
	const uint8_t *const token = text->cursor;
	int r;

	if (*token == '#' || (*token == '/' && token[1] == '/')) {
		text->tally.noise++;
		pages->comment = true;
		return 0;
	}
	text->cursor = token_end(token);
	if (text->cursor - token > (ptrdiff_t)BEL_TEXT_LINE_MAX) {
		/* Skip the rest of the line, too, so the result does not depend on the window. */
		r = bel_text_long(text, token, err);
		pages->comment = r == 0;
		if (r < 0)
			text->cursor = token;
		return r;
	}
	if (text->cursor - token == 1 && *token == '*') {
		text->tally.noise++;
		return 0;
	}
	r = bel_format_bad(&text->tally, &text->options, text->input, text->line, what, token,
		(size_t)(text->cursor - token), err);
	if (r < 0)
		text->cursor = token;
	return r;
}

/* Skips gaps and comments. */
static void pass_gaps(struct pages *pages)
{
	struct bel_text *const text = &pages->text;
	const uint8_t *p = text->cursor;

	if (pages->comment) {
		p = memchr(p, '\n', (size_t)(text->limit - p));
		pages->comment = !p;
		if (!p)
			p = text->limit;
	}
	for (; p != text->limit && is_gap(*p); p++)
		text->line += *p == '\n';
	text->cursor = p;
}

/* `parse_page` is a constant in each caller, so the compiler inlines it into the loop. */
static inline __attribute__((always_inline)) int read_pages(struct pages *pages,
	struct bel_accesses *out, bel_text_parser *parse_page, const char *what,
	struct bel_err *err)
{
	struct bel_text *const text = &pages->text;
	size_t count = 0;
	int r = 0;

	out->space = 0;
	while (count < out->capacity) {
		const uint8_t *next;

		pass_gaps(pages);
		if (text->cursor == text->limit) {
			if (count)
				break;
			r = bel_text_more(text, err);
			if (r <= 0)
				break;
			continue;
		}
		next = parse_page(text->cursor, &out->access[count]);
		if (__builtin_expect(
			    next && next - text->cursor < (ptrdiff_t)BEL_TEXT_LINE_MAX, 1)) {
			text->cursor = next;
			count++;
			continue;
		}
		/* Return what was found first; the next call fails again. */
		r = odd_token(pages, what, count ? NULL : err);
		if (r < 0)
			break;
	}
	out->count = count;
	return count ? 1 : r;
}

static int read_batch(void *reader, struct bel_accesses *out, struct bel_err *err)
{
	return read_pages(reader, out, parse, "not a page number", err);
}

static int read_letters(void *reader, struct bel_accesses *out, struct bel_err *err)
{
	return read_pages(reader, out, parse_letter, "not a letter", err);
}

static void *open_pages(
	struct bel_input *input, const struct bel_format_options *options, struct bel_err *err)
{
	struct pages *const pages = calloc(1, sizeof(*pages));

	if (!pages) {
		bel_err_memory(err, "a reader of pages");
		return NULL;
	}
	bel_text_init(&pages->text, input, options);
	pages->text.cut = cut;
	return pages;
}

static void put_line(struct bel_text_buffer *to, const struct bel_access *access)
{
	bel_text_put_decimal(to, access->address);
	bel_text_put(to, bel_kind_writes(access->kind) ? " w\n" : "\n");
}

BEL_TEXT_WRITER(write_batch, put_line)

static int write_letters(FILE *file, const struct bel_accesses *batch, struct bel_err *err)
{
	for (size_t i = 0; i < batch->count; i++) {
		const struct bel_access *const access = &batch->access[i];

		if (access->address > 'z' || !is_letter((uint8_t)access->address))
			return bel_fail(err,
				"page %llu is not the code of a letter; use format pages",
				(unsigned long long)access->address);
		fprintf(file, "%c%s\n", (char)access->address,
			bel_kind_writes(access->kind) ? "w" : "");
	}
	return 0;
}

static const struct bel_format pages_format = {
	.name = "pages",
	.title = "page numbers: '7,0,1,2' or one per line; 'w' after a number: write",
	.example = "7 0 1 2 0w 3",
	.suffixes = ".pages",
	.caps = BEL_FORMAT_PAGE_NUMBERS | BEL_FORMAT_WRITES,
	.probe = bel_pages_probe,
	.open = open_pages,
	.read = read_batch,
	.tally = bel_text_tally,
	.close = bel_text_close,
	.write = write_batch,
};
BEL_FORMAT(pages_format);

static const struct bel_format letters_format = {
	.name = "letters",
	.title = "pages as letters: 'A B C D A B E'; 'w' after a letter: write",
	.example = "A B C D A Bw",
	.suffixes = ".letters",
	.caps = BEL_FORMAT_PAGE_NUMBERS | BEL_FORMAT_WRITES,
	.probe = bel_letters_probe,
	.open = open_pages,
	.read = read_letters,
	.tally = bel_text_tally,
	.close = bel_text_close,
	.write = write_letters,
};
BEL_FORMAT(letters_format);
