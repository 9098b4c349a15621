/* SPDX-License-Identifier: MIT */
/*
 * page_arrays.c: arrays with one element per page, which grow together.
 *
 * No huge pages (MADV_HUGEPAGE): at 1 M and 10 M pages they cost the kernel more than the policies
 * gain, because prefetches hide most misses. LRU at 1 M pages: .47 s of CPU without, .51 with.
 */
#include "page_arrays.h"

#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "policy.h"

#define GUARDS 8   /* guard elements after an array */
#define GUARD 0xa5 /* the value of their bytes */

void bel_page_arrays_init(struct bel_page_arrays *arrays, bool guarded)
{
	*arrays = (struct bel_page_arrays){.pages = BEL_PAGES_MIN, .guarded = guarded};
}

void bel_page_arrays_release(struct bel_page_arrays *arrays)
{
	for (size_t i = 0; i < arrays->count; i++)
		free(arrays->array[i].data);
	free(arrays->array);
	free(arrays->counts);
	*arrays = (struct bel_page_arrays){.pages = 0};
}

static int failed(struct bel_page_arrays *arrays)
{
	arrays->no_memory = true;
	return BEL_FAIL;
}

static size_t elements(const struct bel_page_arrays *arrays, uint32_t pages)
{
	return (size_t)pages + (arrays->guarded ? GUARDS : 0);
}

static uint8_t *guard_of(const struct bel_page_arrays *arrays, const struct bel_page_array *array)
{
	return (uint8_t *)array->data + arrays->pages * array->width;
}

static void set_guard(const struct bel_page_arrays *arrays, const struct bel_page_array *array)
{
	if (arrays->guarded)
		memset(guard_of(arrays, array), GUARD, GUARDS * array->width);
}

static struct bel_page_array *new_array(struct bel_page_arrays *arrays, void *where)
{
	struct bel_page_array *grown =
		reallocarray(arrays->array, arrays->count + 1, sizeof(*grown));

	*(void **)where = NULL;
	if (!grown)
		return NULL;
	arrays->array = grown;
	grown += arrays->count++;
	*grown = (struct bel_page_array){.where = where};
	return grown;
}

int bel_page_arrays_add(struct bel_page_arrays *arrays, void *where, size_t width)
{
	struct bel_page_array *array = new_array(arrays, where);

	if (!array)
		return failed(arrays);
	width = width ? width : 1;
	array->data = calloc(elements(arrays, arrays->pages), width);
	if (!array->data)
		return failed(arrays);
	array->width = width;
	set_guard(arrays, array);
	*array->where = array->data;
	return 0;
}

int bel_page_arrays_add_list(struct bel_page_arrays *arrays, void *where, size_t width)
{
	if (bel_page_arrays_add(arrays, where, width) < 0)
		return BEL_FAIL;
	arrays->array[arrays->count - 1].list = true;
	return 0;
}

int bel_page_arrays_add_raw_list(struct bel_page_arrays *arrays, void *where, size_t width)
{
	if (bel_page_arrays_add_list(arrays, where, width) < 0)
		return BEL_FAIL;
	arrays->array[arrays->count - 1].raw = true;
	return 0;
}

int bel_page_arrays_add_alias(struct bel_page_arrays *arrays, void *where)
{
	struct bel_page_array *array = new_array(arrays, where);

	if (!array)
		return failed(arrays);
	*array->where = arrays->array[0].data;
	return 0;
}

int bel_page_arrays_add_count(struct bel_page_arrays *arrays, uint32_t *where)
{
	uint32_t **grown = reallocarray(arrays->counts, arrays->count_count + 1, sizeof(*grown));

	*where = 0;
	if (!grown)
		return failed(arrays);
	arrays->counts = grown;
	grown[arrays->count_count++] = where;
	*where = arrays->pages;
	return 0;
}

/* Enlarges one array. Old elements are kept, new ones are zero. */
static int grow(struct bel_page_arrays *arrays, struct bel_page_array *array, uint32_t to)
{
	char *data = reallocarray(array->data, elements(arrays, to), array->width);

	if (!data)
		return failed(arrays);
	if (!array->raw)
		memset(data + arrays->pages * array->width, 0, (to - arrays->pages) * array->width);
	array->data = data;
	*array->where = data;
	return 0;
}

int bel_page_arrays_reserve(struct bel_page_arrays *arrays, uint32_t pages)
{
	uint64_t to = arrays->pages;

	if (pages <= arrays->pages)
		return 0;
	while (to < pages)
		to *= 2;
	if (to > UINT32_MAX)
		to = UINT32_MAX;
	/* After a failure some arrays are larger than needed, which does no harm. */
	for (size_t i = 0; i < arrays->count; i++)
		if (arrays->array[i].width && grow(arrays, &arrays->array[i], (uint32_t)to) < 0)
			return BEL_FAIL;
	arrays->pages = (uint32_t)to;
	for (size_t i = 0; i < arrays->count; i++) {
		const struct bel_page_array *array = &arrays->array[i];

		if (array->width)
			set_guard(arrays, array);
		else
			*array->where = arrays->array[0].data;
	}
	for (size_t i = 0; i < arrays->count_count; i++)
		*arrays->counts[i] = arrays->pages;
	return 0;
}

bool bel_page_arrays_whole(const struct bel_page_arrays *arrays)
{
	for (size_t i = 0; arrays->guarded && i < arrays->count; i++) {
		const uint8_t *const guard = guard_of(arrays, &arrays->array[i]);
		const size_t bytes = GUARDS * arrays->array[i].width;

		/* Each byte is the one after it. An alias has no guard. */
		if (bytes && (guard[0] != GUARD || memcmp(guard, guard + 1, bytes - 1) != 0))
			return false;
	}
	return true;
}
