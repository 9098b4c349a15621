/* SPDX-License-Identifier: MIT */
/*
 * source.h: any trace, in any known format, as what the caller wants to see.
 *
 *	struct bel_source_options options = {.path = "-", .page_bits = 12};
 *	struct bel_source *source;
 *	struct bel_chunk chunk;
 *
 *	if (bel_source_open(&source, &options, &err) < 0) ...
 *	while ((r = bel_source_next(source, &chunk, &err)) > 0)
 *		... chunk.runs ...
 *	bel_source_close(source);
 *
 * Runs come maximal: neighbours of one page are one run unless an event, a
 * change of space or the largest count stands between them, whatever blocks
 * the trace was stored in. The digest is over these runs and is therefore the
 * same for a trace in a pipe, in a file, compressed or in another format.
 */
#ifndef BEL_SOURCE_H
#define BEL_SOURCE_H

#include <stdbool.h>

#include "format.h"
#include "trace.h"

struct bel_source_options {
	const char *path;        /* "-" or NULL: standard input */
	const char *const *more; /* further files of the same trace, if its format has such */
	size_t more_count;
	const char *name;   /* what the trace is to be called; NULL: bel_source_title() says */
	const char *format; /* a bel_format's name, "bel", or NULL: recognise it */
	unsigned page_bits; /* 0: the trace's granule, or 4 KiB where it is finer or unknown */
	bool first_byte;    /* count crossing references once */
	bool reduced; /* the caller asks bel_reduction_scope_check() itself; else reduced traces are
			       refused */
	bool allow_empty; /* a native trace may hold no reference; else, as in all other formats,
			       that   is an error */
	bool salvage; /* what precedes damage is read; the damage is told by bel_source_damage() */
	struct bel_format_options foreign;
};

struct bel_source;

int bel_source_open(
	struct bel_source **source, const struct bel_source_options *options, struct bel_err *err);

/* Over an input of the caller's making (a pipe's descriptor, memory); owned by the source from here
 * on. */
int bel_source_open_input(struct bel_source **source, struct bel_input *input,
	const struct bel_source_options *options, struct bel_err *err);

/* The next chunk: 1, or 0 at the end, or negative. A chunk may hold events alone. */
int bel_source_next(struct bel_source *source, struct bel_chunk *chunk, struct bel_err *err);

/*
 * Instead of bel_source_next(): the exact view. BEL_USAGE on a folded trace, with the reason.
 * Batches hold at most a few thousand references; *batch points into the source.
 */
int bel_source_next_exact(
	struct bel_source *source, const struct bel_accesses **batch, struct bel_err *err);

/* Known from the start, but for granule_bits etc. as stored; strings live as long as the source. */
const struct bel_trace_info *bel_source_info(const struct bel_source *source);

/* Logarithm of the page size that bel_source_next() counts in. */
unsigned bel_source_page_bits(const struct bel_source *source);

/* The pages seen so far, at that page size. */
struct bel_granules bel_source_pages(const struct bel_source *source);

/*
 * The number of distinct pages of the whole trace before it is read, where its end
 * tells (a native file at its own granule): 1; else 0: it has to be read. Only before the first
 * bel_source_next().
 */
int bel_source_footprint(struct bel_source *source, uint64_t *pages, struct bel_err *err);

/* XXH3-64 of the runs given so far, as 16 hexadecimal digits and a 0. */
void bel_source_digest(const struct bel_source *source, char text[17]);

/*
 * The title for records: the name that the options or the trace give it, else the command line if
 * the trace knows it, else the file's name, else "standard input".
 */
const char *bel_source_title(const struct bel_source *source);

/* The file as its path was given; NULL: standard input, or an input of the caller's making. */
const char *bel_source_file(const struct bel_source *source);

/*
 * How the format was found. verdict is LIKELY where the bytes leave a doubt; the reason says what
 * the bytes, or the options, told. Lives as long as the source.
 */
struct bel_source_format {
	const char *name;
	bool given; /* by options; else recognised */
	enum bel_probe_verdict verdict;
	const char *reason;
};
struct bel_source_format bel_source_format(const struct bel_source *source);

/* What foreign readers skipped. */
struct bel_format_tally bel_source_tally(const struct bel_source *source);

/* Why and where the trace ended early: the recorder's own word, or salvaged damage; NULL: whole. */
const char *bel_source_damage(const struct bel_source *source);

/* Share of the file read so far, negative if not known. */
double bel_source_fraction(const struct bel_source *source);

void bel_source_close(struct bel_source *source);

#endif
