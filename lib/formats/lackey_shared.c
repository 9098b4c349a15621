/* SPDX-License-Identifier: MIT */
/* lackey_shared.c: turns shmget, shmat and shmdt into mappings. */
#include "lackey_shared.h"

#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>

#define PAGE 4096ull

static struct bel_lackey_size *find(const struct bel_lackey_sizes *sizes, uint64_t key)
{
	for (size_t i = 0; i < sizes->count; i++) {
		if (sizes->size[i].key == key)
			return &sizes->size[i];
	}
	return NULL;
}

static int put(struct bel_lackey_sizes *sizes, uint64_t key, uint64_t bytes, struct bel_err *err)
{
	struct bel_lackey_size *grown = find(sizes, key);

	if (grown) {
		grown->bytes = bytes;
		return 0;
	}
	if (sizes->count == sizes->capacity) {
		grown = realloc(sizes->size, (2 * sizes->capacity + 8) * sizeof(*grown));
		if (!grown)
			return bel_err_memory(err, "shared segments");
		sizes->size = grown;
		sizes->capacity = 2 * sizes->capacity + 8;
	}
	sizes->size[sizes->count++] = (struct bel_lackey_size){key, bytes};
	return 0;
}

static int copy(
	struct bel_lackey_sizes *to, const struct bel_lackey_sizes *from, struct bel_err *err)
{
	int r = 0;

	for (size_t i = 0; !r && i < from->count; i++)
		r = put(to, from->size[i].key, from->size[i].bytes, err);
	return r;
}

int bel_lackey_shared_call(struct bel_lackey_shared *shared, const struct bel_lackey_call *call,
	struct bel_event *event, struct bel_err *err)
{
	struct bel_lackey_size *known;

	if (strcmp(call->name, "shmget") == 0) {
		/* shmget of an existing segment may have size 0. */
		if (!call->arg[1])
			return 0;
		return put(&shared->segments, call->result, (call->arg[1] + PAGE - 1) & ~(PAGE - 1),
			err);
	}
	if (strcmp(call->name, "shmat") == 0) {
		known = find(&shared->segments, call->arg[0]);
		if (!known || put(&shared->places, call->result, known->bytes, err) < 0)
			return known ? BEL_FAIL : 0;
		event->type = BEL_EVENT_MAP;
		event->region = BEL_REGION_MMAP;
		event->flags = BEL_MAP_SHARED | BEL_MAP_READ |
			       (call->arg[2] & SHM_RDONLY ? 0 : BEL_MAP_WRITE) |
			       (call->arg[2] & SHM_EXEC ? BEL_MAP_EXEC : 0);
		event->start = call->result;
		event->length = known->bytes;
		return 1;
	}
	if (strcmp(call->name, "shmdt") == 0) {
		known = find(&shared->places, call->arg[0]);
		if (!known)
			return 0;
		event->type = BEL_EVENT_UNMAP;
		event->start = known->key;
		event->length = known->bytes;
		*known = shared->places.size[--shared->places.count];
		return 1;
	}
	return 0;
}

int bel_lackey_shared_fork(struct bel_lackey_shared *child, const struct bel_lackey_shared *parent,
	struct bel_err *err)
{
	*child = (struct bel_lackey_shared){0};
	if (copy(&child->segments, &parent->segments, err) < 0 ||
		copy(&child->places, &parent->places, err) < 0) {
		bel_lackey_shared_release(child);
		return BEL_FAIL;
	}
	return 0;
}

void bel_lackey_shared_exec(struct bel_lackey_shared *shared)
{
	shared->places.count = 0;
}

void bel_lackey_shared_release(struct bel_lackey_shared *shared)
{
	free(shared->segments.size);
	free(shared->places.size);
	*shared = (struct bel_lackey_shared){0};
}
