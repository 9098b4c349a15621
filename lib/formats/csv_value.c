/* SPDX-License-Identifier: MIT */
/* csv_value.c: numbers, sizes and kinds in the cells of a CSV file. */
#include "csv_value.h"

#include <string.h>
#include <strings.h>

#include "text.h"

/* Why a cell is not a number. */
static const char *number_fault(const struct bel_csv_cell *cell, bool hex)
{
	bool digits = false, letters = false, point = false;

	for (size_t i = 0; i < cell->length; i++) {
		const uint8_t c = cell->text[i];

		if (c == '.' || c == ',')
			point = true;
		else if (bel_text_digits[c] & 0x80)
			return "not a number";
		else if (c > '9')
			letters = true;
		else
			digits = true;
	}
	if (point)
		return digits && !letters ? "not a whole number" : "not a number";
	if (letters && !hex)
		return "not a decimal number; for hexadecimal without 0x use "
		       "--columns FIELD=COLUMN:hex";
	return "does not fit in 64 bits";
}

const char *bel_csv_number(const struct bel_csv_cell *cell, bool hex, uint64_t *value)
{
	const uint8_t *end;

	if (!cell->length)
		return "empty; a number is expected";
	/* A cell ends before a quote, separator, blank or newline: parsing stops there. */
	end = hex ? bel_text_hex(cell->text, value) : bel_text_number(cell->text, value);
	return end == cell->text + cell->length ? NULL : number_fault(cell, hex);
}

/* The shift of "K", "KB", "KiB", "B" ...; -1: not a unit. */
static int unit_shift(const struct bel_csv_cell *unit)
{
	static const char prefixes[] = "BKMGT";
	char text[4] = "";
	const char *prefix;

	if (unit->length < 1 || unit->length > 3)
		return -1;
	for (size_t i = 0; i < unit->length; i++)
		text[i] = (char)(unit->text[i] & ~0x20);
	prefix = strchr(prefixes, text[0]);
	if (!prefix || (text[0] == 'B' && text[1]))
		return -1;
	if (text[1] && strcmp(text + 1, "B") != 0 && strcmp(text + 1, "IB") != 0)
		return -1;
	return 10 * (int)(prefix - prefixes);
}

const char *bel_csv_size(const struct bel_csv_cell *cell, bool hex, uint64_t *bytes)
{
	const char *fault = bel_csv_number(cell, hex, bytes);

	if (fault && cell->length && !hex) {
		const uint8_t *const end = bel_text_decimal(cell->text, bytes);
		struct bel_csv_cell unit = {.text = end};
		int shift;

		if (!end)
			return fault;
		for (; unit.text < cell->text + cell->length && *unit.text == ' '; unit.text++)
			;
		unit.length = (size_t)(cell->text + cell->length - unit.text);
		shift = unit_shift(&unit);
		if (shift < 0)
			return "not a size such as 4096, 512B or 4K";
		if (*bytes << shift >> shift != *bytes)
			return "does not fit in 64 bits";
		*bytes <<= shift;
		fault = NULL;
	}
	if (!fault && !*bytes)
		return "not a size: a reference has at least one byte";
	return fault;
}

static const struct {
	const char *word;
	uint8_t kind;
} words[] = {
	{"r", BEL_LOAD}, {"w", BEL_STORE}, {"i", BEL_FETCH}, {"l", BEL_LOAD}, {"s", BEL_STORE},
	{"m", BEL_MODIFY}, {"read", BEL_LOAD}, {"write", BEL_STORE}, {"fetch", BEL_FETCH},
	{"load", BEL_LOAD}, {"store", BEL_STORE}, {"modify", BEL_MODIFY}, {"rd", BEL_LOAD},
	{"wr", BEL_STORE}, {"ld", BEL_LOAD}, {"st", BEL_STORE}, {"ifetch", BEL_FETCH},
	{"get", BEL_LOAD}, {"put", BEL_STORE}, {"set", BEL_STORE},
	{"skip", BEL_CSV_SKIP}, /* only in --kinds; must be last */
};

#define WORDS (sizeof(words) / sizeof(*words))

const char *bel_csv_kind_word(size_t index, uint8_t *kind)
{
	if (index >= WORDS - 1)
		return NULL;
	*kind = words[index].kind;
	return words[index].word;
}

static bool word_kind(const struct bel_csv_cell *cell, size_t count, uint8_t *kind)
{
	for (size_t i = 0; i < count; i++) {
		if (bel_csv_cell_is(cell, words[i].word)) {
			*kind = words[i].kind;
			return true;
		}
	}
	return false;
}

/* Takes "VALUE=KIND" from the front of the map; false if it is malformed. */
static bool next_word(const char **map, struct bel_csv_cell *value, uint8_t *kind)
{
	const char *const text = *map, *const end = text + strcspn(text, ",");
	const char *const equals = memrchr(text, '=', (size_t)(end - text));
	struct bel_csv_cell word;

	*map = end + (*end == ',');
	if (!equals || equals == text)
		return false;
	*value = (struct bel_csv_cell){
		.text = (const uint8_t *)text, .length = (size_t)(equals - text)};
	word = (struct bel_csv_cell){
		.text = (const uint8_t *)equals + 1, .length = (size_t)(end - equals - 1)};
	return word_kind(&word, WORDS, kind);
}

int bel_csv_kinds_init(struct bel_csv_kinds *kinds, const char *map, struct bel_err *err)
{
	struct bel_csv_cell value;
	uint8_t kind;

	kinds->map = map;
	for (const char *item = map; map && *map; item = map)
		if (!next_word(&map, &value, &kind))
			return bel_usage(err,
				"--kinds: '%.*s' is not VALUE=KIND, where KIND is read, write, "
				"fetch, load, store, modify or skip",
				(int)strcspn(item, ","), item);
	return 0;
}

const char *bel_csv_kind(
	const struct bel_csv_kinds *kinds, const struct bel_csv_cell *cell, uint8_t *kind)
{
	const char *map = kinds->map;
	struct bel_csv_cell value;

	/* Fast path for the most common words. */
	if (cell->length == 1 && !map && (*cell->text | 0x20) == 'r') {
		*kind = BEL_LOAD;
		return NULL;
	}
	while (map && *map) {
		uint8_t mapped;

		if (next_word(&map, &value, &mapped) && value.length == cell->length &&
			!strncasecmp(
				(const char *)value.text, (const char *)cell->text, cell->length)) {
			*kind = mapped;
			return NULL;
		}
	}
	return word_kind(cell, WORDS - 1, kind) ? NULL : BEL_CSV_NO_KIND;
}
