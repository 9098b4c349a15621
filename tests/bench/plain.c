/* SPDX-License-Identifier: MIT */
/*
 * plain.c: what bel-sim is measured against: the trace read and nothing done with
 * it, and the textbook's LRU at one size on top, a doubly linked list over page
 * numbers, without engine, policy or counts beyond faults.
 *
 *	plain decode TRACE
 *	plain lru FRAMES TRACE
 *
 * Prints references, runs, faults, CPU seconds of reading, and of the loop alone.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "random_trace.h"
#include "source.h"

#define NONE UINT32_MAX

struct lru {
	struct link {
		uint32_t older, newer;
	} * link; /* a page each; both the page itself: not resident */
	uint32_t pages, newest, oldest;
	uint64_t frames, resident, faults;
};

static double cpu_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void grow(struct lru *lru, uint32_t pages)
{
	struct link *grown;

	if (pages <= lru->pages)
		return;
	pages = pages < 4096 ? 4096 : 2 * pages;
	grown = test_alloc(pages, sizeof(*grown));
	if (lru->pages)
		memcpy(grown, lru->link, lru->pages * sizeof(*grown));
	for (uint32_t p = lru->pages; p < pages; p++)
		grown[p] = (struct link){p, p};
	free(lru->link);
	lru->link = grown;
	lru->pages = pages;
}

static void take_out(struct lru *lru, uint32_t page)
{
	struct link l = lru->link[page];

	if (l.older == NONE)
		lru->oldest = l.newer;
	else
		lru->link[l.older].newer = l.newer;
	if (l.newer == NONE)
		lru->newest = l.older;
	else
		lru->link[l.newer].older = l.older;
	lru->link[page] = (struct link){page, page};
}

static void reference(struct lru *lru, uint32_t page)
{
	if (page == lru->newest)
		return;
	if (lru->link[page].older != page) {
		take_out(lru, page);
	} else {
		lru->faults++;
		if (lru->resident == lru->frames)
			take_out(lru, lru->oldest);
		else
			lru->resident++;
	}
	lru->link[page] = (struct link){lru->newest, NONE};
	if (lru->newest == NONE)
		lru->oldest = page;
	else
		lru->link[lru->newest].newer = page;
	lru->newest = page;
}

static void die(const struct bel_err *err)
{
	fprintf(stderr, "plain: %s\n", err->text);
	exit(3);
}

int main(int argc, char **argv)
{
	struct lru lru = {.newest = NONE, .oldest = NONE};
	struct bel_source_options options = {0};
	struct bel_source *source;
	struct bel_chunk chunk;
	struct bel_err err;
	uint64_t references = 0, runs = 0;
	double loop = 0, start;
	int r;

	if (argc == 4 && !strcmp(argv[1], "lru"))
		lru.frames = strtoull(argv[2], NULL, 10);
	else if (argc != 3 || strcmp(argv[1], "decode"))
		return fputs("usage: plain decode TRACE | plain lru FRAMES TRACE\n", stderr), 2;
	options.path = argv[argc - 1];
	if (bel_source_open(&source, &options, &err) < 0)
		die(&err);
	while ((r = bel_source_next(source, &chunk, &err)) > 0) {
		references += chunk.references;
		runs += chunk.count;
		if (!lru.frames)
			continue;
		start = cpu_seconds();
		grow(&lru, bel_source_pages(source).count);
		for (size_t i = 0; i < chunk.count; i++)
			reference(&lru, chunk.runs[i].page);
		loop += cpu_seconds() - start;
	}
	if (r < 0)
		die(&err);
	printf("%" PRIu64 " %" PRIu64 " %" PRIu64 " %.6f %.6f\n", references, runs, lru.faults,
		cpu_seconds() - loop, loop);
	bel_source_close(source);
	free(lru.link);
	return fclose(stdout) ? 3 : 0;
}
