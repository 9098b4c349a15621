/* SPDX-License-Identifier: MIT */
/*
 * native_reader.h: internals of the native reader, shared by its six files: native_block.c (a
 * block into the window), native_head.c (head), native_records.c (contents of a block),
 * native_phrases.c (blocks of phrases), native_index.c (totals, index, random access), native_read.c (sequence of blocks).
 */
#ifndef BEL_NATIVE_READER_H
#define BEL_NATIVE_READER_H

#include <xxhash.h>
#include <zstd.h>

#include "native.h"
#include "native_layout.h"
#include "phrases.h"

/* A block of phrases before it is expanded. */
struct bel_phrase_reader {
	struct bel_expander expander;
	struct bel_run *run; /* owned, as is the next */
	size_t run_capacity;
	uint32_t *head; /* BEL_NATIVE_PHRASES */
};

/* An entry of the index: where a block is, and what is before it. */
struct bel_place {
	uint64_t offset, now, granules_before;
};

static inline void bel_place_hash(XXH3_state_t *hash, const struct bel_place *place)
{
	XXH3_64bits_update(hash, place, sizeof(*place));
}

struct bel_native_reader {
	struct bel_input *input;
	ZSTD_DCtx *zstd;
	struct bel_trace_info info;
	char *command, *name, *tool, *reduced; /* owned; `info` points at them */

	struct bel_granule *granule;
	uint32_t granules, granule_capacity;
	struct bel_native_totals seen; /* counted from the blocks read so far */
	struct bel_native_totals totals;
	char *reason;
	bool ended;
	bool phrases;         /* there may be blocks of phrases */
	bool sought;          /* reading began in the middle: `seen` is not complete */
	uint64_t frames;      /* nodes of call stacks so far */
	uint64_t first_block; /* its offset */
	uint64_t index_at;    /* offset of the index; 0: it was not reached yet */
	XXH3_state_t
		*places; /* owned: of what an index says about the blocks so far; NULL: no check */

	/* What the end block of a seekable file says, if it was read before the blocks. */
	bool has_peeked;
	struct bel_native_totals peeked;
	uint64_t peeked_index_at;

	/* The current block. */
	struct bel_block block;
	struct bel_bytes unpacked;
	struct bel_run *run;       /* folded: BEL_NATIVE_RECORDS, or BEL_NATIVE_PHRASED and one */
	uint32_t info_of_tag[256]; /* struct bel_run.info by tag; count 0: the count follows */
	struct bel_events events;
	struct bel_phrase_reader phrase;
	/* Exact traces: the position in the block. */
	const uint8_t *record;
	struct bel_view sizes;
	uint32_t record_next;
	size_t event_next;
};

/* "ls.bel: byte 8192: WHAT"; returns BEL_FAIL. */
int bel_reader_damaged(const struct bel_native_reader *r, const char *what, struct bel_err *err);

/* Fills the window to `size` bytes; BEL_FAIL if the stream is truncated. */
int bel_reader_need(struct bel_native_reader *r, size_t size, struct bel_err *err);

/* Reads the trace's head at the start of the window: fills info. */
int bel_reader_head(struct bel_native_reader *r, struct bel_err *err);

/*
 * Brings the next block into the window and checks it; it stays in the window. Of an index, which
 * may be larger than a window, only the head is brought and checked.
 */
int bel_reader_block(struct bel_native_reader *r, struct bel_err *err);

/* Reads over the index whose head is in the window, and checks it. */
int bel_reader_pass_index(struct bel_native_reader *r, struct bel_err *err);

/* The same; the index must also agree with the blocks and granules that were read. */
int bel_reader_check_index(struct bel_native_reader *r, struct bel_err *err);

/* Unpacks the payload of the block in the window. */
int bel_reader_unpack(struct bel_native_reader *r, struct bel_view *view, struct bel_err *err);

/* Read the parts of a payload, in this order: runs or phrases, granules, events. */
int bel_reader_runs(struct bel_native_reader *r, struct bel_view *view, struct bel_err *err);
int bel_reader_phrases(struct bel_native_reader *r, struct bel_view *view, struct bel_err *err);
int bel_reader_granules(struct bel_native_reader *r, struct bel_view *view, struct bel_err *err);
int bel_reader_events(struct bel_native_reader *r, struct bel_view *view, struct bel_err *err);

/* Turns `count` records into runs; *references is the sum of their counts. */
int bel_reader_records(struct bel_native_reader *r, struct bel_view *view, struct bel_run *run,
	size_t count, uint64_t *references, struct bel_err *err);

void bel_reader_phrases_release(struct bel_phrase_reader *phrase);

/* Makes room for `count` granules in total. */
int bel_reader_reserve(struct bel_native_reader *r, uint64_t count, struct bel_err *err);

/* Reads the payload of the end block. */
int bel_reader_totals(struct bel_native_reader *r, struct bel_view *view,
	struct bel_native_totals *totals, uint64_t *index_at, struct bel_err *err);

#endif
