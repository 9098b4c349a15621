/* SPDX-License-Identifier: MIT */
/*
 * plain_runs.c: what a trace says of references alone, whatever events it holds and however
 * its processes were interleaved: a line for each address space, in their order.
 *
 *	plain_runs TRACE        "SPACE REFERENCES RUNS HASH"
 *
 * Runs that only an event or the largest count divides are put together again, and go into
 * the hash by address, size and flags. Two captures of one program are equal if these are.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

#include "source.h"

struct run {
	uint64_t number, count, flags;
};

struct space {
	XXH3_state_t *hash;
	struct run open; /* count 0: none */
	uint64_t references, runs;
};

static struct space *space;
static uint32_t spaces;

static struct space *space_of(uint32_t number)
{
	for (; spaces <= number; spaces++) {
		space = realloc(space, (spaces + 1) * sizeof(*space));
		if (!space)
			exit(3);
		space[spaces] = (struct space){.hash = XXH3_createState()};
		if (!space[spaces].hash || XXH3_64bits_reset(space[spaces].hash) == XXH_ERROR)
			exit(3);
	}
	return &space[number];
}

static void close_run(struct space *s)
{
	if (!s->open.count)
		return;
	XXH3_64bits_update(s->hash, &s->open, sizeof(s->open));
	s->runs++;
	s->open.count = 0;
}

static void add(struct space *s, uint64_t number, struct bel_run run)
{
	const uint32_t flags = run.info & BEL_RUN_FLAGS;

	s->references += bel_run_count(run);
	if (flags & BEL_RUN_SPLIT || !s->open.count || s->open.flags & BEL_RUN_SPLIT ||
		s->open.number != number) {
		close_run(s);
		s->open = (struct run){number, bel_run_count(run), flags};
		return;
	}
	s->open.count += bel_run_count(run);
	s->open.flags |= flags;
}

int main(int argc, char **argv)
{
	struct bel_source_options options = {.path = argv[1]};
	struct bel_source *source;
	struct bel_chunk chunk;
	struct bel_err err;
	int r;

	if (argc != 2) {
		fputs("usage: plain_runs TRACE\n", stderr);
		return 2;
	}
	if (bel_source_open(&source, &options, &err) < 0) {
		fprintf(stderr, "plain_runs: %s\n", err.text);
		return 3;
	}
	while ((r = bel_source_next(source, &chunk, &err)) > 0) {
		struct space *const s = space_of(chunk.space);

		for (size_t i = 0; i < chunk.count; i++)
			add(s, bel_source_pages(source).granule[chunk.runs[i].page].number,
				chunk.runs[i]);
	}
	bel_source_close(source);
	if (r < 0) {
		fprintf(stderr, "plain_runs: %s\n", err.text);
		return 3;
	}
	for (uint32_t i = 0; i < spaces; i++) {
		close_run(&space[i]);
		printf("%" PRIu32 " %" PRIu64 " %" PRIu64 " %016" PRIx64 "\n", i,
			space[i].references, space[i].runs,
			(uint64_t)XXH3_64bits_digest(space[i].hash));
		XXH3_freeState(space[i].hash);
	}
	free(space);
	return 0;
}
