/* SPDX-License-Identifier: MIT */
/* blame_table.c: rows of counts by key, their order and sums. */
#include "blame_table.h"

#include <stdlib.h>
#include <string.h>

#include "blame_stacks.h"

static const char *const names[BEL_BLAME_MEASURES] = {
	[BEL_BLAME_FAULTS] = "faults",
	[BEL_BLAME_REGRET] = "regret",
	[BEL_BLAME_EVICTIONS] = "evictions",
	[BEL_BLAME_NEEDED] = "needed-evictions",
	[BEL_BLAME_WRITEBACKS] = "writebacks",
	[BEL_BLAME_REFERENCES] = "references",
};

const char *bel_blame_measure_name(enum bel_blame_measure measure)
{
	return names[measure];
}

int bel_blame_measure_parse(const char *text, enum bel_blame_measure *measure, struct bel_err *err)
{
	for (int i = 0; i < BEL_BLAME_MEASURES; i++) {
		if (!strcmp(names[i], text)) {
			*measure = (enum bel_blame_measure)i;
			return BEL_OK;
		}
	}
	return bel_usage(err,
		"--measure: '%.60s' is none of faults, regret, evictions, needed-evictions, "
		"writebacks, references",
		text);
}

int64_t bel_blame_row_value(const struct bel_blame_row *row, enum bel_blame_measure measure)
{
	switch (measure) {
	case BEL_BLAME_REGRET:
		return (int64_t)(row->faults - row->opt_faults);
	case BEL_BLAME_EVICTIONS:
		return (int64_t)row->evictions;
	case BEL_BLAME_NEEDED:
		return (int64_t)row->needed;
	case BEL_BLAME_WRITEBACKS:
		return (int64_t)row->writebacks;
	case BEL_BLAME_REFERENCES:
		return (int64_t)row->references;
	default:
		return (int64_t)row->faults;
	}
}

int bel_blame_table_key(
	struct bel_blame_table *table, const uint32_t *parts, uint32_t *number, struct bel_err *err)
{
	const size_t bytes = table->by.count * sizeof(*parts);
	uint32_t sum[BEL_BLAME_PARTS];
	int r;

	memset(sum, 0xff, sizeof(sum)); /* no number of a text */
	r = bel_names_number(&table->keys, parts ? parts : sum, bytes, number, err);
	return r < 0 ? r : BEL_OK;
}

struct bel_blame_row *bel_blame_table_row(
	struct bel_blame_table *table, uint32_t number, struct bel_err *err)
{
	struct bel_blame_row *grown;

	if (number >= table->capacity) {
		const uint32_t capacity = number + number / 2 + 16;

		grown = reallocarray(table->row, capacity, sizeof(*grown));
		if (!grown) {
			bel_err_memory(err, "counts by key");
			return NULL;
		}
		table->row = grown;
		table->capacity = capacity;
	}
	for (; table->rows <= number; table->rows++)
		table->row[table->rows] = (struct bel_blame_row){.key = table->rows + 1, .keys = 1};
	return &table->row[number];
}

uint32_t bel_blame_row_number(
	const struct bel_blame_table *table, const struct bel_blame_row *row, unsigned i)
{
	uint32_t number;

	memcpy(&number, table->keys.name[row->key - 1].text + i * sizeof(number), sizeof(number));
	return number;
}

const char *bel_blame_row_part(
	const struct bel_blame_table *table, const struct bel_blame_row *row, unsigned i)
{
	const uint32_t number = bel_blame_row_number(table, row, i);

	if (table->by.part[i] == BEL_BLAME_STACK)
		return bel_blame_texts_path(&table->texts, number);
	return table->texts.text.name[number].text;
}

void bel_blame_row_add(struct bel_blame_row *to, const struct bel_blame_row *row)
{
	to->keys += row->keys;
	to->references += row->references;
	to->faults += row->faults;
	to->compulsory += row->compulsory;
	to->opt_faults += row->opt_faults;
	to->evictions += row->evictions;
	to->needed += row->needed;
	to->writebacks += row->writebacks;
}

void bel_blame_table_sum(struct bel_blame_table *table)
{
	table->sum = (struct bel_blame_row){.key = 0};
	for (uint32_t i = 0; i < table->rows; i++)
		bel_blame_row_add(&table->sum, &table->row[i]);
}

/* A row's place in the order. */
struct place {
	int64_t value;
	bool sum; /* of several keys: it comes last */
	uint32_t row;
};

static int by_value(const void *left, const void *right)
{
	const struct place *const a = left, *const b = right;

	if (a->sum != b->sum)
		return a->sum ? 1 : -1;
	if (a->value != b->value)
		return a->value > b->value ? -1 : 1;
	return a->row < b->row ? -1 : a->row > b->row;
}

int bel_blame_table_order(struct bel_blame_table *table, enum bel_blame_measure measure,
	uint64_t top, struct bel_err *err)
{
	struct place *const place = calloc((size_t)table->rows + 1, sizeof(*place));
	struct bel_blame_row *const row = calloc((size_t)table->rows + 1, sizeof(*row));

	if (!place || !row) {
		free(place);
		free(row);
		return bel_err_memory(err, "counts by key");
	}
	for (uint32_t i = 0; i < table->rows; i++)
		place[i] = (struct place){.value = bel_blame_row_value(&table->row[i], measure),
			.sum = !table->row[i].key,
			.row = i};
	qsort(place, table->rows, sizeof(*place), by_value);
	for (uint32_t i = 0; i < table->rows; i++) {
		if (top && i >= top && table->rows > top + 1)
			bel_blame_row_add(&row[top], &table->row[place[i].row]);
		else
			row[i] = table->row[place[i].row];
	}
	if (top && table->rows > top + 1)
		table->rows = (uint32_t)top + 1;
	free(table->row);
	table->row = row;
	table->capacity = table->rows;
	free(place);
	return BEL_OK;
}

/* The text of a part, or of a call stack of one frame; NULL: it has more. */
static const char *only_text(
	const struct bel_blame_table *table, const struct bel_blame_row *row, unsigned part)
{
	const struct bel_blame_frame *frame;

	if (table->by.part[part] != BEL_BLAME_STACK)
		return bel_blame_row_part(table, row, part);
	frame = &table->texts.frame[bel_blame_row_number(table, row, part)];
	return frame->caller ? NULL : table->texts.text.name[frame->function].text;
}

uint64_t bel_blame_table_stackless(const struct bel_blame_table *table)
{
	const char *const unknown = bel_blame_stacks_none(0);
	const char *const near = bel_blame_stacks_none(BEL_BLAME_NEAR);
	uint64_t faults = 0;
	unsigned part = 0;

	if (!bel_blame_by_stacks(&table->by))
		return 0;
	while (table->by.part[part] < BEL_BLAME_FUNCTION || table->by.part[part] > BEL_BLAME_STACK)
		part++;
	for (uint32_t i = 0; i < table->rows; i++) {
		const struct bel_blame_row *const row = &table->row[i];
		const char *const text = row->key ? only_text(table, row, part) : unknown;

		if (text && (!strcmp(text, unknown) || !strcmp(text, near)))
			faults += row->faults;
	}
	return faults;
}

void bel_blame_table_release(struct bel_blame_table *table)
{
	free(table->row);
	bel_names_release(&table->keys);
	bel_blame_texts_release(&table->texts);
	*table = (struct bel_blame_table){.rows = 0};
}
