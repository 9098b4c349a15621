/* SPDX-License-Identifier: MIT */
/*
 * source.h: opens a trace in any known format and gives its runs at the caller's page size.
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
 * Runs are maximal: consecutive references to one page are one run, unless an
 * event, a change of space or the maximum count separates them. The blocks of the
 * stored trace do not matter. The digest covers these runs, so a trace has the same
 * digest in a pipe, in a file, compressed or in another format.
 */
#ifndef BEL_SOURCE_H
#define BEL_SOURCE_H

#include <stdbool.h>

#include "format.h"
#include "run_digest.h"
#include "trace.h"

struct bel_source_options {
	const char *path;        /* "-" or NULL: standard input */
	const char *const *more; /* further files of the same trace, if its format allows it */
	size_t more_count;
	bool joined; /* for tools: the operands are the files of one trace; nothing here reads it */
	const char *name;   /* the trace's name in records; NULL: see bel_source_title() */
	const char *format; /* a bel_format's name, "bel", or NULL: recognise it */
	unsigned page_bits; /* 0: the trace's granule, or 4 KiB if that is finer or unknown */
	bool first_byte;    /* count crossing references once */
	bool addresses; /* runs of single references, whose pages are addresses (fold.h); of traces
			   that have addresses only: bel_source_has_addresses() */
	const char *slice; /* only these references: "2/8" or "1M:2M" (source_slice.h); NULL: all */
	/* Pages have the numbers that they have in the whole trace. The slice may be empty. */
	bool slice_numbers;
	bool reduced; /* accept reduced traces: the caller uses bel_reduction_scope_check(); else
			       they are refused */
	bool allow_empty; /* accept a native trace without references; else, and in all other
			       formats, it is an error */
	bool check_index; /* native traces: also check what only reading from the middle uses */
	bool salvage;     /* read up to any damage; bel_source_damage() then describes the damage */
	struct bel_format_options foreign;
};

struct bel_source;

int bel_source_open(
	struct bel_source **source, const struct bel_source_options *options, struct bel_err *err);

/* The same for an open input (a pipe's descriptor, memory); the source takes ownership. */
int bel_source_open_input(struct bel_source **source, struct bel_input *input,
	const struct bel_source_options *options, struct bel_err *err);

/* The next chunk: 1, or 0 at the end, or negative. A chunk may have events but no runs. */
int bel_source_next(struct bel_source *source, struct bel_chunk *chunk, struct bel_err *err);

/*
 * Instead of bel_source_next(): the exact view. BEL_USAGE with the reason if the trace is folded.
 * Batches have at most a few thousand references; *batch points into the source.
 */
int bel_source_next_exact(
	struct bel_source *source, const struct bel_accesses **batch, struct bel_err *err);

/* Valid from the start; granule_bits etc. are those of the stored trace. Lives with the source. */
const struct bel_trace_info *bel_source_info(const struct bel_source *source);

/* Logarithm of the page size of bel_source_next(). */
unsigned bel_source_page_bits(const struct bel_source *source);

/* Whether the option `addresses` has an effect: the pages of the runs are byte addresses. */
bool bel_source_has_addresses(const struct bel_source *source);

/* The pages seen so far, at that page size. */
struct bel_granules bel_source_pages(const struct bel_source *source);

/*
 * Finds the number of distinct pages before the trace is read. Returns 1 if the end of the trace
 * has it (a native file at its own granule), or 0: the trace must be read. Call it only before
 * the first bel_source_next().
 */
int bel_source_footprint(struct bel_source *source, uint64_t *pages, struct bel_err *err);

/*
 * The references that the slice has (all of them: 0 to UINT64_MAX); to is UINT64_MAX if the trace
 * ends there, as far as it is known: always after the slice was read, or if the trace is a native
 * file that is folded. checksum: of the end of a native file, else 0. If the file itself is a slice of another trace,
 * and all of it is read, these are of that trace.
 */
struct bel_source_range {
	uint64_t from, to, checksum;
};
struct bel_source_range bel_source_range(const struct bel_source *source);

/* Whether the file is a slice of another trace: its pages have numbers of their own. */
bool bel_source_is_slice(const struct bel_source *source);

/* The digest of the runs given so far (run_digest.h): 16 hexadecimal digits and a zero byte. */
void bel_source_digest(const struct bel_source *source, char text[17]);

/* The same, as digests of slices are joined. */
struct bel_run_digest bel_source_run_digest(const struct bel_source *source);

/*
 * The title for records: the name in the options, else the name in the trace, else the command
 * line in the trace, else the file's name, else "standard input".
 */
const char *bel_source_title(const struct bel_source *source);

/* The file's path as it was given; NULL: standard input, or bel_source_open_input(). */
const char *bel_source_file(const struct bel_source *source);

/*
 * How the format was found. The verdict is LIKELY if the bytes leave a doubt. The reason is text;
 * it is valid as long as the source.
 */
struct bel_source_format {
	const char *name;
	bool given; /* by the options; else recognised */
	enum bel_probe_verdict verdict;
	const char *reason;
};
struct bel_source_format bel_source_format(const struct bel_source *source);

/* Lines that a foreign format's reader skipped, and other remarks. */
struct bel_format_tally bel_source_tally(const struct bel_source *source);

/* Why and where the trace ended early, as the recorder wrote it, or the damage; NULL: complete. */
const char *bel_source_damage(const struct bel_source *source);

/* Fraction of the file read so far; negative: not known. */
double bel_source_fraction(const struct bel_source *source);

void bel_source_close(struct bel_source *source);

#endif
