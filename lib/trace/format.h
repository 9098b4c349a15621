/* SPDX-License-Identifier: MIT */
/*
 * format.h: the interface of a foreign trace format: one file, one descriptor.
 *
 * A format is one const struct bel_format made known with BEL_FORMAT(); no list
 * of formats exists anywhere. Readers turn bytes into exact references
 * (struct bel_access) and events; writers do the reverse.
 */
#ifndef BEL_FORMAT_H
#define BEL_FORMAT_H

#include <stdbool.h>
#include <stdio.h>

#include "input.h"
#include "trace.h"

/* How the user wants it read; zero-initialised is the default. */
struct bel_format_options {
	const char *columns; /* csv: "address=2,kind=1,size=3,..."; NULL: from the head line */
	uint64_t max_bad;    /* lines of garbage that are skipped and counted; then an error */
	unsigned unit_bits;  /* of formats that hold page numbers; 0: 12 */
};

enum bel_format_cap {
	BEL_FORMAT_PAGE_NUMBERS = 0x1, /* addresses are page numbers: unit_bits applies */
	BEL_FORMAT_KINDS = 0x2,        /* holds kinds: fetch and load differ */
	BEL_FORMAT_WRITES = 0x4,       /* tells writes from reads */
	BEL_FORMAT_SIZES = 0x8,        /* holds sizes */
	BEL_FORMAT_EVENTS = 0x10,      /* may hold events */
};

/* What a reader saw beside references; for bel-info and for warnings. */
struct bel_format_tally {
	uint64_t noise; /* lines known not to be references (banners, comments) */
	uint64_t bad;   /* garbage lines skipped */
};

struct bel_format {
	const char *name;  /* as after --from: lower-case, digits, '-' */
	const char *title; /* one line */
	const char
		*suffixes; /* ".lackey .trace"; looked at only where probing leaves a doubt; NULL */
	uint32_t caps;     /* enum bel_format_cap */

	/*
	 * How sure it is that the stream is its own, from its first bytes (up to 64
	 * KiB; `whole` if they are all there is): 0 no, 100 certain. Raw formats
	 * that cannot tell return 0 and are chosen by name or suffix.
	 */
	int (*probe)(const uint8_t *data, size_t have, bool whole);

	/* NULL: write-only. The reader does not own the input. */
	void *(*open)(struct bel_input *input, const struct bel_format_options *options,
		struct bel_err *err);
	/*
	 * Fills out->access from 0 (count, events and space are the reader's to
	 * set; events are cleared by the caller) with references of one space.
	 * Returns 1 if it gave references or events, 0 at the end, negative on errors.
	 */
	int (*read)(void *reader, struct bel_accesses *out, struct bel_err *err);
	void (*tally)(const void *reader, struct bel_format_tally *tally); /* may be NULL */
	void (*close)(void *reader);

	/* NULL: read-only. Write errors are found by the caller through ferror(). */
	int (*write_head)(FILE *file, const struct bel_trace_info *info, struct bel_err *err);
	int (*write)(FILE *file, const struct bel_accesses *batch, struct bel_err *err);
};

#define BEL_FORMAT(NAME)                                                                           \
	__attribute__((used,                                                                       \
		section("bel_formats"))) static const struct bel_format *const NAME##_registered = \
		&(NAME)

/* The registered format of that name, or NULL with err listing the names. */
const struct bel_format *bel_format_find(const char *name, struct bel_err *err);

/* The format the input's first bytes look like, or NULL with err: "not a trace in any known
 * format". */
const struct bel_format *bel_format_guess(struct bel_input *input, struct bel_err *err);

/* All registered formats in order of name: index 0, 1, ...; NULL past the last. */
const struct bel_format *bel_format_at(size_t index);

/*
 * Counts a garbage line against max_bad. Returns 0 if it is to be skipped, or
 * BEL_FAIL with "NAME: line N: WHAT: 'the line's start'".
 */
int bel_format_bad(struct bel_format_tally *tally, const struct bel_format_options *options,
	const struct bel_input *input, uint64_t line, const char *what, const uint8_t *text,
	size_t length, struct bel_err *err);

#endif
