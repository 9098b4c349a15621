/* SPDX-License-Identifier: MIT */
/*
 * mark_list.h: the processes of a trace, with their names, and the marks that they set.
 *
 *	struct bel_marks marks = {0};
 *
 *	bel_marks_event(&marks, &event, now, true, &err);      each event of the trace
 *	process = bel_marks_process(&marks, marks.mark[0].space);
 *	bel_marks_release(&marks);
 *
 * Callers read the members; the list owns them. Units: references. Threads: one thread at a time.
 * Memory: 24 bytes for each listed mark, about 90 bytes for each process, and their names.
 */
#ifndef BEL_MARK_LIST_H
#define BEL_MARK_LIST_H

#include "event.h"
#include "space_map.h"

/* Marks after the first that is beyond a limit are counted, but not listed. */
#define BEL_MARKS_MAX 65536
#define BEL_MARKS_NAMES_MAX (32u << 20)         /* bytes of names of marks */
#define BEL_MARKS_PROCESS_NAMES_MAX (64u << 20) /* bytes; more are refused */

struct bel_mark_place {
	char *name;         /* owned; NULL: not known */
	uint32_t space;     /* where it was set */
	uint64_t reference; /* number of references before it */
};

struct bel_mark_process {
	bool known;     /* an event gave pid */
	bool inherited; /* the name is that of the process that forked it */
	uint32_t pid;
	char *name; /* owned; NULL: not known */
};

/* A zero-initialised list is empty. */
struct bel_marks {
	struct bel_mark_place *mark;
	size_t count;
	uint64_t all; /* also those that are not listed */

	/* Private members. */
	struct bel_space_map spaces;
	struct bel_mark_process *process;
	uint32_t process_capacity;
	size_t capacity, name_bytes, process_name_bytes;
};

/*
 * Notes processes, and a mark if `list` is set. `now`: the number of references before the event.
 * Fails if there are too many processes or too long names.
 */
int bel_marks_event(struct bel_marks *marks, const struct bel_event *event, uint64_t now, bool list,
	struct bel_err *err);

/* The process of a space; NULL: no event of it is known. Valid until the next event. */
const struct bel_mark_process *bel_marks_process(const struct bel_marks *marks, uint32_t space);

void bel_marks_release(struct bel_marks *marks);

#endif
