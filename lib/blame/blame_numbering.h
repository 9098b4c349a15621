/* SPDX-License-Identifier: MIT */
/*
 * blame_numbering.h: the keys of a counter as keys of a table, which has those of several counters:
 * equal keys have equal texts.
 *
 *	struct bel_blame_numbering numbering;
 *
 *	bel_blame_numbering_start(&numbering, pages, &table, &err);
 *	bel_blame_numbering_use(&numbering, counter->keys, &err);   for each counter of one trace
 *	bel_blame_numbering_key(&numbering, key, &number, &err);    in table.keys
 *	bel_blame_numbering_end(&numbering);                        also after an error
 *
 * Memory: 4 bytes for each text, for each node of the trace's tree of call stacks, and for each page
 * if it is a part of keys, until the end.
 */
#ifndef BEL_BLAME_NUMBERING_H
#define BEL_BLAME_NUMBERING_H

#include "blame_keys.h"
#include "blame_table.h"

struct bel_blame_numbering {
	struct bel_granules pages;
	struct bel_blame_table *table;
	uint32_t *page; /* of each page: the number of its text, plus 1; 0: none yet */
	/* Of the counter that is used: */
	const struct bel_blame_keys *keys;
	uint32_t *text; /* of each text of the keys: its number in the table, plus 1; 0: none yet */
	uint32_t *frame; /* of each node that is called from: its frame in the table */
};

int bel_blame_numbering_start(struct bel_blame_numbering *numbering, struct bel_granules pages,
	struct bel_blame_table *table, struct bel_err *err);
int bel_blame_numbering_use(struct bel_blame_numbering *numbering,
	const struct bel_blame_keys *keys, struct bel_err *err);
int bel_blame_numbering_key(
	struct bel_blame_numbering *numbering, uint32_t key, uint32_t *number, struct bel_err *err);
void bel_blame_numbering_end(struct bel_blame_numbering *numbering);

#endif
