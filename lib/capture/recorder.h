/* SPDX-License-Identifier: MIT */
/*
 * recorder.h: writes the references of a capture to a native trace, exact or folded, with skip and
 * limit.
 *
 * The header is written with the first batch, when Valgrind's version is known. When writing fails
 * or the limit is reached, the recorder is closed: it ignores everything that follows, and the
 * program continues.
 *
 * With split.bytes the trace is written in parts, each a whole trace (parts.h). A part ends at a
 * piece of the trace, so it is somewhat longer than asked for: by a block of the format, at most.
 */
#ifndef BEL_RECORDER_H
#define BEL_RECORDER_H

#include <stdbool.h>
#include <stdio.h>

#include "fold.h"
#include "native.h"
#include "split.h"

struct bel_recorder {
	FILE *file; /* the caller's */
	unsigned granule_bits;
	bool first_byte;
	int level;
	const char *command, *name;     /* the caller's */
	uint64_t skip;                  /* references still to skip */
	uint64_t limit;                 /* references still to record */
	bool phrased;                   /* runs arrive folded, as phrases */
	bool kernel;                    /* with the kernel's references */
	unsigned near_pages, near_bits; /* of call stacks, as in trace.h; near_pages 0: without */
	bool near_renewed;              /* the same */
	struct bel_fold *fold; /* owned; NULL for exact traces, and if runs arrive folded */
	struct bel_native_writer *writer; /* owned; NULL before the first batch */
	uint64_t pages, events;           /* so far */
	struct bel_split split;           /* the caller sets bytes, next and host */
	bool cut;                         /* the next phrases begin a new part */
	char tool[160];                   /* for the heads of parts */
	bool limited;                     /* closed: the limit is reached */
	bool hung_up;                     /* closed: the reader of the pipe is gone */
	bool failed;                      /* closed: see err */
	struct bel_err err;
};

/* Writes the header; `tool` as in struct bel_trace_info. */
int bel_recorder_start(struct bel_recorder *recorder, const char *tool);

static inline bool bel_recorder_closed(const struct bel_recorder *recorder)
{
	return recorder->limited || recorder->hung_up || recorder->failed;
}

/* Records a batch and may change it. Does nothing when closed. */
void bel_recorder_add(struct bel_recorder *recorder, struct bel_accesses *batch);

/* Records a block of a folded trace unchanged: skip and limit do not apply. */
void bel_recorder_add_phrases(struct bel_recorder *recorder, const struct bel_phrase_block *block,
	struct bel_granules granules);

/*
 * Whether a part is full. Then the maker of phrases gives the open run, too, and sets `cut`: the next
 * references begin a new part. With bel_recorder_add() they do so by themselves.
 */
static inline bool bel_recorder_full(const struct bel_recorder *recorder)
{
	return recorder->split.bytes && recorder->writer && !recorder->cut &&
	       !bel_recorder_closed(recorder) && bel_native_written(recorder->writer) > 0 &&
	       bel_native_bytes(recorder->writer) >= recorder->split.bytes;
}

/* References written so far, in all parts. */
uint64_t bel_recorder_written(const struct bel_recorder *recorder);

/* Ends the trace; `reason` as in bel_native_writer_end(). */
void bel_recorder_end(struct bel_recorder *recorder, const char *reason);

void bel_recorder_release(struct bel_recorder *recorder);

#endif
