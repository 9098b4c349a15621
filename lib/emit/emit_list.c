/* SPDX-License-Identifier: MIT */
/*
 * emit_list.c: prints a single record as a list: one line per member, and a small
 * table for an array of objects ("mappings.0.name").
 */
#include <stdlib.h>
#include <string.h>

#include "elide.h"
#include "emit_table.h"
#include "visible.h"

enum { INDENT = 2 };

void bel_put_padded(FILE *file, const char *text, size_t width, bool right, bool last)
{
	const size_t columns = bel_visible_width(text);
	const int pad = columns < width ? (int)(width - columns) : 0;

	fprintf(file, "%*s", right ? pad : 0, "");
	bel_visible_put(file, text);
	if (!last)
		fprintf(file, "%*s  ", right ? 0 : pad, "");
}

/* The parts of "mappings.12.name". */
struct place {
	size_t stem; /* length of "mappings"; 0: not a member of an array */
	unsigned long index;
	const char *leaf;
};

static struct place place_of(const char *heading)
{
	const char *const dot = strchr(heading, '.');
	struct place place = {0};
	char *end;

	if (!dot || dot[1] < '0' || dot[1] > '9')
		return place;
	place.index = strtoul(dot + 1, &end, 10);
	if (*end != '.')
		return place;
	place.stem = (size_t)(dot - heading);
	place.leaf = end + 1;
	return place;
}

/* An array: its columns in the list begin at `from` and go row by row. */
struct block {
	const struct column *column;
	size_t count;  /* columns of the list */
	size_t leaves; /* columns of the small table, from its first row */
};

static struct block find_block(const struct table *table, size_t from)
{
	const struct column *const first = &table->column[from];
	const size_t stem = place_of(first->heading).stem;
	struct block block = {.column = first};

	for (size_t c = from; c < table->columns; c++) {
		const struct place place = place_of(table->column[c].heading);

		if (place.stem != stem || strncmp(table->column[c].heading, first->heading, stem))
			break;
		block.leaves += place.index == 0;
		block.count++;
	}
	return block;
}

/* Whether the array can be a table: every row has the members of the first row. */
static bool is_regular(const struct block *block)
{
	if (!block->leaves || block->count % block->leaves)
		return false;
	for (size_t c = 0; c < block->count; c++) {
		const struct place place = place_of(block->column[c].heading);
		const struct place head = place_of(block->column[c % block->leaves].heading);

		if (place.index != c / block->leaves || strcmp(place.leaf, head.leaf) != 0)
			return false;
	}
	return true;
}

static size_t leaf_width(const struct block *block, size_t leaf)
{
	size_t width = bel_visible_width(place_of(block->column[leaf].heading).leaf);

	for (size_t c = leaf; c < block->count; c += block->leaves) {
		if (bel_visible_width(block->column[c].cell[0]) > width)
			width = bel_visible_width(block->column[c].cell[0]);
	}
	return width;
}

/* Whether a column of the small table has only numbers, and "-" for missing ones. */
static bool leaf_right(const struct block *block, size_t leaf)
{
	for (size_t c = leaf; c < block->count; c += block->leaves) {
		if (!block->column[c].right)
			return false;
	}
	return true;
}

/* Elides the texts of one column of the small table. */
static int leaf_elide(const struct block *block, size_t leaf, size_t width)
{
	const size_t rows = block->count / block->leaves;
	char **const text = calloc(rows + 1, sizeof(*text));
	int status;

	if (!text)
		return -1;
	for (size_t i = 0; i < rows; i++)
		text[i] = block->column[i * block->leaves + leaf].cell[0];
	status = bel_elide(text, rows, width);
	for (size_t i = 0; i < rows; i++)
		block->column[i * block->leaves + leaf].cell[0] = text[i];
	free(text);
	return status;
}

/* The widths of the columns of the small table, whose texts are elided to fit; free(). */
static struct bel_fit *block_fit(const struct block *block, size_t line)
{
	struct bel_fit *const fit = calloc(block->leaves + 1, sizeof(*fit));
	int status = fit ? 0 : -1;

	for (size_t leaf = 0; fit && leaf < block->leaves; leaf++)
		fit[leaf] = bel_fit_of(leaf_width(block, leaf),
			place_of(block->column[leaf].heading).leaf,
			leaf_right(block, leaf) ? BEL_FIT_NUMBER : BEL_FIT_NAME);
	if (fit && line > INDENT)
		bel_fit_widths(fit, block->leaves, line - INDENT);
	for (size_t leaf = 0; status == 0 && leaf < block->leaves; leaf++)
		if (fit[leaf].width < leaf_width(block, leaf))
			status = leaf_elide(block, leaf, fit[leaf].width);
	if (status == 0)
		return fit;
	free(fit);
	return NULL;
}

static int print_block(const struct block *block, FILE *file, size_t line)
{
	struct bel_fit *const fit = block_fit(block, line);
	const char *const heading = block->column[0].heading;
	char stem[sizeof(block->column->path)];

	if (!fit)
		return -1;
	snprintf(stem, sizeof(stem), "%.*s", (int)place_of(heading).stem, heading);
	bel_put_padded(file, stem, 0, false, true);
	fprintf(file, "\n%*s", INDENT, "");
	for (size_t leaf = 0; leaf < block->leaves; leaf++) {
		bel_put_padded(file, place_of(block->column[leaf].heading).leaf, fit[leaf].width,
			leaf_right(block, leaf), leaf + 1 == block->leaves);
	}
	for (size_t c = 0; c < block->count; c++) {
		const size_t leaf = c % block->leaves;

		if (!leaf)
			fprintf(file, "\n%*s", INDENT, "");
		bel_put_padded(file, block->column[c].cell[0], fit[leaf].width,
			leaf_right(block, leaf), leaf + 1 == block->leaves);
	}
	putc('\n', file);
	free(fit);
	return 0;
}

int bel_table_list(struct table *table, FILE *file)
{
	size_t width = 0;

	for (size_t c = 0; c < table->columns; c++) {
		const char *const heading = table->column[c].heading;

		if (!place_of(heading).stem && bel_visible_width(heading) > width)
			width = bel_visible_width(heading);
	}
	for (size_t c = 0; c < table->columns; c++) {
		const struct column *const column = &table->column[c];

		if (place_of(column->heading).stem) {
			const struct block block = find_block(table, c);

			if (is_regular(&block)) {
				if (print_block(&block, file, table->width) < 0)
					return -1;
				c += block.count - 1;
				continue;
			}
		}
		if (table->width > width + 2 &&
			bel_visible_width(column->cell[0]) > table->width - width - 2 &&
			bel_elide(column->cell, 1, table->width - width - 2) < 0)
			return -1;
		bel_put_padded(file, column->heading, width, false, false);
		bel_put_padded(file, column->cell[0], 0, false, true);
		putc('\n', file);
	}
	return 0;
}
