/* SPDX-License-Identifier: MIT */
/* space_names.c: address spaces by name. */
#include "space_names.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { MOST = 1 << 24 };

static uint32_t *slot_of(const struct bel_space_names *names, const void *text, size_t length)
{
	uint64_t at = XXH3_64bits(text, length);

	for (;; at++) {
		uint32_t *const slot = &names->slot[at & (names->slots - 1)];
		const char *const name = *slot ? names->name[*slot - 1] : NULL;

		if (!name || (!strncmp(name, text, length) && !name[length]))
			return slot;
	}
}

/* Room for one more: the table stays half empty. */
static int grow(struct bel_space_names *names, struct bel_err *err)
{
	const uint32_t capacity = names->capacity ? 2 * names->capacity : 16;
	char **const name = realloc(names->name, capacity * sizeof(*name));
	uint32_t *slot;

	if (!name)
		return bel_err_memory(err, "names of address spaces");
	names->name = name;
	slot = calloc(2 * (size_t)capacity, sizeof(*slot));
	if (!slot)
		return bel_err_memory(err, "names of address spaces");
	free(names->slot);
	names->slot = slot;
	names->slots = 2 * capacity;
	names->capacity = capacity;
	for (uint32_t i = 0; i < names->count; i++)
		*slot_of(names, names->name[i], strlen(names->name[i])) = i + 1;
	return BEL_OK;
}

int64_t bel_space_names_number(
	struct bel_space_names *names, const void *text, size_t length, struct bel_err *err)
{
	uint32_t *slot;

	if (names->count == names->capacity && grow(names, err) < 0)
		return BEL_FAIL;
	slot = slot_of(names, text, length);
	if (*slot)
		return *slot - 1;
	if (names->count == MOST)
		return bel_fail(err, "more than %d address spaces", MOST);
	names->name[names->count] = strndup(text, length);
	if (!names->name[names->count])
		return bel_err_memory(err, "names of address spaces");
	*slot = ++names->count;
	return names->count - 1;
}

void bel_space_names_release(struct bel_space_names *names)
{
	for (uint32_t i = 0; i < names->count; i++)
		free(names->name[i]);
	free(names->name);
	free(names->slot);
}
