/* SPDX-License-Identifier: MIT */
/*
 * format_pages.c: page numbers as textbooks print them: "7,0,1,2" or one a
 * line or with blanks between, decimal or 0x; a "w" after a number ("7w",
 * "7 w") makes it a write. '#' starts a comment; a lone "*" is passed over.
 *
 * Newlines mean nothing, and a whole trace may stand in one line: the reader
 * goes by numbers, not by lines, and may therefore stop between any two.
 */
#include <stdlib.h>
#include <string.h>

#include "text.h"

struct pages {
	struct bel_text text; /* first: bel_text_close() and bel_text_tally() take it */
	bool comment;         /* all up to the next newline is to be passed */
};

static bool is_gap(uint8_t c)
{
	return c == ' ' || c == ',' || c == '\n' || c == '\t' || c == '\r';
}

/* A "w" stands at most so many blanks behind its number. */
#define BLANKS_MAX 16

/*
 * The last newline, or in a very long line the start of the last token, so that
 * no number is handed out whose "w" is still to come. A comment may end anywhere.
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
	if (gap > BLANKS_MAX || *data == '#' || ((const struct pages *)text)->comment)
		return have;
	for (size_t i = have - 1; i > 0; i--) {
		if (is_gap(data[i]) || !is_gap(data[i - 1]))
			continue;
		if (data[i] != 'w')
			return i;
		/* Of two such tokens in a row the second is nobody's. */
		if (later)
			return later;
		later = i;
	}
	return *data == 'w' ? later : 0;
}

/* One number with what belongs to it; NULL if the token at p is none. Ends at a gap. */
static const uint8_t *parse(const uint8_t *p, struct bel_access *access)
{
	const uint8_t *after;

	access->kind = BEL_LOAD;
	access->size = 1;
	p = bel_text_number(p, &access->address);
	if (!p || *p == '\n' || *p == ',')
		return p;
	if (*p == 'w') {
		access->kind = BEL_STORE;
		p++;
	} else {
		for (after = p; (*after == ' ' || *after == '\t') && after - p < BLANKS_MAX;)
			after++;
		if (after > p && *after == 'w' && is_gap(after[1])) {
			access->kind = BEL_STORE;
			p = after + 1;
		}
	}
	return is_gap(*p) ? p : NULL;
}

static const uint8_t *token_end(const uint8_t *p)
{
	while (!is_gap(*p))
		p++;
	return p;
}

/* What is no number: a comment, a separator, or garbage. As bel_text_odd(). */
static int odd_token(struct pages *pages, struct bel_err *err)
{
	struct bel_text *const text = &pages->text;
	const uint8_t *const token = text->cursor;
	int r;

	if (*token == '#') {
		text->tally.noise++;
		pages->comment = true;
		return 0;
	}
	text->cursor = token_end(token);
	if (text->cursor - token > (ptrdiff_t)BEL_TEXT_LINE_MAX) {
		/* The rest of its line goes with it, as where the window cuts it. */
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
	r = bel_format_bad(&text->tally, &text->options, text->input, text->line,
		"not a page number", token, (size_t)(text->cursor - token), err);
	if (r < 0)
		text->cursor = token;
	return r;
}

/* Moves the cursor over gaps and comments. */
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

static int read_batch(void *reader, struct bel_accesses *out, struct bel_err *err)
{
	struct pages *const pages = reader;
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
		next = parse(text->cursor, &out->access[count]);
		if (__builtin_expect(
			    next && next - text->cursor < (ptrdiff_t)BEL_TEXT_LINE_MAX, 1)) {
			text->cursor = next;
			count++;
			continue;
		}
		/* What was found is given first; whatever fails now fails again. */
		r = odd_token(pages, count ? NULL : err);
		if (r < 0)
			break;
	}
	out->count = count;
	return count ? 1 : r;
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

/* What the start of a stream looks like. */
struct look {
	unsigned tokens, good, commas, blanks, plain;
};

static void look_at(struct look *look, const uint8_t *p, const uint8_t *end)
{
	struct bel_access access;

	while (p < end) {
		const uint8_t *next;

		if (is_gap(*p)) {
			look->commas += *p == ',';
			look->blanks += *p == ' ' || *p == '\t';
			p++;
			continue;
		}
		next = token_end(p);
		if (*p == '#') {
			p = rawmemchr(p, '\n');
			continue;
		}
		if (next - p == 1 && *p == '*') {
			p = next;
			continue;
		}
		look->tokens++;
		next = parse(p, &access);
		look->good += !!next;
		look->plain += next && access.kind == BEL_LOAD && p[1] != 'x';
		p = next ? next : token_end(p);
	}
}

/*
 * Commas, writes or 0x: it can be nothing else. Blanks between: Dinero and ARC
 * have such lines too. One plain number a line: the LIRS authors' files as well.
 */
static enum bel_probe_verdict probe(struct bel_probe *probe)
{
	const size_t have = probe->have;
	enum { MOST = 16384 };
	uint8_t copy[MOST + 16] = {0}; /* no allocation, whose failure would look like a "no" */
	struct look look = {0};
	size_t length = have < MOST ? have : MOST;

	if (length < have || !probe->whole)
		while (length && !is_gap(probe->data[length - 1]))
			length--;
	if (!length)
		return bel_probe_say(probe, BEL_PROBE_NO, "no number");
	/* Parsers need a newline at the end. */
	memcpy(copy, probe->data, length);
	copy[length] = '\n';
	look_at(&look, copy, copy + length);
	if (!look.good || look.good * 4 < look.tokens * 3)
		return bel_probe_say(
			probe, BEL_PROBE_NO, "%u of %u words are numbers", look.good, look.tokens);
	return bel_probe_say(probe,
		look.commas || look.plain < look.good ? BEL_PROBE_CERTAIN : BEL_PROBE_LIKELY,
		"%u of %u words are numbers", look.good, look.tokens);
}

static int write_batch(FILE *file, const struct bel_accesses *batch, struct bel_err *err)
{
	struct bel_text_buffer buffer = {.file = file};

	(void)err;
	for (size_t i = 0; i < batch->count; i++) {
		bel_text_put_decimal(&buffer, batch->access[i].address);
		bel_text_put(&buffer, bel_kind_writes(batch->access[i].kind) ? " w\n" : "\n");
		bel_text_flush(&buffer, false);
	}
	bel_text_flush(&buffer, true);
	return 0;
}

static const struct bel_format pages_format = {
	.name = "pages",
	.title = "page numbers: '7,0,1,2' or one a line, 'w' after a written one",
	.suffixes = ".pages",
	.caps = BEL_FORMAT_PAGE_NUMBERS | BEL_FORMAT_WRITES,
	.probe = probe,
	.open = open_pages,
	.read = read_batch,
	.tally = bel_text_tally,
	.close = bel_text_close,
	.write = write_batch,
};
BEL_FORMAT(pages_format);
