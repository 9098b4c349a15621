/* SPDX-License-Identifier: MIT */
/* csv_fast.c: parses usual rows of a CSV file in one pass over their bytes. */
#include "csv_fast.h"

#include <string.h>

#include "text.h"
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

/* The high bit of each byte of `text` that is c; above the first one there may be more. */
static inline uint64_t bytes_that_are(uint64_t text, uint8_t c)
{
	const uint64_t zero = text ^ BEL_WORD_EACH * c;

	return (zero - BEL_WORD_EACH) & ~zero & BEL_WORD_HIGH;
}

/* Decimal or 0x, or hexadecimal without 0x. */
static inline const uint8_t *take_number(const uint8_t *p, bool hex, uint64_t *value)
{
	const bool prefixed = p[0] == '0' && (p[1] | 0x20) == 'x';

	if (hex || prefixed)
		return bel_words_hex(p + (prefixed ? 2 : 0), value);
	return bel_words_decimal(p, value);
}

/* The same, for numbers that usually have a digit or two. */
static inline const uint8_t *take_short(const uint8_t *p, bool hex, uint64_t *value)
{
	return hex ? bel_text_hex(p, value) : bel_text_number(p, value);
}

/* A word of at most 7 letters that ends before `stop`, a carriage return or newline. */
static inline const uint8_t *take_kind(
	const struct bel_csv_fast *fast, const uint8_t *p, uint8_t stop, uint8_t *kind)
{
	const uint64_t word = bel_word_load(p);
	uint64_t text, ends;
	unsigned bits, slot;

	ends = bytes_that_are(word, stop) | bytes_that_are(word, '\n') | bytes_that_are(word, '\r');
	if (!ends)
		return NULL;
	bits = (unsigned)__builtin_ctzll(ends) & ~7u;
	text = (word | LOWER) & ((UINT64_C(1) << bits) - 1);
	slot = slot_of(text);
	*kind = fast->word[slot].kind;
	return text && fast->word[slot].text == text ? p + bits / 8 : NULL;
}

/* Passes over a cell that is not wanted. */
static inline const uint8_t *pass_cell(const uint8_t *p, uint8_t stop)
{
	while (*p != stop && *p != '\n')
		p++;
	return p;
}

static inline const uint8_t *take_cell(const struct bel_csv_fast *fast,
	struct bel_csv_fast_column column, const uint8_t *p, uint8_t stop,
	struct bel_access *access, struct bel_csv_ids *ids)
{
	uint64_t size;

	switch (column.field) {
	case BEL_CSV_ADDRESS:
	case BEL_CSV_PAGE:
		return take_number(p, column.hex, &access->address);
	case BEL_CSV_KIND:
		return take_kind(fast, p, stop, &access->kind);
	case BEL_CSV_SIZE:
		p = take_short(p, column.hex, &size);
		if (!p || size - 1 >= UINT32_MAX)
			return NULL;
		access->size = (uint32_t)(fast->pages ? ((size - 1) >> fast->unit_bits) + 1 : size);
		return p;
	case BEL_CSV_PROCESS:
	case BEL_CSV_THREAD:
		p = take_short(p, column.hex, &size);
		if (!p || size > UINT32_MAX)
			return NULL;
		*(column.field == BEL_CSV_THREAD ? &ids->thread : &ids->process) = (uint32_t)size;
		return p;
	default:
		return pass_cell(p, stop);
	}
}

bool bel_csv_fast_parse(const struct bel_csv_fast *fast, const uint8_t *line, const uint8_t *end,
	struct bel_access *access, struct bel_csv_ids *ids)
{
	const uint8_t separator = fast->separator;
	const uint8_t *p = line;

	access->kind = BEL_LOAD;
	access->size = 1;
	/* A comment, or perhaps one. */
	if (*p == '#' || *p == '\t' || !fast->columns)
		return false;
	for (unsigned i = 0;; p++) {
		bool quoted;

		while (*p == ' ')
			p++;
		quoted = *p == '"';
		p += quoted;
		if (!i && *p == '#')
			return false;
		p = take_cell(fast, fast->column[i], p, quoted ? '"' : separator, access, ids);
		if (!p || (quoted && *p++ != '"'))
			return false;
		if (++i == fast->columns)
			break;
		if (*p != separator)
			return false;
	}
	return *p == separator || bel_text_eol(p) == end + 1;
}
