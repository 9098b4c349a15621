/* SPDX-License-Identifier: MIT */
/*
 * format_blkparse.c: the default output of blkparse, events of the block layer:
 *
 *	device  cpu  sequence  time  pid  action  RWBS  sector + sectors [command]
 *	8,64   3        1     0.000000000  4162  Q  RM 73992 + 8 [fs_mark]
 *
 * One request appears at several actions. Only one action is counted: Q (queued in the block
 * layer) if the first 64 KiB have such a line, else D (sent to the device), else C (completed).
 * Other actions, messages, discards, flushes and the summary are noise. Each device is a separate
 * address space.
 *
 * Source: blkparse(1), "Output description and formats" of the blktrace user guide.
 */
#include "lines.h"

#define LOOK ((size_t)64 << 10)

struct blkparse {
	char action;         /* the action that is counted; 0: not chosen yet */
	bool seen_q, seen_d; /* in the first lines */
};

enum { DEVICE, CPU, SEQUENCE, TIME, PID, ACTION, RWBS, SECTOR, PLUS, SECTORS, CELLS };

/* "8,64" */
static bool is_device(struct bel_cell cell)
{
	size_t digits = 0;

	while (digits < cell.length && (uint8_t)(cell.text[digits] - '0') <= 9)
		digits++;
	return digits && digits < cell.length && cell.text[digits] == ',' &&
	       bel_cell_is_digits(
		       (struct bel_cell){cell.text + digits + 1, cell.length - digits - 1});
}

/* The totals after the events, and the lines that blkparse prints before them. */
static bool is_summary(struct bel_line line)
{
	static const char *const starts[] = {"CPU", "Total (", "Throughput (", "Events (",
		"Skips:", "Reads ", "Read ", "PC Reads ", "IO unplugs:", "Input file "};
	const struct bel_cell rest = {
		bel_text_blanks(line.text), (size_t)(line.end - bel_text_blanks(line.text))};

	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (bel_cell_starts(rest, starts[i]))
			return true;
	return false;
}

/* BEL_LOAD, BEL_STORE, or -1: a discard, a flush, or no data at all. */
static int kind_of(struct bel_cell rwbs)
{
	for (size_t i = 0; i < rwbs.length; i++) {
		if (rwbs.text[i] == 'D' || rwbs.text[i] == 'N')
			return -1;
		if (rwbs.text[i] == 'R')
			return BEL_LOAD;
		if (rwbs.text[i] == 'W')
			return BEL_STORE;
	}
	return -1;
}

static bool parse_request(const struct bel_cell *cell, unsigned count, struct bel_line line,
	struct bel_record *record, struct bel_fault *fault)
{
	const int kind = kind_of(cell[RWBS]);
	uint64_t sector, sectors, start, length;

	/* A flush without data has no sectors; a passthrough command has its bytes in brackets. */
	if (kind < 0 || (count > SECTOR && bel_cell_starts(cell[SECTOR], "[")) ||
		(count > PLUS && bel_cell_starts(cell[PLUS], "(")))
		return true;
	if (count <= SECTORS || !bel_cell_is(cell[PLUS], "+"))
		return bel_fault_say(
			fault, bel_line_cell(line), "no 'sector + sectors' after the RWBS");
	if (!bel_cell_need_decimal(cell, SECTOR, "sector", &sector, fault) ||
		!bel_cell_need_decimal(cell, SECTORS, "sectors", &sectors, fault))
		return false;
	record->space = cell[DEVICE];
	return bel_record_sector(sector, &start, cell[SECTOR], fault) &&
	       bel_record_sector(sectors, &length, cell[SECTORS], fault) &&
	       bel_record_request(record, (uint8_t)kind, start, length, cell[SECTORS], fault);
}

static bool parse(
	void *state, struct bel_line line, struct bel_record *record, struct bel_fault *fault)
{
	struct blkparse *const blkparse = state;
	struct bel_cell cell[CELLS];
	const unsigned count = bel_cells_split(line.text, line.end, ' ', cell, CELLS);
	char action;

	if (!is_device(cell[DEVICE]) && is_summary(line))
		return true;
	if (count <= RWBS || !is_device(cell[DEVICE]) || !bel_cell_is_digits(cell[CPU]) ||
		!bel_cell_is_digits(cell[SEQUENCE]) || !bel_cell_is_seconds(cell[TIME]) ||
		!bel_cell_is_digits(cell[PID]))
		return bel_fault_say(fault, bel_line_cell(line),
			"not 'device cpu sequence time pid action RWBS sector + sectors'");
	action = cell[ACTION].length == 1 ? (char)*cell[ACTION].text : '\0';
	if (action == 'Q' || action == 'D' || action == 'C') {
		blkparse->seen_q |= action == 'Q';
		blkparse->seen_d |= action == 'D';
		if (!blkparse->action || action == blkparse->action)
			return parse_request(cell, count, line, record, fault);
	}
	return true;
}

static enum bel_probe_verdict probe(struct bel_probe *probe)
{
	struct blkparse blkparse = {.action = 0};

	return bel_lines_probe(
		probe, parse, &blkparse, "'device cpu sequence time pid action RWBS ...'");
}

static void *open_blkparse(
	struct bel_input *input, const struct bel_format_options *options, struct bel_err *err)
{
	struct blkparse seen = {.action = 0};
	struct bel_lines_look look;
	void *reader;

	if (bel_input_fill(input, LOOK, err) < 0 && !input->have)
		return NULL;
	bel_lines_look(&look, input->data, input->have < LOOK ? input->have : LOOK,
		input->ended && input->have <= LOOK, parse, &seen);
	reader = bel_lines_open(input, options, parse, sizeof(struct blkparse), err);
	if (reader)
		((struct blkparse *)bel_lines_state(reader))->action = seen.seen_q   ? 'Q'
								       : seen.seen_d ? 'D'
										     : 'C';
	return reader;
}

static const struct bel_format blkparse_format = {
	.name = "blkparse",
	.title = "text of blkparse: requests queued (Q), else issued (D), else completed (C)",
	.example = "8,64 3 1 0.000000000 4162 Q RM 73992 + 8 [fs_mark]",
	.suffixes = ".blkparse",
	.caps = BEL_FORMAT_WRITES | BEL_FORMAT_SIZES | BEL_FORMAT_EVENTS,
	.probe = probe,
	.open = open_blkparse,
	.read = bel_lines_read,
	.tally = bel_lines_tally,
	.close = bel_lines_close,
};
BEL_FORMAT(blkparse_format);
