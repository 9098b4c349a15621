/* SPDX-License-Identifier: MIT */
/*
 * blame_table.h: counts by key, one row for each key: of an engine, or read from records.
 *
 *	struct bel_blame_table table = {.by = by};
 *
 *	row = bel_blame_table_row(&table, number, &err);
 *	bel_blame_table_order(&table, BEL_BLAME_FAULTS, top, &err);
 *	bel_blame_table_release(&table);
 *
 * A key is a tuple of numbers, one for each part: of a text of `texts`, for a call stack of a frame.
 */
#ifndef BEL_BLAME_TABLE_H
#define BEL_BLAME_TABLE_H

#include <stdint.h>

#include "blame_by.h"
#include "blame_texts.h"

/* What rows are ordered by, and what pictures show. */
enum bel_blame_measure {
	BEL_BLAME_FAULTS,
	BEL_BLAME_REGRET, /* faults that OPT does not have; may be negative */
	BEL_BLAME_EVICTIONS,
	BEL_BLAME_NEEDED, /* evictions of pages that are referenced again */
	BEL_BLAME_WRITEBACKS,
	BEL_BLAME_REFERENCES,
	BEL_BLAME_MEASURES,
};

struct bel_blame_row {
	uint32_t key;  /* its number in table->keys, plus 1; 0: the sum of several rows */
	uint64_t keys; /* number of keys in it: 1, or more if it is a sum */
	uint64_t references, faults, compulsory, opt_faults, evictions, needed, writebacks;
};

struct bel_blame_table {
	struct bel_blame_by by;
	bool has_opt; /* opt_faults are known */
	struct bel_blame_row *row;
	uint32_t rows, capacity;
	struct bel_blame_row sum;
	struct bel_names keys; /* tuples; number = index of the row, until the rows are ordered */
	struct bel_blame_texts texts;
};

/* "faults", "regret", ... */
const char *bel_blame_measure_name(enum bel_blame_measure measure);
int bel_blame_measure_parse(const char *text, enum bel_blame_measure *measure, struct bel_err *err);
int64_t bel_blame_row_value(const struct bel_blame_row *row, enum bel_blame_measure measure);

/*
 * The number of a key in table->keys: a number for each part of table->by. NULL instead of them: the
 * sum of several keys.
 */
int bel_blame_table_key(struct bel_blame_table *table, const uint32_t *parts, uint32_t *number,
	struct bel_err *err);

/* The row of a number of table->keys. NULL: out of memory. */
struct bel_blame_row *bel_blame_table_row(
	struct bel_blame_table *table, uint32_t number, struct bel_err *err);

/* Part i of a row's key. */
uint32_t bel_blame_row_number(
	const struct bel_blame_table *table, const struct bel_blame_row *row, unsigned i);

/* Its text. That of a call stack is valid until the next one of the table. */
const char *bel_blame_row_part(
	const struct bel_blame_table *table, const struct bel_blame_row *row, unsigned i);

/* Adds the counts of a row to a sum. */
void bel_blame_row_add(struct bel_blame_row *to, const struct bel_blame_row *row);

/* Sets table->sum. */
void bel_blame_table_sum(struct bel_blame_table *table);

/*
 * Puts the largest rows first; rows with equal values are in order of appearance, and the sum
 * of several keys is last. If there are more
 * than `top` rows (0: no limit), the others become one last row, their sum.
 */
int bel_blame_table_order(struct bel_blame_table *table, enum bel_blame_measure measure,
	uint64_t top, struct bel_err *err);

/*
 * Joins the rows with fewer than `least` faults: a sum of them, with at least so many, keeps the
 * beginning that their paths (blame_tree.h) have in common, and "(other keys)" stands for what is
 * behind it. The path is as long as it can be. A row without a key is the sum of what is left.
 */
int bel_blame_table_join(struct bel_blame_table *table, uint64_t least, struct bel_err *err);

/*
 * Faults whose call stack is not known. 0 if no part of the keys needs call stacks. Before the rows
 * are ordered, as a sum of several keys has no stack.
 */
uint64_t bel_blame_table_stackless(const struct bel_blame_table *table);

void bel_blame_table_release(struct bel_blame_table *table);

#endif
