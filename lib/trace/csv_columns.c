/* SPDX-License-Identifier: MIT */
/*
 * csv_columns.c: cells of a CSV line and the map from columns to meanings.
 */
#include <string.h>
#include <strings.h>

#include "csv_columns.h"

/* What head lines call them; the first of each is the name in --columns. */
static const char *const names[BEL_CSV_FIELDS][8] = {
	[BEL_CSV_ADDRESS] = {"address", "addr", "vaddr", "va", "virtual_address", "vma"},
	[BEL_CSV_PAGE] = {"page", "page_number", "vpn", "block", "lbn", "lba"},
	[BEL_CSV_KIND] = {"kind", "type", "op", "operation", "access", "rw"},
	[BEL_CSV_SIZE] = {"size", "length", "len", "bytes"},
};

static bool cell_is(const struct bel_csv_cell *cell, const char *word)
{
	return strlen(word) == cell->length &&
	       !strncasecmp((const char *)cell->text, word, cell->length);
}

static bool cell_names(const struct bel_csv_cell *cell, enum bel_csv_field field)
{
	for (size_t i = 0; names[field][i]; i++)
		if (cell_is(cell, names[field][i]))
			return true;
	return false;
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

const uint8_t *bel_csv_cell_next(const uint8_t *p, struct bel_csv_cell *cell)
{
	const uint8_t *end;

	while (is_blank(*p))
		p++;
	cell->text = p;
	cell->length = 0;
	if (*p == '"') {
		for (end = ++p; *end != '\n'; end++) {
			if (*end != '"')
				continue;
			if (end[1] != '"')
				break;
			end++;
		}
		if (*end == '\n')
			return NULL;
		cell->text = p;
		cell->length = (size_t)(end - p);
		for (p = end + 1; *p != ',' && *p != '\n'; p++)
			;
		return *p == ',' ? p + 1 : NULL;
	}
	while (*p != ',' && *p != '\n')
		p++;
	for (end = p; end > cell->text && is_blank(end[-1]); end--)
		;
	cell->length = (size_t)(end - cell->text);
	return *p == ',' ? p + 1 : NULL;
}

bool bel_csv_head_probe(const uint8_t *line)
{
	struct bel_csv_cell cell;

	while (line) {
		line = bel_csv_cell_next(line, &cell);
		if (cell_names(&cell, BEL_CSV_ADDRESS) || cell_names(&cell, BEL_CSV_PAGE))
			return true;
	}
	return false;
}

/* One item of a map: "field=where" or "field=where:hex". */
struct item {
	enum bel_csv_field field;
	struct bel_csv_cell where;
	bool hex;
};

/* Takes the item at *map apart and moves *map behind it. */
static int next_item(const char **map, struct item *item, struct bel_err *err)
{
	const char *const text = *map;
	const size_t length = strcspn(text, ",");
	const char *const equals = memchr(text, '=', length);
	const char *colon;
	struct bel_csv_cell field = {(const uint8_t *)text, equals ? (size_t)(equals - text) : 0};
	size_t n;

	*item = (struct item){.hex = false};
	*map = text + length + (text[length] == ',');
	for (n = 0; n < BEL_CSV_FIELDS && !cell_is(&field, names[n][0]); n++)
		;
	if (!equals || n == BEL_CSV_FIELDS || equals + 1 == text + length) {
		bel_usage(err,
			"--columns: '%.*s' is not address=, page=, kind= or size= and a column",
			(int)length, text);
		return BEL_USAGE;
	}
	item->field = (enum bel_csv_field)n;
	item->where.text = (const uint8_t *)equals + 1;
	item->where.length = (size_t)(text + length - equals - 1);
	colon = memchr(equals, ':', item->where.length + 1);
	item->hex = colon && (size_t)(text + length - colon) == 4 && !memcmp(colon, ":hex", 4);
	if (item->hex)
		item->where.length -= 4;
	return 0;
}

/* A column by number; 0: it is no number. */
static unsigned column_number(const struct bel_csv_cell *cell)
{
	unsigned value = 0;

	for (size_t i = 0; i < cell->length; i++) {
		const unsigned digit = cell->text[i] - (unsigned)'0';

		if (digit > 9 || value > 9999)
			return 0;
		value = value * 10 + digit;
	}
	return value;
}

bool bel_csv_need_head(const char *map)
{
	struct item item;

	if (!map)
		return true;
	/* A map that cannot be understood needs no head line: resolving it says why. */
	while (*map && next_item(&map, &item, NULL) == 0)
		if (!column_number(&item.where))
			return true;
	return false;
}

/* The column of that name, from 1; 0: there is none. */
static unsigned column_named(const uint8_t *head, const struct bel_csv_cell *wanted)
{
	struct bel_csv_cell cell;

	for (unsigned at = 1; head; at++) {
		head = bel_csv_cell_next(head, &cell);
		if (cell.length == wanted->length &&
			!strncasecmp(
				(const char *)cell.text, (const char *)wanted->text, cell.length))
			return at;
	}
	return 0;
}

static int from_map(struct bel_csv_columns *columns, const char *map, const uint8_t *head,
	const char *name, struct bel_err *err)
{
	while (*map) {
		struct item item;
		unsigned at;
		int r = next_item(&map, &item, err);

		if (r < 0)
			return r;
		at = column_number(&item.where);
		if (!at)
			at = column_named(head, &item.where);
		if (!at)
			return bel_usage(err, "%s: --columns: no column is called '%.*s'", name,
				(int)item.where.length, (const char *)item.where.text);
		columns->at[item.field] = at;
		columns->hex[item.field] = item.hex;
	}
	return 0;
}

static void from_head(struct bel_csv_columns *columns, const uint8_t *head)
{
	struct bel_csv_cell cell;

	for (unsigned at = 1; head; at++) {
		head = bel_csv_cell_next(head, &cell);
		for (int field = 0; field < BEL_CSV_FIELDS; field++)
			if (!columns->at[field] && cell_names(&cell, (enum bel_csv_field)field))
				columns->at[field] = at;
	}
	/* An address says more than the page that it lies in. */
	if (columns->at[BEL_CSV_ADDRESS])
		columns->at[BEL_CSV_PAGE] = 0;
}

int bel_csv_resolve(struct bel_csv_columns *columns, const char *map, const uint8_t *head,
	const char *name, struct bel_err *err)
{
	int r;

	*columns = (struct bel_csv_columns){.last = 0};
	if (map) {
		r = from_map(columns, map, head, name, err);
		if (r < 0)
			return r;
		if (!columns->at[BEL_CSV_ADDRESS] == !columns->at[BEL_CSV_PAGE])
			return bel_usage(
				err, "--columns: '%s' must name either an address or a page", map);
	} else {
		from_head(columns, head);
		if (!columns->at[BEL_CSV_ADDRESS] && !columns->at[BEL_CSV_PAGE])
			return bel_fail(err,
				"%s: line 1: no column is called address or page: "
				"--columns tells which it is",
				name);
	}
	for (int field = 0; field < BEL_CSV_FIELDS; field++)
		if (columns->at[field] > columns->last)
			columns->last = columns->at[field];
	return 0;
}
