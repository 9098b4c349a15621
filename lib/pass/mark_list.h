/* SPDX-License-Identifier: MIT */
/*
 * mark_list.h: the marks that programs set, with their processes, and their records belady.mark/1.
 *
 *	struct bel_marks marks = {0};
 *
 *	bel_marks_event(&marks, &event, now, true, &err);      each event of the trace
 *	bel_marks_emit(emit, &marks, "bel-sim", &identity, &err);
 *	bel_marks_release(&marks);
 *
 * bel_marks_input() notes the events of an input of a pass while the pass reads it. So marks need no
 * consumer.
 *
 * Callers read the members; the list owns them. Units: references. Threads: one thread at a time.
 * Memory: 24 bytes for each listed mark, about 90 bytes for each process, and their names.
 */
#ifndef BEL_MARK_LIST_H
#define BEL_MARK_LIST_H

#include "emit.h"
#include "pass.h"
#include "space_map.h"
#include "trace_record.h"

#define BEL_MARKS_MAX 65536             /* further marks are counted, but not listed */
#define BEL_MARKS_NAMES_MAX (64u << 20) /* bytes of names of processes and marks */

struct bel_mark_place {
	char *name;         /* owned; NULL: not known */
	uint32_t space;     /* where it was set */
	uint64_t reference; /* number of references before it */
};

struct bel_mark_process {
	bool known; /* an event gave pid */
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
	size_t capacity, name_bytes;
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

/* ---- the events of an input ---- */

struct bel_marked_input {
	struct bel_marks marks;
	struct bel_pass_input of;
	uint64_t now;
};

/* The same input; *marked, which outlives it, lists its marks. */
struct bel_pass_input bel_marks_input(
	struct bel_marked_input *marked, const struct bel_pass_input *of);

/* ---- records ---- */

/* Adds the members space, pid and process. */
void bel_mark_process_record(
	struct bel_record *r, uint32_t space, const struct bel_mark_process *process);

/* Writes a record for each listed mark. A table has none. */
int bel_marks_emit(struct bel_emit *emit, const struct bel_marks *marks, const char *tool,
	const struct bel_trace_identity *trace, struct bel_err *err);

#endif
