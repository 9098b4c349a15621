/* SPDX-License-Identifier: MIT */
/*
 * native.h: reads and writes the native format, as traces/FORMAT.md defines it.
 *
 * The writer takes chunks (folded) or batches of accesses (exact, granule 1) and
 * never seeks. The reader returns them in the same order.
 */
#ifndef BEL_NATIVE_H
#define BEL_NATIVE_H

#include <stdbool.h>
#include <stdio.h>

#include "input.h"
#include "phrases.h"
#include "trace.h"

struct bel_native_writer;

/* level: of zstd; 0 means 3; 1 is fast, for pipes. The caller keeps ownership of the file. */
int bel_native_writer_open(struct bel_native_writer **writer, FILE *file,
	const struct bel_trace_info *info, int level, struct bel_err *err);

/*
 * Appends a folded chunk. `granules` must include all pages of the chunk. The list of the
 * last call must stay valid until bel_native_writer_end().
 */
int bel_native_write_chunk(struct bel_native_writer *writer, const struct bel_chunk *chunk,
	struct bel_granules granules, struct bel_err *err);

/*
 * The same with phrases, as one block of the file, if the trace's info has `phrases`. Its runs are
 * those of a folded trace: maximal, unless an event or the largest count separates them.
 */
int bel_native_write_phrases(struct bel_native_writer *writer, const struct bel_phrase_block *block,
	struct bel_granules granules, struct bel_err *err);

/* Appends exact references. */
int bel_native_write_accesses(
	struct bel_native_writer *writer, const struct bel_accesses *batch, struct bel_err *err);

/*
 * Writes the pending block, index, totals and end mark, and flushes. `reason`: why
 * the trace ended early; NULL: it did not.
 */
int bel_native_writer_end(
	struct bel_native_writer *writer, const char *reason, struct bel_err *err);

/* Bytes of the blocks written so far. */
uint64_t bel_native_bytes(const struct bel_native_writer *writer);

/* After bel_native_writer_end(): the checksum of the end block, which tells files apart. */
uint64_t bel_native_end_checksum(const struct bel_native_writer *writer);

/* References written so far (virtual time). */
uint64_t bel_native_written(const struct bel_native_writer *writer);

void bel_native_writer_free(struct bel_native_writer *writer);

/* The totals at the end of a trace. */
struct bel_native_totals {
	uint64_t references, runs, blocks, events, crossings;
	uint64_t kinds[BEL_KINDS];
	uint32_t granules, spaces;
	uint64_t checksum;  /* of the end block: it tells files apart */
	const char *reason; /* why it ended early; NULL: it is complete */
};

struct bel_native_reader;

/* Whether the data starts with the native magic. */
bool bel_native_probe(const uint8_t *data, size_t have);

int bel_native_reader_open(
	struct bel_native_reader **reader, struct bel_input *input, struct bel_err *err);
const struct bel_trace_info *bel_native_info(const struct bel_native_reader *reader);
struct bel_granules bel_native_granules(const struct bel_native_reader *reader);

/* Folded traces: 1 and a chunk of at most 524,288 runs, 0 after the end mark, or negative. */
int bel_native_read_chunk(
	struct bel_native_reader *reader, struct bel_chunk *chunk, struct bel_err *err);

/* Exact traces (granule_bits 0): the same with accesses; the caller owns out's arrays. */
int bel_native_read_accesses(
	struct bel_native_reader *reader, struct bel_accesses *out, struct bel_err *err);

/* The totals; NULL until the end mark was read. */
const struct bel_native_totals *bel_native_totals(const struct bel_native_reader *reader);

/*
 * Also checks what the index says about the blocks and granules, which only reading from the middle
 * uses. Call it before the first block is read.
 */
int bel_native_check_index(struct bel_native_reader *reader, struct bel_err *err);

/*
 * For seekable inputs: reads the totals from the end of the file without reading the blocks.
 * The reader keeps its position. Returns 1: done, 0: not seekable, negative on errors.
 */
int bel_native_peek_totals(
	struct bel_native_reader *reader, struct bel_native_totals *totals, struct bel_err *err);

/* Virtual time of the next reference that the reader will return. */
uint64_t bel_native_now(const struct bel_native_reader *reader);

/*
 * For seekable inputs, before the first block is read: goes to the block that contains the
 * reference (a virtual time). The next chunk or batch starts at or before it. Returns 1: done,
 * 0: not seekable or no index (the reader keeps its position), negative on errors.
 */
int bel_native_seek(struct bel_native_reader *reader, uint64_t reference, struct bel_err *err);

void bel_native_reader_free(struct bel_native_reader *reader);

#endif
