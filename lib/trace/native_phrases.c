/* SPDX-License-Identifier: MIT */
/* native_phrases.c: writes and reads blocks of phrases. */
#include <stdlib.h>

#include "native_reader.h"
#include "native_writer.h"

/* Fills the head of the block, except what the records say. */
static int take_head(
	struct bel_native_writer *w, const struct bel_phrase_block *block, struct bel_err *err)
{
	const struct bel_chunk *const all = &block->all;
	struct bel_block *const b = &w->block;

	if (!w->phrases || w->exact)
		return bel_usage(err, "this trace takes no phrases");
	if (all->count > BEL_NATIVE_PHRASED || block->codes > BEL_NATIVE_PHRASED ||
		block->phrases > BEL_NATIVE_PHRASES || all->event_count > BEL_NATIVE_EVENTS)
		return bel_fail(err, "a block of phrases is too large");
	if (!w->kernel && (all->kinds[BEL_KERNEL_LOAD] || all->kinds[BEL_KERNEL_STORE]))
		return bel_fail(err, "the trace's head does not announce kernel references");
	b->space = all->space;
	b->records = (uint32_t)all->count;
	b->references = all->references;
	b->crossings += all->crossings;
	for (unsigned k = 0; k < BEL_KINDS; k++)
		b->kinds[k] += all->kinds[k];
	for (size_t i = 0; i < all->event_count; i++) {
		if (!w->stacks && bel_event_is_stack(all->events[i].type))
			return bel_fail(err, "the trace's head does not announce call stacks");
	}
	return BEL_OK;
}

int bel_native_write_phrases(struct bel_native_writer *w, const struct bel_phrase_block *block,
	struct bel_granules granules, struct bel_err *err)
{
	uint64_t references = 0;
	struct bel_run *record;
	int r = BEL_FAIL;

	if (bel_writer_flush(w, err) < 0)
		return BEL_FAIL;
	/* Kinds of a run that is still open: the next block has them. */
	if (block->all.count == 0 && block->all.event_count == 0)
		return take_head(w, block, err);
	w->granules = granules;
	record = malloc((block->runs + 1) * sizeof(*record));
	if (!record)
		return bel_err_memory(err, "a block");
	if (take_head(w, block, err) == 0 &&
		bel_writer_records(w, block->run, block->runs, record, &references, err) == 0) {
		w->block.type = BEL_BLOCK_PHRASES;
		bel_writer_begin(w, block->all.event_count);
		bel_bytes_varint(&w->payload, block->phrases);
		bel_bytes_varint(&w->payload, block->runs);
		bel_bytes_varint(&w->payload, block->codes);
		for (size_t i = 0; i < block->phrases; i++)
			bel_bytes_varint(&w->payload, block->head[i]);
		bel_records_encode(
			&w->payload, record, block->runs, w->block.id_bytes, w->long_counts);
		bel_bytes_put(&w->payload, block->code, 2 * block->codes);
		r = bel_writer_close(w, block->all.events, err);
	}
	free(record);
	return r;
}

/* Makes room for the runs of all phrases, for their heads, and for the runs of the block. */
static int make_room(struct bel_native_reader *r, uint64_t runs)
{
	struct bel_phrase_reader *const p = &r->phrase;

	if (runs + 1 > p->run_capacity) {
		free(p->run);
		p->run_capacity = 0;
		p->run = malloc(2 * (runs + 1) * sizeof(*p->run));
		if (!p->run)
			return -1;
		p->run_capacity = 2 * (runs + 1);
	}
	if (!p->head) {
		struct bel_run *const grown =
			realloc(r->run, (BEL_NATIVE_PHRASED + 1) * sizeof(*grown));

		if (!grown)
			return -1;
		r->run = grown;
		p->head = malloc(BEL_NATIVE_PHRASES * sizeof(*p->head));
	}
	p->run[runs] = (struct bel_run){0};
	return p->head ? 0 : -1;
}

int bel_reader_phrases(struct bel_native_reader *r, struct bel_view *view, struct bel_err *err)
{
	struct bel_phrase_reader *const p = &r->phrase;
	const uint64_t phrases = bel_view_varint(view), runs = bel_view_varint(view),
		       codes = bel_view_varint(view);
	struct bel_phrase_block block = {.phrases = phrases, .runs = runs, .codes = codes};
	struct bel_err why;
	uint64_t sum = 0;

	if (view->failed || phrases > BEL_NATIVE_PHRASES || codes > BEL_NATIVE_PHRASED ||
		runs > BEL_NATIVE_PHRASED + codes || r->block.granules_new > runs)
		return bel_reader_damaged(r, "bad number of phrases", err);
	if (make_room(r, runs) < 0)
		return bel_err_memory(err, "phrases");
	for (size_t i = 0; i < phrases; i++) {
		const uint64_t head = bel_view_varint(view), n = head >> 1;

		if (n == 0 || n > BEL_NATIVE_PHRASE)
			return bel_reader_damaged(r, "bad length of a phrase", err);
		p->head[i] = (uint32_t)head;
		sum += n;
	}
	if (view->failed || sum != runs)
		return bel_reader_damaged(r, "the lengths of phrases do not add up", err);
	if (bel_reader_records(r, view, p->run, runs, &sum, err) < 0)
		return BEL_FAIL;
	block.run = p->run;
	block.head = p->head;
	block.code = bel_view_take(view, 2 * codes);
	if (!block.code)
		return bel_reader_damaged(r, "block shorter than its codes", err);
	block.all.count = r->block.records;
	block.all.references = r->block.references;
	if (bel_phrases_expand(&p->expander, &block, r->run, &why) < 0)
		return bel_reader_damaged(r, why.text, err);
	return BEL_OK;
}

void bel_reader_phrases_release(struct bel_phrase_reader *p)
{
	bel_expander_release(&p->expander);
	free(p->run);
	free(p->head);
}
