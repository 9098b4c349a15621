/* SPDX-License-Identifier: MIT */
/*
 * lines.h: the reader of text formats whose lines have more than an address: the
 * address space (a disk, a process), the thread, the length.
 *
 * Private to lib/formats. A format gives a parser of one line. The common parts are
 * here: whole lines, comments, bad lines, address spaces by name, events when a
 * space begins or the thread changes.
 *
 *	static bool parse(void *state, struct bel_line line, struct bel_record *record,
 *		struct bel_fault *fault);
 *
 * A format's reader is a struct bel_lines. The parser may use its state, which has
 * state_size bytes and is zero at first. The probe uses the same parser on the first
 * lines, with a separate state.
 */
#ifndef BEL_LINES_H
#define BEL_LINES_H

#include "cells.h"
#include "text.h"

/* One line without its newline; *end is '\n'. */
struct bel_line {
	const uint8_t *text, *end;
};

/* The whole line, without a carriage return. */
static inline struct bel_cell bel_line_cell(struct bel_line line)
{
	const size_t length = (size_t)(line.end - line.text);

	return (struct bel_cell){line.text, length - (length && line.end[-1] == '\r')};
}

/* The contents of a line. Zero-initialised: none. */
struct bel_record {
	struct bel_access access[2];
	unsigned count;        /* number of accesses; 0: the line is noise */
	struct bel_cell space; /* name of the address space; length 0: the format has only one */
	bool has_thread;
	uint64_t thread;
};

/*
 * Blank lines and comments ('#' or "//" first) are not given to the parser. True: the line is
 * valid. False: *fault (if not NULL) says what is wrong.
 */
typedef bool bel_line_parser(
	void *state, struct bel_line line, struct bel_record *record, struct bel_fault *fault);

/*
 * A request for `length` bytes from `start` on: one access of that size, none for 0 bytes. False,
 * with a fault about `cell`, if the request is too long for an access.
 */
bool bel_record_request(struct bel_record *record, uint8_t kind, uint64_t start, uint64_t length,
	struct bel_cell cell, struct bel_fault *fault);

/* *start: the first byte of a sector of 512 bytes. False, with a fault, if it is too large. */
#define BEL_SECTOR_BITS 9
bool bel_record_sector(
	uint64_t sector, uint64_t *start, struct bel_cell cell, struct bel_fault *fault);

struct bel_lines;

/* For a format's open, read, tally and close; the reader is a struct bel_lines. */
void *bel_lines_open(struct bel_input *input, const struct bel_format_options *options,
	bel_line_parser *parse, size_t state_size, struct bel_err *err);
void *bel_lines_state(void *reader);
int bel_lines_read(void *reader, struct bel_accesses *out, struct bel_err *err);
void bel_lines_tally(const void *reader, struct bel_format_tally *tally);
void bel_lines_close(void *reader);

/* How a parser judges the first lines of a stream. */
struct bel_lines_look {
	unsigned records, noise, bad;
};

void bel_lines_look(struct bel_lines_look *look, const uint8_t *data, size_t have, bool whole,
	bel_line_parser *parse, void *state);

/* A format's probe: all lines valid: CERTAIN; three in four: LIKELY; else NO. `what` names them. */
enum bel_probe_verdict bel_lines_probe(
	struct bel_probe *probe, bel_line_parser *parse, void *state, const char *what);

#endif
