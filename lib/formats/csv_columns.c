/* SPDX-License-Identifier: MIT */
/*
 * csv_columns.c: the cells of a CSV line, and the map from columns to meanings.
 */
#include "csv_columns.h"

#include <string.h>
#include <strings.h>

#include "format.h"

/* Names of the fields in head lines; the first of each row is the name in --columns. */
static const char *const names[BEL_CSV_FIELDS][12] = {
	[BEL_CSV_ADDRESS] = {"address", "addr", "vaddr", "va", "virtual_address", "vma", "offset",
		"byte_offset", "mem_addr", "memory_address"},
	[BEL_CSV_PAGE] = {"page", "page_number", "page_no", "vpn", "block", "block_id",
		"block_number", "lbn", "lba"},
	[BEL_CSV_KEY] = {"key"},
	[BEL_CSV_KIND] = {"kind", "type", "op", "operation", "opcode", "access", "access_type",
		"rw", "r/w", "io_type"},
	[BEL_CSV_SIZE] = {"size", "length", "len", "bytes", "nbytes"},
	[BEL_CSV_PROCESS] = {"process", "pid", "process_id", "tgid"},
	[BEL_CSV_THREAD] = {"thread", "tid", "thread_id"},
};

/*
 * Names of objects that are one page, whatever their size. They are tried last, because "id" may
 * also be the number of the line.
 */
static const char *const objects[] = {"obj_id", "object_id", "objid", "object", "id", NULL};

/* Separators that are tried without --separator, in this order. */
static const uint8_t usual_separators[] = {',', ';', '\t', '|'};

bool bel_csv_cell_is(const struct bel_csv_cell *cell, const char *word)
{
	return strlen(word) == cell->length &&
	       !strncasecmp((const char *)cell->text, word, cell->length);
}

static bool is_one_of(const struct bel_csv_cell *cell, const char *const *words)
{
	for (; *words; words++)
		if (bel_csv_cell_is(cell, *words))
			return true;
	return false;
}

static bool is_blank(uint8_t c, uint8_t separator)
{
	return (c == ' ' || c == '\t' || c == '\r') &&
	       (c != separator || separator == BEL_CSV_BLANKS);
}

/* Whether a column ends at this character. */
static bool is_end(uint8_t c, uint8_t separator)
{
	return c == separator || c == '\n' || (separator == BEL_CSV_BLANKS && c == '\t');
}

/* p is after a cell and its blanks. Returns the start of the next cell. */
static const uint8_t *next_start(const uint8_t *p, const uint8_t *cell_end, uint8_t separator)
{
	if (*p == '\n')
		return NULL;
	if (separator == BEL_CSV_BLANKS)
		return p > cell_end ? p : NULL;
	return *p == separator ? p + 1 : NULL;
}

const uint8_t *bel_csv_cell_next(const uint8_t *p, uint8_t separator, struct bel_csv_cell *cell)
{
	const uint8_t *end;

	while (is_blank(*p, separator))
		p++;
	*cell = (struct bel_csv_cell){.text = p};
	if (*p != '"') {
		while (!is_end(*p, separator))
			p++;
		for (end = p; end > cell->text && is_blank(end[-1], separator); end--)
			;
		cell->length = (size_t)(end - cell->text);
		while (is_blank(*p, separator))
			p++;
		return next_start(p, end, separator);
	}
	for (end = ++p; *end != '\n'; end++) {
		if (*end != '"')
			continue;
		if (end[1] != '"')
			break;
		end++;
	}
	cell->text = p;
	cell->length = (size_t)(end - p);
	if (*end == '\n') {
		cell->fault = "its quote is not closed on this line";
		return NULL;
	}
	for (p = end + 1; is_blank(*p, separator); p++)
		;
	if (*p != '\n' && *p != separator && (separator != BEL_CSV_BLANKS || p == end + 1)) {
		cell->fault = "text follows its closing quote";
		while (!is_end(*p, separator))
			p++;
	}
	return next_start(p, end, separator);
}

int bel_csv_separator(const char *text, uint8_t *separator, struct bel_err *err)
{
	static const struct {
		const char *word;
		char is;
	} words[] = {{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}, {"\\t", '\t'},
		{"pipe", '|'}, {"bar", '|'}, {"colon", ':'}, {"blank", BEL_CSV_BLANKS},
		{"space", BEL_CSV_BLANKS}};

	*separator = 0;
	if (!text)
		return 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcasecmp(text, words[i].word))
			*separator = (uint8_t)words[i].is;
	if (!*separator && *text && !text[1] && strchr("\t ,;:|!/~^&@%+*=", *text))
		*separator = (uint8_t)*text;
	if (*separator)
		return 0;
	return bel_usage(err,
		"--separator: '%s' is not a separator of columns; use , ; : | "
		"tab or blank",
		text);
}

/* One item of a map: "field=where" or "field=where:hex". */
struct item {
	enum bel_csv_field field;
	struct bel_csv_cell where;
	bool hex;
};

/* Parses the item at *map and moves *map past it. */
static int next_item(const char **map, struct item *item, struct bel_err *err)
{
	const char *const text = *map;
	const size_t length = strcspn(text, ",");
	const char *const equals = memchr(text, '=', length);
	const struct bel_csv_cell field = {
		.text = (const uint8_t *)text, .length = equals ? (size_t)(equals - text) : 0};
	const char *colon;
	size_t n;

	*item = (struct item){.hex = false};
	*map = text + length + (text[length] == ',');
	for (n = 0; n < BEL_CSV_FIELDS && !is_one_of(&field, names[n]); n++)
		;
	if (!equals || n == BEL_CSV_FIELDS || equals + 1 == text + length)
		return bel_usage(err,
			"--columns: '%.*s' is not FIELD=COLUMN, where FIELD is address, page, key, "
			"kind, size, process or thread",
			(int)length, text);
	item->field = (enum bel_csv_field)n;
	item->where.text = (const uint8_t *)equals + 1;
	item->where.length = (size_t)(text + length - equals - 1);
	colon = memchr(equals, ':', item->where.length + 1);
	item->hex = colon && (size_t)(text + length - colon) == 4 && !memcmp(colon, ":hex", 4);
	if (item->hex)
		item->where.length -= 4;
	return 0;
}

/* The number of a column; 0: the text is not a number. */
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
	/* A malformed map needs no head line: bel_csv_resolve() reports the error. */
	while (*map && next_item(&map, &item, NULL) == 0)
		if (!column_number(&item.where))
			return true;
	return false;
}

/* The column of that name, from 1; 0: there is none. */
static unsigned column_named(
	const uint8_t *head, uint8_t separator, const struct bel_csv_cell *wanted)
{
	struct bel_csv_cell cell;

	for (unsigned at = 1; head; at++) {
		head = bel_csv_cell_next(head, separator, &cell);
		if (cell.length == wanted->length &&
			!strncasecmp(
				(const char *)cell.text, (const char *)wanted->text, cell.length))
			return at;
	}
	return 0;
}

/* The first column with one of these names. */
static unsigned column_of_words(const uint8_t *head, uint8_t separator, const char *const *words)
{
	struct bel_csv_cell cell;

	for (unsigned at = 1; head; at++) {
		head = bel_csv_cell_next(head, separator, &cell);
		if (is_one_of(&cell, words))
			return at;
	}
	return 0;
}

unsigned bel_csv_column_of(const struct bel_csv_columns *columns, enum bel_csv_field field)
{
	for (unsigned i = 0; i < columns->count; i++)
		if (columns->column[i].field == field)
			return columns->column[i].at;
	return 0;
}

/* Inserts a column; the columns stay in ascending order. */
static void add(struct bel_csv_columns *columns, unsigned at, enum bel_csv_field field, bool hex)
{
	unsigned i = columns->count++;

	for (; i > 0 && columns->column[i - 1].at > at; i--)
		columns->column[i] = columns->column[i - 1];
	columns->column[i] = (struct bel_csv_column){at, (uint8_t)field, hex};
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
			at = column_named(head, columns->separator, &item.where);
		if (!at)
			return bel_usage(err, "%s: --columns: no column is called '%.*s'", name,
				(int)item.where.length, (const char *)item.where.text);
		if (bel_csv_column_of(columns, item.field))
			return bel_usage(
				err, "--columns: two columns for %s", names[item.field][0]);
		add(columns, at, item.field, item.hex);
	}
	return 0;
}

static bool from_head(struct bel_csv_columns *columns, const uint8_t *head)
{
	/* An address is more precise than its page. */
	static const enum bel_csv_field places[] = {BEL_CSV_ADDRESS, BEL_CSV_PAGE, BEL_CSV_KEY};
	const uint8_t separator = columns->separator;
	bool object = false;
	unsigned at = 0;

	for (size_t i = 0; !at && i < sizeof(places) / sizeof(*places); i++) {
		at = column_of_words(head, separator, names[places[i]]);
		if (at)
			add(columns, at, places[i], false);
		object = places[i] == BEL_CSV_KEY;
	}
	if (!at) {
		at = column_of_words(head, separator, objects);
		if (!at)
			return false;
		add(columns, at, BEL_CSV_PAGE, false);
	}
	for (int field = BEL_CSV_KIND; field < BEL_CSV_FIELDS; field++) {
		/* An object is one page, however large it is. */
		if (field == BEL_CSV_SIZE && object)
			continue;
		at = column_of_words(head, separator, names[field]);
		if (at)
			add(columns, at, (enum bel_csv_field)field, false);
	}
	return true;
}

/* An open quote would hide the names of the columns after it. */
static int check_head(const uint8_t *head, uint8_t separator, const char *name, struct bel_err *err)
{
	struct bel_csv_cell cell;

	for (unsigned at = 1; head; at++) {
		head = bel_csv_cell_next(head, separator, &cell);
		if (cell.fault)
			return bel_fail(err, "%s: line 1, column %u: %s", name, at, cell.fault);
	}
	return 0;
}

static int check_map(const struct bel_csv_columns *columns, const char *map, struct bel_err *err)
{
	const bool key = bel_csv_column_of(columns, BEL_CSV_KEY);
	const int places = !!bel_csv_column_of(columns, BEL_CSV_ADDRESS) +
			   !!bel_csv_column_of(columns, BEL_CSV_PAGE) + key;

	if (places != 1)
		return bel_usage(
			err, "--columns: '%s' must name either an address, a page or a key", map);
	if (key && bel_csv_column_of(columns, BEL_CSV_SIZE))
		return bel_usage(err, "--columns: '%s': a key is one page and has no size", map);
	return 0;
}

/* The map that results from one separator. */
static int resolve(struct bel_csv_columns *columns, const char *map, const uint8_t *head,
	uint8_t separator, const char *name, struct bel_err *err)
{
	char shown[64];
	int r;

	*columns = (struct bel_csv_columns){.separator = separator};
	if (check_head(head, separator, name, err) < 0)
		return BEL_FAIL;
	if (map) {
		r = from_map(columns, map, head, name, err);
		return r < 0 ? r : check_map(columns, map, err);
	}
	if (from_head(columns, head))
		return 0;
	bel_format_quote(shown, sizeof(shown), head,
		(size_t)((const uint8_t *)rawmemchr(head, '\n') - head));
	return bel_fail(err,
		"%s: line 1 \"%s\": no column is called address, page or key; name it with "
		"--columns, as in --columns address=2",
		name, shown);
}

int bel_csv_resolve(struct bel_csv_columns *columns, const char *map, const uint8_t *head,
	uint8_t separator, const char *name, struct bel_err *err)
{
	if (separator || !head)
		return resolve(columns, map, head, separator ? separator : ',', name, err);
	for (size_t i = 0; i < sizeof(usual_separators); i++)
		if (resolve(columns, map, head, usual_separators[i], name, NULL) == 0)
			return 0;
	return resolve(columns, map, head, ',', name, err);
}

uint8_t bel_csv_separator_of(const struct bel_csv_columns *columns, const uint8_t *line)
{
	static const uint8_t tried[] = {',', ';', '\t', '|', BEL_CSV_BLANKS};
	const unsigned last = columns->column[columns->count - 1].at;

	for (size_t i = 0; i < sizeof(tried); i++) {
		const uint8_t *rest = line;
		struct bel_csv_cell cell;
		unsigned at = 0;

		for (; rest && at < last; at++)
			rest = bel_csv_cell_next(rest, tried[i], &cell);
		if (at == last)
			return tried[i];
	}
	return ',';
}

bool bel_csv_head_probe(const uint8_t *line)
{
	struct bel_csv_columns columns;
	struct bel_csv_cell cell;

	if (bel_csv_resolve(&columns, NULL, line, 0, "", NULL) < 0)
		return false;
	while (line) {
		size_t i = 0;

		line = bel_csv_cell_next(line, columns.separator, &cell);
		while (i < cell.length && cell.text[i] >= '0' && cell.text[i] <= '9')
			i++;
		if (i && i == cell.length)
			return false;
	}
	return true;
}
