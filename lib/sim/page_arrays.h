/* SPDX-License-Identifier: MIT */
/*
 * page_arrays.h: the arrays with one element per page that an engine and its policy use. They grow
 * together. When an array moves, the pointers to it are updated.
 *
 *	bel_page_arrays_init(&arrays, guarded);
 *	bel_page_arrays_add(&arrays, &self->age, sizeof(*self->age));
 *	bel_page_arrays_reserve(&arrays, pages);
 *	bel_page_arrays_release(&arrays);
 *
 * Ownership: this module owns the arrays. The caller owns the pointers to them, which must outlive
 * this structure.
 */
#ifndef BEL_PAGE_ARRAYS_H
#define BEL_PAGE_ARRAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bel_page_array {
	void **where; /* the pointer to update */
	void *data;   /* owned */
	size_t width; /* bytes per page; 0: an alias of the first array */
	bool list;    /* a list with room for every page: its elements are not those of pages */
	bool raw;     /* its elements need not be zero */
};

struct bel_page_arrays {
	struct bel_page_array *array;
	size_t count;
	uint32_t **counts; /* variables kept equal to `pages`; only the list is owned */
	size_t count_count;
	uint32_t pages; /* elements of every array */
	bool guarded;   /* some extra elements follow each array, to detect writes past its end */
	bool no_memory; /* an allocation failed */
};

void bel_page_arrays_init(struct bel_page_arrays *arrays, bool guarded);
void bel_page_arrays_release(struct bel_page_arrays *arrays);

/* All return 0, or BEL_FAIL when out of memory; then no_memory is set, too. */
int bel_page_arrays_add(struct bel_page_arrays *arrays, void *where, size_t width);
/* A list with room for every page. Raw: memory that it does not use is never touched. */
int bel_page_arrays_add_list(struct bel_page_arrays *arrays, void *where, size_t width);
int bel_page_arrays_add_raw_list(struct bel_page_arrays *arrays, void *where, size_t width);
int bel_page_arrays_add_alias(struct bel_page_arrays *arrays, void *where);
int bel_page_arrays_add_count(struct bel_page_arrays *arrays, uint32_t *where);
int bel_page_arrays_reserve(struct bel_page_arrays *arrays, uint32_t pages);

/*
 * Fetches a page's elements into the cache. Wide elements are left out: they are in several lines.
 * Always inlined: GCC drops calls of a function that only fetches ahead.
 */
static inline __attribute__((always_inline)) void bel_page_arrays_prefetch(
	const struct bel_page_arrays *arrays, uint32_t page)
{
	for (size_t i = 0; i < arrays->count; i++)
		if (arrays->array[i].width <= 16 && !arrays->array[i].list)
			__builtin_prefetch(
				(char *)arrays->array[i].data + page * arrays->array[i].width, 1);
}

/* Whether no guard element has changed; true if the arrays are not guarded. */
bool bel_page_arrays_whole(const struct bel_page_arrays *arrays);

#endif
