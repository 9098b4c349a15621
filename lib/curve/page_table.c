/* SPDX-License-Identifier: MIT */
/* page_table.c: numbers for some pages out of many. */
#include "page_table.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_BITS = 10 };

static int allocate(struct bel_page_table *table, unsigned bits, struct bel_err *err)
{
	const size_t bytes = sizeof(*table->entry) << bits;

	table->entry = malloc(bytes);
	if (!table->entry)
		return bel_err_memory(err, "a sample of pages");
	memset(table->entry, 0xff, bytes);
	table->bits = bits;
	return BEL_OK;
}

int bel_page_table_init(struct bel_page_table *table, struct bel_err *err)
{
	*table = (struct bel_page_table){.count = 0};
	return allocate(table, FIRST_BITS, err);
}

void bel_page_table_release(struct bel_page_table *table)
{
	free(table->entry);
	*table = (struct bel_page_table){.count = 0};
}

/* The preferred entry of a page. Multiplying by the golden ratio spreads neighbours. */
static size_t home(const struct bel_page_table *table, uint32_t page)
{
	return (page * UINT32_C(0x9e3779b1)) >> (32 - table->bits);
}

/* The page's entry, or the free entry where it would be added. */
static size_t seek(const struct bel_page_table *table, uint32_t page)
{
	const size_t mask = ((size_t)1 << table->bits) - 1;
	size_t at = home(table, page);

	while (table->entry[at].number != BEL_NOT_IN_TABLE && table->entry[at].page != page)
		at = (at + 1) & mask;
	return at;
}

uint32_t bel_page_table_find(const struct bel_page_table *table, uint32_t page)
{
	return table->entry[seek(table, page)].number;
}

static int grow(struct bel_page_table *table, struct bel_err *err)
{
	struct bel_page_table larger = {.count = table->count};

	if (allocate(&larger, table->bits + 1, err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; i < (size_t)1 << table->bits; i++)
		if (table->entry[i].number != BEL_NOT_IN_TABLE)
			larger.entry[seek(&larger, table->entry[i].page)] = table->entry[i];
	free(table->entry);
	*table = larger;
	return BEL_OK;
}

int bel_page_table_add(
	struct bel_page_table *table, uint32_t page, uint32_t number, struct bel_err *err)
{
	if (2 * (table->count + 1) > (size_t)1 << table->bits && grow(table, err) < 0)
		return BEL_FAIL;
	table->entry[seek(table, page)] = (struct bel_page_entry){page, number};
	table->count++;
	return BEL_OK;
}

/* Entries behind the gap move into it, unless their home lies behind it too. */
void bel_page_table_remove(struct bel_page_table *table, uint32_t page)
{
	const size_t mask = ((size_t)1 << table->bits) - 1;
	size_t gap = seek(table, page);

	for (size_t at = (gap + 1) & mask; table->entry[at].number != BEL_NOT_IN_TABLE;
		at = (at + 1) & mask) {
		const size_t wanted = home(table, table->entry[at].page);

		if (((at - wanted) & mask) >= ((at - gap) & mask)) {
			table->entry[gap] = table->entry[at];
			gap = at;
		}
	}
	table->entry[gap].number = BEL_NOT_IN_TABLE;
	table->count--;
}
