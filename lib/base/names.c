/* SPDX-License-Identifier: MIT */
/* csv_keys.c: an open hash table from texts to numbers; texts lie in large blocks. */
#include "names.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define BLOCK ((size_t)1 << 16)
#define FIRST_SLOTS 256

struct bel_csv_key {
	const char *text; /* NULL: free */
	uint64_t hash;
	uint32_t length, number;
};

void bel_csv_keys_release(struct bel_csv_keys *keys)
{
	while (keys->block) {
		char *before;

		memcpy(&before, keys->block, sizeof(before));
		free(keys->block);
		keys->block = before;
	}
	free(keys->slot);
	*keys = (struct bel_csv_keys){0};
}

static struct bel_csv_key *find(
	const struct bel_csv_keys *keys, const void *text, size_t length, uint64_t hash)
{
	for (size_t i = hash & (keys->slots - 1);; i = (i + 1) & (keys->slots - 1)) {
		struct bel_csv_key *const key = &keys->slot[i];

		if (!key->text || (key->hash == hash && key->length == length &&
					  !memcmp(key->text, text, length)))
			return key;
	}
}

static int grow(struct bel_csv_keys *keys, struct bel_err *err)
{
	struct bel_csv_keys larger = *keys;

	larger.slots = keys->slots ? 2 * keys->slots : FIRST_SLOTS;
	larger.slot = calloc(larger.slots, sizeof(*larger.slot));
	if (!larger.slot)
		return bel_err_memory(err, "keys");
	for (size_t i = 0; i < keys->slots; i++) {
		const struct bel_csv_key *const key = &keys->slot[i];

		if (key->text)
			*find(&larger, key->text, key->length, key->hash) = *key;
	}
	if (!keys->slots)
		larger.seed = (uint64_t)(uintptr_t)larger.slot;
	free(keys->slot);
	*keys = larger;
	return 0;
}

/* A copy of the text that stays where it is; NULL: no memory. */
static const char *keep(struct bel_csv_keys *keys, const void *text, size_t length)
{
	char *place;

	if (!keys->block || keys->size - keys->used < length) {
		const size_t size = sizeof(char *) + (length > BLOCK ? length : BLOCK);

		place = malloc(size);
		if (!place)
			return NULL;
		memcpy(place, &keys->block, sizeof(keys->block));
		keys->block = place;
		keys->size = size;
		keys->used = sizeof(keys->block);
	}
	place = keys->block + keys->used;
	memcpy(place, text, length);
	keys->used += length;
	return place;
}

int bel_csv_keys_number(struct bel_csv_keys *keys, const void *text, size_t length,
	uint32_t *number, struct bel_err *err)
{
	struct bel_csv_key *key;
	uint64_t hash;

	if ((uint64_t)keys->count * 4 >= (uint64_t)keys->slots * 3 && grow(keys, err) < 0)
		return BEL_FAIL;
	hash = XXH3_64bits_withSeed(text, length, keys->seed);
	key = find(keys, text, length, hash);
	if (key->text) {
		*number = key->number;
		return 0;
	}
	if (keys->count == UINT32_MAX)
		return bel_fail(err, "more than %u keys", UINT32_MAX);
	*key = (struct bel_csv_key){keep(keys, text, length), hash, (uint32_t)length, keys->count};
	if (!key->text)
		return bel_err_memory(err, "keys");
	*number = keys->count++;
	return 1;
}
