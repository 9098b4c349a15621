/* SPDX-License-Identifier: MIT */
/* idle.c: the gaps between the references to each page. */
#include "idle.h"

#include <stdlib.h>

/* `last` of a page without references: every gap from it is long, so it takes the slow path. */
#define NEVER (UINT64_C(1) << 63)

struct bel_idle *bel_idle_new(const uint64_t *after, size_t count, struct bel_err *err)
{
	struct bel_idle *const idle = calloc(1, sizeof(*idle));

	if (idle)
		idle->level = calloc(count, sizeof(*idle->level));
	if (!idle || !idle->level) {
		free(idle);
		bel_err_memory(err, "idle memory");
		return NULL;
	}
	for (size_t i = 0; i < count; i++)
		idle->level[i].after = after[i];
	idle->levels = count;
	return idle;
}

void bel_idle_free(struct bel_idle *idle)
{
	if (!idle)
		return;
	free(idle->level);
	free(idle->last);
	free(idle);
}

static int reserve(struct bel_idle *idle, uint32_t pages, struct bel_err *err)
{
	const uint64_t wanted = (uint64_t)pages + pages / 2;
	const uint32_t capacity = wanted > UINT32_MAX ? UINT32_MAX : (uint32_t)wanted;
	uint64_t *grown;

	if (pages <= idle->capacity)
		return BEL_OK;
	grown = reallocarray(idle->last, capacity, sizeof(*grown));
	if (!grown)
		return bel_err_memory(err, "idle memory");
	for (uint32_t i = idle->capacity; i < capacity; i++)
		grown[i] = NEVER;
	idle->last = grown;
	idle->capacity = capacity;
	return BEL_OK;
}

/* A page was not referenced for `gap` references, and then it was, or the trace ended. */
static void note_gap(struct bel_idle *idle, uint64_t gap, bool end)
{
	for (size_t i = 0; i < idle->levels && gap > idle->level[i].after; i++) {
		idle->level[i].idle_page_references += gap - idle->level[i].after;
		if (!end)
			idle->level[i].refaults++;
		else
			idle->level[i].idle_at_end++;
	}
}

/* A first touch, or a reference after a gap of more than the least threshold. */
static void note(struct bel_idle *idle, uint64_t last, uint64_t now)
{
	if (last != NEVER) {
		note_gap(idle, now - last, false);
		return;
	}
	idle->pages++;
	/* Minus the references before it; bel_idle_end() adds all references for each page. */
	idle->touched_page_references -= now;
}

int bel_idle_chunk(
	struct bel_idle *idle, const struct bel_chunk *chunk, uint32_t pages, struct bel_err *err)
{
	const uint64_t least = idle->level[0].after;
	uint64_t now = idle->references;

	if (reserve(idle, pages, err) < 0)
		return BEL_FAIL;
	for (size_t i = 0; i < chunk->count; i++) {
		const struct bel_run run = chunk->runs[i];
		const uint64_t last = idle->last[run.page];

		if (now - last > least)
			note(idle, last, now);
		now += bel_run_count(run);
		idle->last[run.page] = now - 1;
	}
	idle->references = now;
	return BEL_OK;
}

void bel_idle_end(struct bel_idle *idle)
{
	idle->touched_page_references += idle->references * idle->pages;
	for (uint32_t i = 0; i < idle->capacity; i++)
		if (idle->last[i] != NEVER)
			note_gap(idle, idle->references - idle->last[i], true);
}
