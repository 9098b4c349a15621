/* SPDX-License-Identifier: MIT */
/* mark_list.c: lists the processes of a trace and the marks that they set. */
#include "mark_list.h"

#include <stdlib.h>
#include <string.h>

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
	const bool inherits = !event->name && event->type == BEL_EVENT_FORK && parent;
	const char *const name = inherits ? parent->name : event->name;
	const char *before;
	char *copy;

	if (!process)
		return BEL_FAIL;
	before = process->name;
	process->known = true;
	process->pid = event->pid;
	if (!name || name == before)
		return BEL_OK;
	copy = strdup(name);
	if (!copy)
		return bel_err_memory(err, "names");
	marks->process_name_bytes += strlen(name) + 1 - (before ? strlen(before) + 1 : 0);
	free(process->name);
	process->name = copy;
	process->inherited = inherits;
	if (marks->process_name_bytes > BEL_MARKS_PROCESS_NAMES_MAX)
		return bel_too_much(err, "more than %u bytes of names of processes",
			BEL_MARKS_PROCESS_NAMES_MAX);
	return BEL_OK;
}

static int note_mark(
	struct bel_marks *marks, const struct bel_event *event, uint64_t now, struct bel_err *err)
{
	const size_t bytes = event->name ? strlen(event->name) + 1 : 0;
	struct bel_mark_place *mark;

	/* No mark after one that does not fit: the list must have no gaps. */
	if (marks->all++ > marks->count || marks->count == BEL_MARKS_MAX ||
		bytes > BEL_MARKS_NAMES_MAX - marks->name_bytes)
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
	if (event->name && !(mark->name = strdup(event->name)))
		return bel_err_memory(err, "marks");
	marks->name_bytes += bytes;
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
