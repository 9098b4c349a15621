/* SPDX-License-Identifier: MIT */
/* phrased.c: writes folded random streams as phrases that are cut at random places. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flat.h"
#include "fold.h"
#include "random_trace.h"

struct phrases {
	struct bel_run *run;
	uint32_t *head;
	size_t *first;
	uint8_t *code;
	size_t runs, phrases, codes;
};

static void must(int r, const struct bel_err *err)
{
	if (r < 0) {
		fprintf(stderr, "test: cannot write a trace: %s\n", err->text);
		exit(1);
	}
}

/* Adds a phrase, or an earlier one that is equal. */
static void add(struct phrases *p, const struct bel_run *run, size_t n, bool apart)
{
	const uint32_t head = (uint32_t)n << 1 | apart;
	size_t code = 0;

	for (size_t i = 0; i < p->phrases && !code; i++)
		if (p->head[i] == head && !memcmp(p->run + p->first[i], run, n * sizeof(*run)))
			code = i + 1;
	if (!code) {
		memcpy(p->run + p->runs, run, n * sizeof(*run));
		p->first[p->phrases] = p->runs;
		p->head[p->phrases++] = head;
		p->runs += n;
	}
	p->code[2 * p->codes] = (uint8_t)code;
	p->code[2 * p->codes++ + 1] = (uint8_t)(code >> 8);
}

static void cut(struct phrases *p, const struct bel_chunk *chunk, struct bel_rng *rng)
{
	struct bel_run piece[6], before = {0}, rest = {0};
	size_t i = 0;

	while (i < chunk->count || rest.info) {
		const bool goes_on = rest.info != 0;
		const size_t most = 1 + bel_rng_below(rng, 5);
		size_t n = 0;

		if (goes_on)
			piece[n++] = rest;
		rest.info = 0;
		while (n < most && i < chunk->count)
			piece[n++] = chunk->runs[i++];
		/* The last run goes on in the next phrase. */
		if (bel_run_count(piece[n - 1]) > 1 && bel_rng_below(rng, 2)) {
			const uint32_t count = bel_run_count(piece[n - 1]);
			const uint32_t left = 1 + (uint32_t)bel_rng_below(rng, count - 1);
			const uint32_t flags = piece[n - 1].info & BEL_RUN_FLAGS;

			rest = bel_run_make(piece[n - 1].page, left, flags);
			piece[n - 1] = bel_run_make(piece[n - 1].page, count - left, flags);
		}
		add(p, piece, n,
			p->codes && !goes_on && before.page == piece[0].page &&
				!((before.info | piece[0].info) & BEL_RUN_SPLIT));
		before = piece[n - 1];
	}
}

static void write_chunk(struct bel_native_writer *writer, const struct bel_chunk *chunk,
	struct bel_granules granules, struct bel_rng *rng)
{
	/* Each code takes a run, or a part of one. */
	const size_t most = chunk->references + 1;
	struct phrases p = {.run = test_alloc(most + 1, sizeof(*p.run)),
		.head = test_alloc(most, sizeof(*p.head)),
		.first = test_alloc(most, sizeof(*p.first)),
		.code = test_alloc(most, 2)};
	struct bel_phrase_block block = {.all = *chunk};
	struct bel_err err = {0};

	cut(&p, chunk, rng);
	block.run = p.run;
	block.runs = p.runs;
	block.head = p.head;
	block.phrases = p.phrases;
	block.code = p.code;
	block.codes = p.codes;
	must(bel_native_write_phrases(writer, &block, granules, &err), &err);
	free(p.run);
	free(p.head);
	free(p.first);
	free(p.code);
}

void native_of_phrases(const struct random_stream *s, unsigned page_bits, bool first_byte,
	int level, uint64_t seed, char **data, size_t *size)
{
	FILE *file = open_memstream(data, size);
	struct bel_trace_info info = s->info;
	struct bel_native_writer *writer;
	struct bel_chunk chunk;
	struct bel_err err = {0};
	struct bel_fold *fold = bel_fold_new(page_bits, info.unit_bits, first_byte, &err);
	struct bel_rng rng;

	bel_rng_seed(&rng, seed);
	must(fold ? 0 : -1, &err);
	info.granule_bits = page_bits;
	info.unit_bits = 0;
	info.first_byte = first_byte;
	info.phrases = true;
	must(bel_native_writer_open(&writer, file, &info, level, &err), &err);
	for (size_t b = 0; b < s->batches; b++) {
		int again;

		do {
			again = bel_fold_add(fold, &s->batch[b], &chunk, &err);
			must(again, &err);
			write_chunk(writer, &chunk, bel_fold_granules(fold), &rng);
		} while (again);
	}
	must(bel_fold_end(fold, &chunk, &err), &err);
	write_chunk(writer, &chunk, bel_fold_granules(fold), &rng);
	must(bel_native_writer_end(writer, NULL, &err), &err);
	bel_native_writer_free(writer);
	bel_fold_free(fold);
	fclose(file);
}
