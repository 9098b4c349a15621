/* SPDX-License-Identifier: MIT */
/* mark_list.c: lists the marks of a trace and the processes that set them. */
#include "mark_list.h"

#include <stdlib.h>
#include <string.h>

#include "version.h"

/* A copy of a name, within the limit of all names. NULL: err says why. */
static char *copy_name(struct bel_marks *marks, const char *name, struct bel_err *err)
{
	const size_t bytes = strlen(name) + 1;
	const bool fits = bytes <= BEL_MARKS_NAMES_MAX - marks->name_bytes;
	char *const copy = fits ? strdup(name) : NULL;

	if (copy)
		marks->name_bytes += bytes;
	else if (!fits)
		bel_too_much(err, "more than %u bytes of names of processes and marks",
			BEL_MARKS_NAMES_MAX);
	else
		bel_err_memory(err, "names");
	return copy;
}

/* The process of a space, a new one if needed. NULL: err says why. */
static struct bel_mark_process *reserve_process(
	struct bel_marks *marks, uint32_t space, struct bel_err *err)
{
	const uint32_t dense = bel_space_number(&marks->spaces, space, err);

	if (dense == BEL_SPACE_NONE)
		return NULL;
	if (dense >= marks->process_capacity) {
		const uint32_t capacity = dense + dense / 2 + 4;
		struct bel_mark_process *const grown =
			reallocarray(marks->process, capacity, sizeof(*grown));

		if (!grown) {
			bel_err_memory(err, "processes");
			return NULL;
		}
		for (uint32_t i = marks->process_capacity; i < capacity; i++)
			grown[i] = (struct bel_mark_process){.known = false};
		marks->process = grown;
		marks->process_capacity = capacity;
	}
	return &marks->process[dense];
}

static int note_process(struct bel_marks *marks, const struct bel_event *event, struct bel_err *err)
{
	struct bel_mark_process *const process = reserve_process(marks, event->space, err);
	const struct bel_mark_process *const parent = bel_marks_process(marks, event->other);
	const char *const name = event->name                               ? event->name
				 : event->type == BEL_EVENT_FORK && parent ? parent->name
									   : NULL;
	char *copy;

	if (!process)
		return BEL_FAIL;
	process->known = true;
	process->pid = event->pid;
	if (!name || name == process->name)
		return BEL_OK;
	copy = copy_name(marks, name, err);
	if (!copy)
		return BEL_FAIL;
	if (process->name)
		marks->name_bytes -= strlen(process->name) + 1;
	free(process->name);
	process->name = copy;
	return BEL_OK;
}

static int note_mark(
	struct bel_marks *marks, const struct bel_event *event, uint64_t now, struct bel_err *err)
{
	struct bel_mark_place *mark;

	if (marks->all++ >= BEL_MARKS_MAX)
		return BEL_OK;
	if (marks->count == marks->capacity) {
		const size_t capacity = 2 * marks->capacity + 16;
		void *const grown = reallocarray(marks->mark, capacity, sizeof(*mark));

		if (!grown)
			return bel_err_memory(err, "marks");
		marks->mark = grown;
		marks->capacity = capacity;
	}
	mark = &marks->mark[marks->count];
	*mark = (struct bel_mark_place){.space = event->space, .reference = now};
	if (event->name && !(mark->name = copy_name(marks, event->name, err)))
		return BEL_FAIL;
	marks->count++;
	return BEL_OK;
}

int bel_marks_event(struct bel_marks *marks, const struct bel_event *event, uint64_t now, bool list,
	struct bel_err *err)
{
	switch (event->type) {
	case BEL_EVENT_START:
	case BEL_EVENT_FORK:
	case BEL_EVENT_EXEC:
		return note_process(marks, event, err);
	case BEL_EVENT_MARK:
		return list ? note_mark(marks, event, now, err) : BEL_OK;
	default:
		return BEL_OK;
	}
}

const struct bel_mark_process *bel_marks_process(const struct bel_marks *marks, uint32_t space)
{
	const uint32_t dense = bel_space_find(&marks->spaces, space);

	return dense < marks->process_capacity ? &marks->process[dense] : NULL;
}

void bel_marks_release(struct bel_marks *marks)
{
	for (size_t i = 0; i < marks->count; i++)
		free(marks->mark[i].name);
	for (uint32_t i = 0; i < marks->process_capacity; i++)
		free(marks->process[i].name);
	free(marks->mark);
	free(marks->process);
	bel_space_map_release(&marks->spaces);
	*marks = (struct bel_marks){.count = 0};
}

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
	if (process && process->known)
		bel_record_count(r, "pid", process->pid);
	else
		bel_record_null(r, "pid");
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
