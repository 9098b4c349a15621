/* SPDX-License-Identifier: MIT */
/* reduced.c: the runs that a reduction gives. */
#include "reduced.h"

#include <stdlib.h>
#include <string.h>

int bel_reduced_grow(void *array, size_t *capacity, size_t count, size_t width, struct bel_err *err)
{
	size_t more = *capacity ? *capacity : 1024;
	char *grown;

	if (count <= *capacity)
		return BEL_OK;
	while (more < count)
		more += more / 2;
	grown = realloc(*(void **)array, more * width);
	if (!grown)
		return bel_err_memory(err, "the reduction");
	memset(grown + *capacity * width, 0, (more - *capacity) * width);
	*(void **)array = grown;
	*capacity = more;
	return BEL_OK;
}

/* A count that grows too large continues in a second run. */
int bel_reduced_extend(struct bel_reduced *out, uint64_t references, struct bel_err *err)
{
	for (;;) {
		struct bel_run *const last = &out->run[out->count - 1];
		const uint32_t capacity = BEL_RUN_COUNT_MAX - bel_run_count(*last);
		const uint32_t n = references < capacity ? (uint32_t)references : capacity;

		last->info += n << BEL_RUN_COUNT_SHIFT;
		references -= n;
		if (!references)
			return BEL_OK;
		if (bel_reduced_grow(
			    &out->run, &out->capacity, out->count + 1, sizeof(*out->run), err) < 0)
			return BEL_FAIL;
		out->run[out->count] = bel_run_make(out->run[out->count - 1].page, 0,
			out->run[out->count - 1].info & BEL_RUN_FLAGS);
		out->count++;
	}
}

int bel_reduced_add(struct bel_reduced *out, uint32_t page, uint64_t references, uint32_t flags,
	struct bel_err *err)
{
	flags &= BEL_REDUCED_FLAGS;
	if (out->count > out->closed && out->run[out->count - 1].page == page) {
		out->run[out->count - 1].info |= flags;
	} else {
		if (bel_reduced_grow(
			    &out->run, &out->capacity, out->count + 1, sizeof(*out->run), err) < 0)
			return BEL_FAIL;
		out->run[out->count++] = bel_run_make(page, 0, flags);
	}
	return bel_reduced_extend(out, references, err);
}
