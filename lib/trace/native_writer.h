/* SPDX-License-Identifier: MIT */
/*
 * native_writer.h: internals of the native writer, shared by native_write.c (runs, exact
 * references, index, end) and native_phrases.c (phrases).
 */
#ifndef BEL_NATIVE_WRITER_H
#define BEL_NATIVE_WRITER_H

#include <zstd.h>

#include "granule_map.h"
#include "native.h"
#include "native_layout.h"

struct bel_native_writer {
	FILE *file;
	ZSTD_CCtx *zstd;
	uint64_t offset; /* bytes written */
	bool exact, kernel, phrases, stacks;

	/* The open block. */
	struct bel_block block;
	/* Its records: info is code | count << 3, in exact traces kind | size << 3. */
	struct bel_run run[BEL_NATIVE_RECORDS];
	bool long_counts; /* a count may not fit into a tag */
	struct bel_events events;
	size_t name_bytes;       /* of the events */
	uint32_t granules_after; /* granules used by records up to the end of this block */
	struct bel_bytes payload, stored;

	struct bel_granule_map map;   /* exact: addresses */
	struct bel_granules granules; /* the list to which the numbers refer */
	struct bel_index_entry *index;
	size_t index_count, index_capacity;
	struct bel_native_totals totals;
};

struct bel_index_entry {
	uint64_t offset, now;
	uint32_t granules_before;
};

/* Writes the open block, if it is not empty, and begins the next. */
int bel_writer_flush(struct bel_native_writer *w, struct bel_err *err);

/*
 * Turns n runs into records, and adds their references to `references`. Sets granules_after and
 * long_counts.
 */
int bel_writer_records(struct bel_native_writer *w, const struct bel_run *run, size_t n,
	struct bel_run *record, uint64_t *references, struct bel_err *err);

/* The parts of bel_writer_flush(): begins the payload; ends it, and writes the block. */
void bel_writer_begin(struct bel_native_writer *w, size_t events);
int bel_writer_close(
	struct bel_native_writer *w, const struct bel_event *events, struct bel_err *err);

#endif
