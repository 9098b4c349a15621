/* SPDX-License-Identifier: MIT */
/* csv_fast.c: parses usual rows of a CSV file, whose cells are listed before. */
#include "csv_fast.h"

#include <string.h>

#include "text_words.h"

#define LOWER 0x2020202020202020u

static unsigned slot_of(uint64_t text)
{
	return (unsigned)(text * 0x9e3779b97f4a7c15u >> 58) & (BEL_CSV_FAST_WORDS - 1);
}

/* Words of which two have the same hash are left out: csv_row.h takes them. */
static void add_word(struct bel_csv_fast *fast, const char *word, uint8_t kind)
{
	uint64_t text = 0;

	for (size_t i = 0; word[i]; i++)
		text |= (uint64_t)word[i] << 8 * i;
	if (!fast->word[slot_of(text)].text)
		fast->word[slot_of(text)].kind = kind;
	if (!fast->word[slot_of(text)].text)
		fast->word[slot_of(text)].text = text;
}

void bel_csv_fast_init(struct bel_csv_fast *fast, const struct bel_csv_map *map)
{
	const struct bel_csv_columns *const columns = &map->columns;
	const unsigned last = columns->count ? columns->column[columns->count - 1].at : 0;
	const char *word;
	uint8_t kind;

	*fast = (struct bel_csv_fast){.separator = columns->separator,
		.unit_bits = map->unit_bits,
		.pages = bel_csv_column_of(columns, BEL_CSV_PAGE)};
	/* Words of --kinds, keys and columns between blanks are csv_row.h's. */
	if (map->kinds.map || columns->separator == BEL_CSV_BLANKS || last > BEL_CSV_FAST_COLUMNS ||
		bel_csv_column_of(columns, BEL_CSV_KEY))
		return;
	for (unsigned i = 0; i < BEL_CSV_FAST_COLUMNS; i++)
		fast->column[i].field = BEL_CSV_FIELDS;
	for (unsigned i = 0; i < columns->count; i++) {
		struct bel_csv_fast_column *const column = &fast->column[columns->column[i].at - 1];

		if (column->field != BEL_CSV_FIELDS)
			return; /* two meanings */
		*column = (struct bel_csv_fast_column){
			columns->column[i].field, columns->column[i].hex};
	}
	for (size_t i = 0; (word = bel_csv_kind_word(i, &kind)); i++)
		add_word(fast, word, kind);
	fast->columns = last;
}

/* Decimal or 0x, or hexadecimal without 0x; at most 16 digits. */
BEL_ALWAYS_INLINE bool take_number(const uint8_t *p, const uint8_t *end, bool hex,
	const struct bel_hex_patterns *patterns, uint64_t *value)
{
	const bool prefixed = p[0] == '0' && (p[1] | 0x20) == 'x';
	const size_t digits = (size_t)(end - p) - (prefixed ? 2 : 0);

	if (digits - 1 >= 16)
		return false;
	if (hex || prefixed)
		return bel_hex_before(end, digits, patterns, value);
	/* Sizes, processes and threads often have one digit. */
	*value = (uint64_t)*p - '0';
	return (digits == 1 && *value <= 9) || bel_decimal_before(end, digits, patterns, value);
}

/* A word of at most 8 letters. */
BEL_ALWAYS_INLINE bool take_kind(
	const struct bel_csv_fast *fast, const uint8_t *p, const uint8_t *end, uint8_t *kind)
{
	const size_t letters = (size_t)(end - p);
	uint64_t text;
	unsigned slot;

	if (letters - 1 >= 8)
		return false;
	text = (bel_word_load(p) | LOWER) << 8 * (8 - letters) >> 8 * (8 - letters);
	slot = slot_of(text);
	*kind = fast->word[slot].kind;
	return fast->word[slot].text == text;
}

/* The text of a cell. */
struct cell {
	const uint8_t *p, *end;
};

/* Characters of a cell's first and last place that are no digits or letters are at most this. */
#define ODD '#'

/*
 * Takes off the blanks before the text, at the end of a line those after it with the carriage
 * return, and its quotes. False: the quotes are not usual.
 */
static __attribute__((noinline)) bool trim(struct cell *cell)
{
	const uint8_t *p = cell->p, *end = cell->end;

	while (*p == ' ')
		p++;
	if (*end == '\n' && end > p) {
		end -= end[-1] == '\r';
		while (end > p && (end[-1] == ' ' || end[-1] == '\t'))
			end--;
	}
	if (*p == '"') {
		p++;
		if (end <= p || *--end != '"')
			return false;
	}
	cell->p = p;
	cell->end = end;
	return true;
}

/*
 * A cell that is not wanted may have separators between its quotes. Returns the place of its end
 * in the list; NULL: its quotes are not usual.
 */
static __attribute__((noinline)) const uint16_t *pass_quoted(
	const uint8_t *text, const uint8_t *p, const uint16_t *at)
{
	while (*p == ' ')
		p++;
	if (*p != '"')
		return at;
	for (p++; *p != '"'; p++)
		if (*p == '\n')
			return NULL;
	while (text + *at <= p)
		at++;
	return text + *at == p + 1 ? at : NULL;
}

BEL_ALWAYS_INLINE bool take_cell(const struct bel_csv_fast *fast, struct bel_csv_fast_column column,
	const struct bel_csv_ids *ids, const uint8_t *p, const uint8_t *end,
	const struct bel_hex_patterns *patterns, struct bel_access *access)
{
	uint64_t number;

	if (__builtin_expect(*p <= ODD || end[-1] <= ODD, 0)) {
		struct cell odd = {.p = p, .end = end};

		if (!trim(&odd))
			return false;
		p = odd.p;
		end = odd.end;
	}
	if (column.field == BEL_CSV_KIND)
		return take_kind(fast, p, end, &access->kind);
	if (!take_number(p, end, column.hex, patterns, &number))
		return false;
	switch (column.field) {
	case BEL_CSV_SIZE:
		if (number - 1 >= UINT32_MAX)
			return false;
		access->size =
			(uint32_t)(fast->pages ? ((number - 1) >> fast->unit_bits) + 1 : number);
		return true;
	case BEL_CSV_PROCESS:
		return number == ids->process;
	case BEL_CSV_THREAD:
		return number == ids->thread;
	default:
		access->address = number;
		return true;
	}
}

/* The row that starts at p and whose first cell ends at *at. Where the list goes on, or NULL. */
BEL_ALWAYS_INLINE const uint16_t *take_row(const struct bel_csv_fast *fast,
	const struct bel_csv_ids *ids, const uint8_t *text, const uint8_t *p, const uint16_t *at,
	const struct bel_hex_patterns *patterns, struct bel_access *access)
{
	access->kind = BEL_LOAD;
	access->size = 1;
	if (__builtin_expect(*p <= ODD, 0)) {
		while (*p == ' ')
			p++;
		/* A comment, or perhaps one. */
		if (*p == '#' || *p == '\t')
			return NULL;
	}
	for (unsigned i = 0;;) {
		const struct bel_csv_fast_column column = fast->column[i];

		if (column.field != BEL_CSV_FIELDS) {
			if (!take_cell(fast, column, ids, p, text + *at, patterns, access))
				return NULL;
		} else if (__builtin_expect(*p <= ODD, 0)) {
			at = pass_quoted(text, p, at);
			if (!at)
				return NULL;
		}
		if (++i == fast->columns)
			break;
		p = text + *at++;
		if (*p++ == '\n')
			return NULL;
	}
	while (text[*at++] != '\n')
		;
	return at;
}

size_t bel_csv_fast_parse(const struct bel_csv_fast *fast, const struct bel_csv_ids *ids,
	const struct bel_csv_block *block, struct bel_access *out, size_t most,
	const uint8_t **next)
{
	const struct bel_hex_patterns patterns = bel_hex_patterns_make();
	const uint8_t *const text = block->text, *p = text;
	const uint16_t *at = block->end, *const stop = at + block->count;
	size_t count = 0;

	if (!fast->columns)
		most = 0;
	for (; count < most && at != stop; count++) {
		const uint16_t *const after =
			take_row(fast, ids, text, p, at, &patterns, &out[count]);

		if (!after)
			break;
		at = after;
		p = text + at[-1] + 1;
	}
	*next = p;
	return count;
}
