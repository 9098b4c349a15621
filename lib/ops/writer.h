/* SPDX-License-Identifier: MIT */
/*
 * writer.h: a trace out, in the native or a foreign format, from either view.
 *
 *	struct bel_writer_options options = {.out = &out, .granule_bits = 12};
 *	struct bel_writer *writer;
 *
 *	bel_writer_open(&writer, &options, &info, &err);
 *	bel_writer_accesses(writer, &batch, &err);       info.granule_bits == 0, or
 *	bel_writer_chunk(writer, &chunk, granules, &err);    what is folded already
 *	bel_writer_end(writer, NULL, &err);
 *	bel_writer_free(writer);
 *	bel_outfile_commit(&out, &err);                  the file takes its name here
 *
 * What the output could hold only by guessing is refused (BEL_USAGE).
 */
#ifndef BEL_WRITER_H
#define BEL_WRITER_H

#include <stdbool.h>

#include "outfile.h"
#include "spool.h"
#include "trace.h"

struct bel_writer_options {
	struct bel_outfile *out; /* open; the caller's, who also commits it */
	const char *format;      /* NULL or "bel": native */
	unsigned granule_bits;   /* native: 0 exact; formats of page numbers: the page */
	int level;               /* native: zstd's, 0 for the usual one */
	bool first_byte;         /* count a crossing reference once */
	/*
	 * For formats that keep next accesses: the trace is kept until its end, in memory up to
	 * that many bytes, then in a temporary file. NULL: 1 GiB, /var/tmp. The caller's.
	 */
	struct bel_spool_budget *keep;
};

struct bel_writer;

/* info: of what will come; granule_bits 0: accesses, else chunks over such granules. */
int bel_writer_open(struct bel_writer **writer, const struct bel_writer_options *options,
	const struct bel_trace_info *info, struct bel_err *err);

int bel_writer_accesses(
	struct bel_writer *writer, const struct bel_accesses *batch, struct bel_err *err);
int bel_writer_chunk(struct bel_writer *writer, const struct bel_chunk *chunk,
	struct bel_granules granules, struct bel_err *err);

/* Ends the trace. reason: why it ended early, or NULL. */
int bel_writer_end(struct bel_writer *writer, const char *reason, struct bel_err *err);

/* References across a 4 KiB boundary whose size the format did not hold. */
uint64_t bel_writer_lost(const struct bel_writer *writer);

void bel_writer_free(struct bel_writer *writer);

#endif
