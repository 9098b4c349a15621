/* SPDX-License-Identifier: MIT */
/* live_touches.c: reads a trace into a list of touches, and gives them piece by piece. */
#include "live_touches.h"

#include "toucher.h"

/* Appends a chunk's runs. */
static int append(struct bel_spool *touches, const struct bel_chunk *chunk, uint64_t *pages,
	struct bel_err *err)
{
	for (size_t i = 0; i < chunk->count; i++) {
		const struct bel_run run = chunk->runs[i];
		const uint32_t touch =
			BEL_TOUCH(run.page, run.info & BEL_RUN_WRITE || run.page == *pages);

		if (run.page > INT32_MAX)
			return bel_too_much(err, "more than %d pages", INT32_MAX);
		*pages += run.page == *pages;
		if (bel_spool_append(touches, &touch, 1, err) < 0)
			return BEL_FAIL;
	}
	return 0;
}

int live_touches_read(struct live_touches *touches, struct bel_source *source, struct bel_err *err)
{
	struct bel_chunk chunk;
	uint64_t pages = 0;
	int r;

	while ((r = bel_source_next(source, &chunk, err)) > 0) {
		touches->references += chunk.references;
		r = append(touches->spool, &chunk, &pages, err);
		if (r < 0)
			break;
	}
	return r;
}

void live_touches_start(struct live_touches *touches)
{
	touches->before += touches->sent;
	touches->sent = 0;
}

int live_touches_next(void *host, uint32_t *touch, size_t capacity, struct bel_err *err)
{
	struct live_touches *const touches = host;
	const uint64_t left = bel_spool_count(touches->spool) - touches->sent;
	const size_t n = left < capacity ? (size_t)left : capacity;
	uint64_t done;

	if (n && bel_spool_read(touches->spool, touches->sent, touch, n, err) < 0)
		return BEL_FAIL;
	touches->sent += n;
	done = touches->before + touches->sent;
	bel_progress_update(touches->progress, done, (double)done / (double)touches->all);
	return (int)n;
}
