/* SPDX-License-Identifier: MIT */
/*
 * page_table.h: a hash table that gives numbers to a few of many pages, where an array over all
 * pages would be too large.
 *
 *	bel_page_table_init(&table, &err);
 *	found = bel_page_table_find(&table, page);     BEL_NOT_IN_TABLE: it has none
 *	bel_page_table_add(&table, page, number, &err);
 *	bel_page_table_release(&table);
 *
 * Open addressing, at most half full: at most 32 bytes per page.
 */
#ifndef BEL_PAGE_TABLE_H
#define BEL_PAGE_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"

#define BEL_NOT_IN_TABLE UINT32_MAX

struct bel_page_table {
	struct bel_page_entry {
		uint32_t page, number; /* BEL_NOT_IN_TABLE: free */
	} * entry;
	unsigned bits; /* 2^bits entries */
	size_t count;
};

int bel_page_table_init(struct bel_page_table *table, struct bel_err *err);
void bel_page_table_release(struct bel_page_table *table);

uint32_t bel_page_table_find(const struct bel_page_table *table, uint32_t page);
/* The page must not be in the table. The number must be below BEL_NOT_IN_TABLE. */
int bel_page_table_add(
	struct bel_page_table *table, uint32_t page, uint32_t number, struct bel_err *err);
/* The page must be in the table. */
void bel_page_table_remove(struct bel_page_table *table, uint32_t page);

#endif
