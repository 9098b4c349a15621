/* SPDX-License-Identifier: MIT */
/* mark_record.c: notes the marks of a pass's input; marks and processes in records. */
#include "mark_record.h"

#include "version.h"

/* ---- the events of an input ---- */

static int next(void *self, struct bel_chunk *chunk, struct bel_err *err)
{
	struct bel_marked_input *const marked = self;
	const int r = marked->of.next(marked->of.self, chunk, err);
	uint64_t run = 0, passed = 0;

	if (r <= 0)
		return r;
	for (size_t i = 0; i < chunk->event_count; i++) {
		const struct bel_event *const event = &chunk->events[i];

		for (; run < event->at; run++)
			passed += bel_run_count(chunk->runs[run]);
		if (bel_marks_event(&marked->marks, event, marked->now + passed, true, err) < 0)
			return BEL_FAIL;
	}
	marked->now += chunk->references;
	return r;
}

static struct bel_granules pages(const void *self)
{
	const struct bel_marked_input *const marked = self;

	return marked->of.pages(marked->of.self);
}

static double fraction(const void *self)
{
	const struct bel_marked_input *const marked = self;

	return marked->of.fraction(marked->of.self);
}

struct bel_pass_input bel_marks_input(
	struct bel_marked_input *marked, const struct bel_pass_input *of)
{
	*marked = (struct bel_marked_input){.of = *of};
	return (struct bel_pass_input){
		.next = next,
		.pages = pages,
		.fraction = fraction,
		.self = marked,
		.page_bits = of->page_bits,
	};
}

/* ---- records ---- */

void bel_mark_process_record(
	struct bel_record *r, uint32_t space, const struct bel_mark_process *process)
{
	bel_record_count(r, "space", space);
	bel_record_count_or_null(r, "pid", process ? process->pid : 0, process && process->known);
	bel_record_text(r, "process", process ? process->name : NULL);
}

int bel_marks_emit(struct bel_emit *emit, const struct bel_marks *marks, const char *tool,
	const struct bel_trace_identity *trace, struct bel_err *err)
{
	if (bel_emit_format(emit) == BEL_EMIT_TABLE)
		return BEL_OK;
	for (size_t i = 0; i < marks->count; i++) {
		const struct bel_mark_place *const mark = &marks->mark[i];
		struct bel_record *const r = bel_record_new("belady.mark/1");

		bel_record_text(r, "tool", tool);
		bel_record_text(r, "version", BEL_VERSION);
		bel_trace_record(r, trace);
		bel_record_count(r, "reference", mark->reference);
		bel_record_text(r, "name", mark->name);
		bel_mark_process_record(r, mark->space, bel_marks_process(marks, mark->space));
		if (bel_emit(emit, r, err) < 0)
			return BEL_FAIL;
	}
	return BEL_OK;
}
