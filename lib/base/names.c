/* SPDX-License-Identifier: MIT */
/* names.c: a hash table from texts to numbers; texts lie in large blocks. */
#include "names.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "rng.h"

#define BLOCK ((size_t)1 << 16)
#define FIRST_CAPACITY 64

void bel_names_release(struct bel_names *names)
{
	while (names->block) {
		char *before;

		memcpy(&before, names->block, sizeof(before));
		free(names->block);
		names->block = before;
	}
	bel_hash_table_release(&names->number);
	free(names->name);
	*names = (struct bel_names){0};
}

void bel_names_close(struct bel_names *names)
{
	struct bel_name *const less =
		names->count ? reallocarray(names->name, names->count, sizeof(*less)) : NULL;

	bel_hash_table_release(&names->number);
	if (!less)
		return;
	names->name = less;
	names->capacity = names->count;
}

static int grow(struct bel_names *names, struct bel_err *err)
{
	const size_t capacity = names->capacity ? 2 * (size_t)names->capacity : FIRST_CAPACITY;
	struct bel_name *grown;

	if (names->capacity == UINT32_MAX)
		return bel_fail(err, "more than %u names", UINT32_MAX);
	grown = reallocarray(names->name, capacity, sizeof(*grown));
	if (!grown)
		return bel_err_memory(err, "names");
	if (!names->capacity)
		names->seed = bel_rng_secret();
	names->name = grown;
	names->capacity = capacity > UINT32_MAX ? UINT32_MAX : (uint32_t)capacity;
	return 0;
}

/* A copy of the text that never moves; NULL: out of memory. */
static const char *keep(struct bel_names *names, const void *text, size_t length)
{
	char *place;

	if (!names->block || names->size - names->used <= length) {
		const size_t size = sizeof(char *) + (length < BLOCK ? BLOCK : length + 1);

		place = malloc(size);
		if (!place)
			return NULL;
		memcpy(place, &names->block, sizeof(names->block));
		names->block = place;
		names->size = size;
		names->used = sizeof(names->block);
	}
	place = names->block + names->used;
	memcpy(place, text, length);
	place[length] = 0;
	names->used += length + 1;
	return place;
}

int bel_names_number(struct bel_names *names, const void *text, size_t length, uint32_t *number,
	struct bel_err *err)
{
	uint32_t same = 0, found;
	const char *copy;
	uint64_t hash;

	if (names->count == names->capacity && grow(names, err) < 0)
		return BEL_FAIL;
	hash = XXH3_64bits_withSeed(text, length, names->seed);
	for (; (found = bel_hash_table_get(&names->number, hash, same)); same++) {
		const struct bel_name *const name = &names->name[found - 1];

		if (name->length == length && !memcmp(name->text, text, length)) {
			*number = found - 1;
			return 0;
		}
	}
	copy = keep(names, text, length);
	if (!copy)
		return bel_err_memory(err, "names");
	if (bel_hash_table_set(&names->number, hash, same, names->count + 1, err) < 0)
		return BEL_FAIL;
	names->name[names->count] = (struct bel_name){copy, length};
	*number = names->count++;
	return 1;
}
