/* SPDX-License-Identifier: MIT */
/*
 * mark_record.h: the marks of the input of a pass, and their records belady.mark/1.
 *
 *	input = bel_marks_input(&marked, &input);      for the pass
 *	bel_marks_emit(emit, &marked.marks, "bel-sim", &identity, &err);
 *	bel_marks_release(&marked.marks);
 *
 * bel_marks_input() notes the events of an input while the pass reads it. So marks need no consumer.
 * Threads: one thread at a time.
 */
#ifndef BEL_MARK_RECORD_H
#define BEL_MARK_RECORD_H

#include "emit.h"
#include "mark_list.h"
#include "pass.h"
#include "trace_record.h"

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
