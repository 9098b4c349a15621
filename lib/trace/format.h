/* SPDX-License-Identifier: MIT */
/*
 * format.h: the interface of a foreign trace format: one file, one descriptor.
 *
 * A format is a const struct bel_format, registered with BEL_FORMAT(); there is no
 * central list of formats. Readers turn bytes into exact references (struct
 * bel_access) and events; writers do the reverse.
 */
#ifndef BEL_FORMAT_H
#define BEL_FORMAT_H

#include <stdbool.h>
#include <stdio.h>

#include "input.h"
#include "trace.h"

/* The user's options for reading; zero-initialised: the defaults. */
struct bel_format_options {
	const char *columns;   /* csv: "address=2,kind=1,size=3,..."; NULL: from the head line */
	const char *separator; /* csv: between columns: ";", "tab", ...; NULL: a comma, or as the
				  head line shows */
	const char *kinds;     /* csv: further words for kinds: "2a=read,28=write"; NULL: none */
	uint64_t max_bad;      /* bad lines that are skipped and counted; one more is an error */
	unsigned unit_bits;    /* page size for formats that hold page numbers; 0: 12 */
	bool request_marks;    /* hash-ids: a mark before each request (event.h) */
};

enum bel_format_cap {
	BEL_FORMAT_PAGE_NUMBERS = 0x1, /* addresses are page numbers: unit_bits applies */
	BEL_FORMAT_KINDS = 0x2,        /* holds kinds: distinguishes fetches and loads */
	BEL_FORMAT_WRITES = 0x4,       /* distinguishes writes and reads */
	BEL_FORMAT_SIZES = 0x8,        /* holds sizes */
	BEL_FORMAT_EVENTS = 0x10,      /* may hold events */
	BEL_FORMAT_BINARY = 0x20,      /* not text: a byte order mark would be data */
	BEL_FORMAT_NEXT = 0x40,        /* the writer needs the time of each next reference */
	BEL_FORMAT_GENERAL = 0x80, /* reads many layouts: a specific format that is certain wins */
};

/*
 * How sure a format's probe is that a stream is in its format.
 *
 * CERTAIN   no other format looks like this: taken silently, whatever the file's name is
 * LIKELY    taken if no other format is as likely; standard error says so
 * POSSIBLE  readable as this format, but usually in another one: taken only if the file has the
 *           format's suffix; otherwise the message that refuses the file names it
 * NO        not readable as this format
 *
 * The verdict must not depend on the length of the file. If the stream is not whole, its last
 * line (or record) is cut and must be ignored.
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
	bool whole; /* the data is the whole stream: the last line is not cut */
	/* The user's page size, and the page size behind page numbers; 0: not given. */
	unsigned page_bits, unit_bits;
	char reason[160]; /* out: the reason, as text: "every line is 'hexaddress R|W'" */
};

/* Fills the reason and returns the verdict: return bel_probe_say(probe, BEL_PROBE_NO, "..."). */
enum bel_probe_verdict bel_probe_say(struct bel_probe *probe, enum bel_probe_verdict verdict,
	const char *format, ...) __attribute__((format(printf, 3, 4)));

/* What a reader found besides references; for bel-info and for warnings. */
struct bel_format_tally {
	uint64_t noise; /* lines known not to be references (banners, comments) */
	uint64_t bad;   /* bad lines skipped */
	bool mixed;     /* processes ran at the same time, and the format cannot distinguish them */
};

struct bel_format {
	const char *name;     /* as after --from: lower-case, digits, '-' */
	const char *title;    /* one line */
	const char *example;  /* a line in this format, shown to users; NULL: not text */
	const char *suffixes; /* ".lackey .trace"; used only if no probe is certain; may be NULL */
	uint32_t caps;        /* enum bel_format_cap */

	/*
	 * Judges the stream's first bytes and gives the reason. NULL: any bytes are valid (bare
	 * integers); the format is chosen only by name or suffix.
	 */
	enum bel_probe_verdict (*probe)(struct bel_probe *probe);

	/* NULL: write-only. The reader does not own the input. */
	void *(*open)(struct bel_input *input, const struct bel_format_options *options,
		struct bel_err *err);
	/*
	 * Adds further files of the same trace, before the first read(). The caller keeps
	 * ownership of the names. NULL: a trace is one file.
	 */
	int (*join)(void *reader, const char *const *paths, size_t count, struct bel_err *err);
	/*
	 * Fills out->access from 0 with references of one space. The reader sets count,
	 * events and space; the caller has cleared the events. Returns 1 if there are
	 * references or events, 0 at the end, negative on errors.
	 */
	int (*read)(void *reader, struct bel_accesses *out, struct bel_err *err);
	void (*tally)(const void *reader, struct bel_format_tally *tally); /* may be NULL */
	void (*close)(void *reader);
	/* Whether this reader's addresses are page numbers; NULL: BEL_FORMAT_PAGE_NUMBERS says. */
	bool (*page_numbers)(const void *reader);

	/*
	 * NULL: read-only. The caller finds write errors with ferror(). It hands no references of
	 * the kernel to a format with BEL_FORMAT_KINDS.
	 */
	int (*write_head)(FILE *file, const struct bel_trace_info *info, struct bel_err *err);
	int (*write)(FILE *file, const struct bel_accesses *batch, struct bel_err *err);
};

#define BEL_FORMAT(NAME)                                                                           \
	__attribute__((used,                                                                       \
		section("bel_formats"))) static const struct bel_format *const NAME##_registered = \
		&(NAME)

/* The registered format of that name, or NULL with an error that lists the names. */
const struct bel_format *bel_format_find(const char *name, struct bel_err *err);

/* The format that a stream is taken for. */
struct bel_guess {
	const struct bel_format *format;
	enum bel_probe_verdict verdict; /* CERTAIN, or LIKELY: tell the user */
	char reason[160];
};

/*
 * Finds the format of the input from its first bytes and, if these are not enough, its suffix.
 * page_bits and unit_bits: from the user's options, 0 if not given. A list of numbers is read as
 * addresses if page numbers would be too coarse for page_bits. BEL_FAIL if no format or more than
 * one is likely: err then shows the first line and names the candidates.
 */
int bel_format_guess(struct bel_guess *guess, struct bel_input *input, unsigned page_bits,
	unsigned unit_bits, struct bel_err *err);

/*
 * Bytes for a message, cut with "..." if they do not fit. Bytes that are not printable ASCII are
 * escaped as \t, \r or \xNN.
 */
void bel_format_quote(char *shown, size_t capacity, const uint8_t *text, size_t length);

/* The registered formats in order of name: index 0, 1, ...; NULL after the last. */
const struct bel_format *bel_format_at(size_t index);

/*
 * Counts a bad line against max_bad. Returns 0 if the line is skipped, or BEL_FAIL
 * with "NAME: line N: WHAT: 'the line's start'".
 */
int bel_format_bad(struct bel_format_tally *tally, const struct bel_format_options *options,
	const struct bel_input *input, uint64_t line, const char *what, const uint8_t *text,
	size_t length, struct bel_err *err);

#endif
