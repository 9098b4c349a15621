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
	const char *columns;   /* csv: "address=2,kind=1,size=3,..."; NULL: from the head line */
	const char *separator; /* csv: what parts columns: ";", "tab", ...; NULL: a comma, or as the
				  head line shows */
	const char *kinds;     /* csv: further words for kinds: "2a=read,28=write"; NULL: none */
	uint64_t max_bad;      /* lines of garbage that are skipped and counted; then an error */
	unsigned unit_bits;    /* of formats that hold page numbers; 0: 12 */
};

enum bel_format_cap {
	BEL_FORMAT_PAGE_NUMBERS = 0x1, /* addresses are page numbers: unit_bits applies */
	BEL_FORMAT_KINDS = 0x2,        /* holds kinds: fetch and load differ */
	BEL_FORMAT_WRITES = 0x4,       /* tells writes from reads */
	BEL_FORMAT_SIZES = 0x8,        /* holds sizes */
	BEL_FORMAT_EVENTS = 0x10,      /* may hold events */
	BEL_FORMAT_BINARY = 0x20,      /* not text: a byte order mark is data */
	BEL_FORMAT_NEXT = 0x40,        /* written references tell when they come next */
	BEL_FORMAT_GENERAL = 0x80, /* its columns may be anybody's: yields to who is certain, too */
};

/*
 * How sure a format's probe is that a stream is of its format.
 *
 * CERTAIN   nothing else looks like this: taken without a word, whatever the file's name
 * LIKELY    taken if no other format is at least as likely, with a line on standard error
 * POSSIBLE  it would read as this format, but usually means something else: taken only if the
 *           file's suffix is the format's, else named in the message that refuses the file
 * NO        it does not read as this format
 *
 * The verdict must not depend on the length of the file: of a stream that is not whole, the
 * last line (or record) is cut and says nothing.
 */
enum bel_probe_verdict {
	BEL_PROBE_NO = 0,
	BEL_PROBE_POSSIBLE,
	BEL_PROBE_LIKELY,
	BEL_PROBE_CERTAIN,
};

/* "no", "possible", "likely", "certain". */
const char *bel_probe_verdict_name(enum bel_probe_verdict verdict);

struct bel_probe {
	const uint8_t *data; /* the stream's first bytes, at most 64 KiB; no byte order mark */
	size_t have;
	bool whole; /* they are all that there is: the last line is not cut */
	/* What the user asks for: the page size, and what a page number stands for; 0: not said. */
	unsigned page_bits, unit_bits;
	char reason[160]; /* out: why, in words: "every line is 'hexaddress R|W'" */
};

/* Fills the reason and returns the verdict: return bel_probe_say(probe, BEL_PROBE_NO, "..."). */
enum bel_probe_verdict bel_probe_say(struct bel_probe *probe, enum bel_probe_verdict verdict,
	const char *format, ...) __attribute__((format(printf, 3, 4)));

/* What a reader saw beside references; for bel-info and for warnings. */
struct bel_format_tally {
	uint64_t noise; /* lines known not to be references (banners, comments) */
	uint64_t bad;   /* garbage lines skipped */
	bool mixed;     /* processes that ran side by side, which the format cannot tell apart */
};

struct bel_format {
	const char *name;    /* as after --from: lower-case, digits, '-' */
	const char *title;   /* one line */
	const char *example; /* a line of it, shown to users; NULL: not text */
	const char
		*suffixes; /* ".lackey .trace"; looked at only where probing leaves a doubt; NULL */
	uint32_t caps;     /* enum bel_format_cap */

	/*
	 * Judges the stream's first bytes and says why. NULL: its bytes look like anything
	 * (bare integers); it is chosen by name or suffix alone.
	 */
	enum bel_probe_verdict (*probe)(struct bel_probe *probe);

	/* NULL: write-only. The reader does not own the input. */
	void *(*open)(struct bel_input *input, const struct bel_format_options *options,
		struct bel_err *err);
	/*
	 * Before the first read(): further files of the same trace, whose names stay the caller's.
	 * NULL: a trace is one file.
	 */
	int (*join)(void *reader, const char *const *paths, size_t count, struct bel_err *err);
	/*
	 * Fills out->access from 0 (count, events and space are the reader's to
	 * set; events are cleared by the caller) with references of one space.
	 * Returns 1 if it gave references or events, 0 at the end, negative on errors.
	 */
	int (*read)(void *reader, struct bel_accesses *out, struct bel_err *err);
	void (*tally)(const void *reader, struct bel_format_tally *tally); /* may be NULL */
	void (*close)(void *reader);
	/* Whether this reader's addresses are page numbers; NULL: the capability tells. */
	bool (*page_numbers)(const void *reader);

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

/* What a stream was taken for. */
struct bel_guess {
	const struct bel_format *format;
	enum bel_probe_verdict verdict; /* LIKELY: the user should be told; CERTAIN */
	char reason[160];
};

/*
 * The format of the input, from its first bytes and, where these leave a doubt, its suffix.
 * page_bits and unit_bits: what the user asks for, 0 if nothing; a list of numbers is read as
 * addresses where page numbers would be too coarse. BEL_FAIL where no format or more than one
 * is likely: err then shows the first line and names the candidates.
 */
int bel_format_guess(struct bel_guess *guess, struct bel_input *input, unsigned page_bits,
	unsigned unit_bits, struct bel_err *err);

/*
 * Bytes for a message, cut to the room with "...": what is not printable ASCII is escaped as
 * \t, \r or \xNN.
 */
void bel_format_quote(char *shown, size_t capacity, const uint8_t *text, size_t length);

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
