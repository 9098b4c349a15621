/* SPDX-License-Identifier: MIT */
/*
 * lines.h: the reader of text formats whose lines tell more than an address:
 * whose reference it is (a disk, a process), which thread's, how long.
 *
 * Private to lib/trace. A format gives a parser of one line; what is common is
 * here: whole lines, comments, garbage, address spaces by name, events where a
 * space begins or the thread changes.
 *
 *	static int parse(void *state, struct bel_line line, struct bel_record *record,
 *		struct bel_fault *fault);
 *
 * A format's reader is a struct bel_lines. Its state, of state_size bytes and zero
 * at first, is the parser's to use; the same parser judges the first lines when a
 * format is recognised, with a state of that probe's own.
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

/* What a line holds: zero-initialised, nothing. */
struct bel_record {
	struct bel_access access[2];
	unsigned count;        /* of them; 0: the line is known not to be a reference */
	struct bel_cell space; /* the name of its address space; length 0: there is one alone */
	bool has_thread;
	uint64_t thread;
};

/* True: understood. False: the fault, if there is one to fill, says what is wrong. */
typedef bool bel_line_parser(
	void *state, struct bel_line line, struct bel_record *record, struct bel_fault *fault);

/*
 * A request for `length` bytes from `start` on: a reference to each page of them. None for 0
 * bytes. False, with the fault about `cell`, if no reference can be so long.
 */
bool bel_record_request(struct bel_record *record, uint8_t kind, uint64_t start, uint64_t length,
	struct bel_cell cell, struct bel_fault *fault);

/* The same in sectors of 512 bytes, from sector `start` on; length in bytes. */
#define BEL_SECTOR_BITS 9
bool bel_record_sector(
	uint64_t sector, uint64_t *start, struct bel_cell cell, struct bel_fault *fault);

struct bel_lines;

/* Of the open, read, tally and close of a format; the reader is a struct bel_lines. */
void *bel_lines_open(struct bel_input *input, const struct bel_format_options *options,
	bel_line_parser *parse, size_t state_size, struct bel_err *err);
void *bel_lines_state(void *reader);
int bel_lines_read(void *reader, struct bel_accesses *out, struct bel_err *err);
void bel_lines_tally(const void *reader, struct bel_format_tally *tally);
void bel_lines_close(void *reader);

/* The first lines of a stream, by a parser. */
struct bel_lines_look {
	unsigned records, noise, bad;
};

void bel_lines_look(struct bel_lines_look *look, const uint8_t *data, size_t have, bool whole,
	bel_line_parser *parse, void *state);

/* The probe of a format: all lines CERTAIN, three in four LIKELY, else NO. `what` names them. */
enum bel_probe_verdict bel_lines_probe(
	struct bel_probe *probe, bel_line_parser *parse, void *state, const char *what);

#endif
