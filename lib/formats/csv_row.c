/* SPDX-License-Identifier: MIT */
/* csv_row.c: turns the cells of one CSV line into a reference, or says what is wrong. */
#include "csv_row.h"

#include <string.h>

const uint8_t *bel_csv_row_end(const uint8_t *p)
{
	return (const uint8_t *)rawmemchr(p, '\n') + 1;
}

static const char *take_place(
	struct bel_csv_column column, const struct bel_csv_cell *cell, struct bel_csv_row *row)
{
	if (column.field == BEL_CSV_KEY) {
		row->key = *cell;
		return cell->length ? NULL : "empty; a key is expected";
	}
	return bel_csv_number(cell, column.hex, &row->access.address);
}

/* The size in the units of the address: bytes, or pages. */
static const char *take_size(const struct bel_csv_map *map, const struct bel_csv_cell *cell,
	bool hex, struct bel_access *access)
{
	uint64_t size;
	const char *const fault = bel_csv_size(cell, hex, &size);

	if (fault)
		return fault;
	if (bel_csv_column_of(&map->columns, BEL_CSV_PAGE))
		size = ((size - 1) >> map->unit_bits) + 1;
	access->size = (uint32_t)size;
	return size <= UINT32_MAX ? NULL : "too large for a reference; the maximum is 4294967295";
}

static const char *take_id(const struct bel_csv_cell *cell, bool hex, uint64_t *id)
{
	const char *const fault = bel_csv_number(cell, hex, id);

	if (!fault && *id > UINT32_MAX)
		return "too large; numbers of processes and threads have at most 32 bits";
	return fault;
}

static const char *take_cell(const struct bel_csv_map *map, struct bel_csv_column column,
	const struct bel_csv_cell *cell, struct bel_csv_row *row)
{
	if (cell->fault)
		return cell->fault;
	switch (column.field) {
	case BEL_CSV_KIND:
		return bel_csv_kind(&map->kinds, cell, &row->access.kind);
	case BEL_CSV_SIZE:
		return take_size(map, cell, column.hex, &row->access);
	case BEL_CSV_PROCESS:
		return take_id(cell, column.hex, &row->process);
	case BEL_CSV_THREAD:
		return take_id(cell, column.hex, &row->thread);
	default:
		return take_place(column, cell, row);
	}
}

const uint8_t *bel_csv_row_parse(
	const struct bel_csv_map *map, const uint8_t *line, struct bel_csv_row *row)
{
	const struct bel_csv_columns *const columns = &map->columns;
	const uint8_t *p = line, *last = line;
	unsigned next = 0;

	row->access = (struct bel_access){.kind = BEL_LOAD, .size = 1};
	row->fault = NULL;
	for (unsigned at = 1; next < columns->count; at++) {
		struct bel_csv_cell cell;

		if (!p) {
			row->column = columns->column[next].at;
			row->cell = (struct bel_csv_cell){.text = line};
			row->fault = "the line is too short for this column";
			return NULL;
		}
		last = p;
		p = bel_csv_cell_next(p, columns->separator, &cell);
		for (; next < columns->count && columns->column[next].at == at; next++) {
			row->fault = take_cell(map, columns->column[next], &cell, row);
			if (row->fault) {
				row->column = at;
				row->cell = cell;
				return NULL;
			}
		}
	}
	return bel_csv_row_end(p ? p : last);
}

/* Whether a cell that should be a number is text, as in a head line. */
static bool is_name(const struct bel_csv_cell *cell)
{
	static const char *const missing[] = {"nan", "null", "none", "n/a", "na", "nil"};
	bool name = false;

	for (size_t i = 0; i < sizeof(missing) / sizeof(*missing); i++)
		if (bel_csv_cell_is(cell, missing[i]))
			return false;
	/* "ff00" and "face" are numbers, though perhaps not in this file. */
	for (size_t i = 0; i < cell->length; i++)
		name = name || ((cell->text[i] | 0x20) >= 'g' && (cell->text[i] | 0x20) <= 'z');
	return name && !cell->fault && ((*cell->text | 0x20) >= 'a' || *cell->text == '_');
}

bool bel_csv_row_is_head(const struct bel_csv_map *map, const uint8_t *p)
{
	const struct bel_csv_columns *const columns = &map->columns;
	bool named = false;
	unsigned next = 0;

	for (unsigned at = 1; p && next < columns->count; at++) {
		struct bel_csv_cell cell;
		uint8_t kind;

		p = bel_csv_cell_next(p, columns->separator, &cell);
		for (; next < columns->count && columns->column[next].at == at; next++) {
			const uint8_t field = columns->column[next].field;

			if (field == BEL_CSV_KIND && !bel_csv_kind(&map->kinds, &cell, &kind))
				return false;
			if (field == BEL_CSV_KIND || field == BEL_CSV_KEY)
				continue;
			if (!is_name(&cell))
				return false;
			named = true;
		}
	}
	return named && next == columns->count;
}
