/* SPDX-License-Identifier: MIT */
/*
 * page_arrays.h: the arrays with an element a page that an engine and its policy index: they
 * grow together, and whoever points at one is told its new place.
 *
 *	bel_page_arrays_init(&arrays, guarded);
 *	bel_page_arrays_add(&arrays, &self->age, sizeof(*self->age));
 *	bel_page_arrays_reserve(&arrays, pages);
 *	bel_page_arrays_release(&arrays);
 *
 * Arrays are owned here, the pointers to them are the caller's and must outlive this.
 */
#ifndef BEL_PAGE_ARRAYS_H
#define BEL_PAGE_ARRAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bel_page_array {
	void **where; /* the pointer that is kept up to date */
	void *data;   /* owned */
	size_t width; /* bytes a page; 0: an alias of the first array */
};

struct bel_page_arrays {
	struct bel_page_array *array;
	size_t count;
	uint32_t **counts; /* what is kept equal to `pages`; owned, what is pointed at is not */
	size_t count_count;
	uint32_t pages; /* elements of every array */
	bool guarded;   /* some elements more stand behind each, which nobody may touch */
	bool no_memory; /* an allocation failed */
};

void bel_page_arrays_init(struct bel_page_arrays *arrays, bool guarded);
void bel_page_arrays_release(struct bel_page_arrays *arrays);

/* All return 0, or BEL_FAIL when out of memory, which no_memory then remembers, too. */
int bel_page_arrays_add(struct bel_page_arrays *arrays, void *where, size_t width);
int bel_page_arrays_add_alias(struct bel_page_arrays *arrays, void *where);
int bel_page_arrays_add_count(struct bel_page_arrays *arrays, uint32_t *where);
int bel_page_arrays_reserve(struct bel_page_arrays *arrays, uint32_t pages);

/* Whether nothing was written behind an array; all is well if they are not guarded. */
bool bel_page_arrays_whole(const struct bel_page_arrays *arrays);

#endif
