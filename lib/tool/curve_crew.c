/* SPDX-License-Identifier: MIT */
/* curve_crew.c: the parts of all jobs of a pass, fed side by side on all cores. */
#include "curve_crew.h"

#include <stdlib.h>
#include <string.h>

#include "pool.h"

#define STAGE 16384 /* runs handed out at a time: they fit a second-level cache */

/* Runs of one stream on their way. While one side is worked on, the other is filled. */
struct stage {
	struct bel_run *runs;
	uint64_t *next;
	size_t count;
	bool future; /* next is filled */
	uint32_t pages;
	uint64_t now;
};

struct curve_crew {
	struct bel_pool *pool;
	bool threaded;
	struct curve_part **part;
	size_t parts;
	struct stage *stage[2]; /* one a stream */
	bool *fed;              /* by stream: a part wants it */
	size_t streams;
	unsigned filling;
};

static int make_stages(struct curve_crew *crew, struct bel_err *err)
{
	for (unsigned side = 0; side < 2; side++) {
		crew->stage[side] = calloc(crew->streams, sizeof(**crew->stage));
		for (size_t s = 0; crew->stage[side] && s < crew->streams; s++) {
			struct stage *stage = &crew->stage[side][s];

			stage->runs = malloc(STAGE * sizeof(*stage->runs));
			stage->next = malloc(STAGE * sizeof(*stage->next));
			if (!stage->runs || !stage->next)
				return bel_err_memory(err, "curves");
		}
		if (!crew->stage[side])
			return bel_err_memory(err, "curves");
	}
	return BEL_OK;
}

struct curve_crew *curve_crew_new(
	struct curve_job *job, size_t jobs, size_t streams, unsigned threads, struct bel_err *err)
{
	struct curve_crew *crew = calloc(1, sizeof(*crew));
	size_t parts = 0, others = threads > 1 ? threads - 1 : 0;

	for (size_t i = 0; i < jobs; i++)
		parts += job[i].parts;
	if (crew) {
		crew->part = calloc(parts ? parts : 1, sizeof(struct curve_part *));
		crew->fed = calloc(streams, sizeof(*crew->fed));
	}
	if (!crew || !crew->part || !crew->fed) {
		bel_err_memory(err, "curves");
		curve_crew_free(crew);
		return NULL;
	}
	for (size_t i = 0; i < jobs; i++)
		for (size_t k = 0; k < job[i].parts; k++) {
			crew->part[crew->parts++] = &job[i].part[k];
			crew->fed[job[i].stream] = true;
		}
	crew->streams = streams;
	others = others < parts ? others : parts;
	crew->threaded = others > 0;
	if (make_stages(crew, err) == 0)
		crew->pool = bel_pool_new(others, err);
	if (crew->pool)
		return crew;
	curve_crew_free(crew);
	return NULL;
}

void curve_crew_free(struct curve_crew *crew)
{
	if (!crew)
		return;
	bel_pool_free(crew->pool);
	for (unsigned side = 0; side < 2; side++) {
		for (size_t s = 0; crew->stage[side] && s < crew->streams; s++) {
			free(crew->stage[side][s].runs);
			free(crew->stage[side][s].next);
		}
		free(crew->stage[side]);
	}
	free(crew->part);
	free(crew->fed);
	free(crew);
}

/* The pool's tasks. */
static void feed_part(void *argument, size_t index)
{
	struct curve_crew *crew = argument;
	struct curve_part *part = crew->part[index];
	const struct stage *stage = &crew->stage[!crew->filling][part->job->stream];
	const struct bel_batch batch = {
		.runs = stage->runs,
		.next = stage->future ? stage->next : NULL,
		.count = stage->count,
		.now = stage->now,
	};

	if (batch.count)
		curve_part_feed(part, &batch, stage->pages);
}

static void finish_part(void *argument, size_t index)
{
	struct curve_crew *crew = argument;

	curve_part_finish(crew->part[index]);
}

static uint64_t stage_end(const struct stage *stage)
{
	uint64_t now = stage->now;

	for (size_t i = 0; i < stage->count; i++)
		now += bel_run_count(stage->runs[i]);
	return now;
}

/* What was filled goes to the parts; the other side is filled next. */
static void hand_over(struct curve_crew *crew)
{
	const struct stage *full = crew->stage[crew->filling];
	struct stage *empty = crew->stage[!crew->filling];

	bel_pool_wait(crew->pool);
	for (size_t s = 0; s < crew->streams; s++) {
		empty[s].count = 0;
		empty[s].now = stage_end(&full[s]);
		empty[s].pages = full[s].pages;
	}
	crew->filling = !crew->filling;
	bel_pool_start(crew->pool, feed_part, crew, crew->parts);
	if (!crew->threaded)
		bel_pool_wait(crew->pool);
}

void curve_crew_feed(
	struct curve_crew *crew, size_t stream, const struct bel_batch *batch, uint32_t pages)
{
	/* With nobody to share with, a copy is of no use. */
	if (!crew->threaded && crew->parts == 1) {
		if (batch->count && crew->part[0]->job->stream == stream)
			curve_part_feed(crew->part[0], batch, pages);
		return;
	}
	for (size_t i = 0; crew->fed[stream] && i < batch->count;) {
		struct stage *stage = &crew->stage[crew->filling][stream];
		size_t n = STAGE - stage->count;

		if (!n) {
			hand_over(crew);
			continue;
		}
		n = n < batch->count - i ? n : batch->count - i;
		memcpy(stage->runs + stage->count, batch->runs + i, n * sizeof(*stage->runs));
		stage->future = batch->next != NULL;
		if (batch->next)
			memcpy(stage->next + stage->count, batch->next + i,
				n * sizeof(*stage->next));
		stage->pages = pages > stage->pages ? pages : stage->pages;
		stage->count += n;
		i += n;
	}
}

void curve_crew_wait(struct curve_crew *crew)
{
	hand_over(crew);
	bel_pool_wait(crew->pool);
}

void curve_crew_finish(struct curve_crew *crew)
{
	curve_crew_wait(crew);
	bel_pool_start(crew->pool, finish_part, crew, crew->parts);
	bel_pool_wait(crew->pool);
}
