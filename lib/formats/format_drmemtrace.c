/* SPDX-License-Identifier: MIT */
/*
 * format_drmemtrace.c: the output of the view tool of DynamoRIO's drmemtrace (drcachesim):
 *
 *	<--record#-> <--instr#->: <---tid---> <record details>
 *	      47445       37770:     2765543 ifetch       5 byte(s) @ 0x0000000000404a7e mov ...
 *	      47446       37770:     2765543 read         8 byte(s) @ 0x00007fdf64e2adc8 by PC ...
 *
 * The thread's column may have the workload ("W0.T2765543"), which is then an address space.
 * Earlier versions print only the thread, at the start of the line ("T342625"). Markers,
 * prefetches, flushes, instructions that are not fetched, continued disassembly, and head and end
 * of the output are noise.
 *
 * Source: DynamoRIO, "Tools: View", and the tool's output (clients/drcachesim/tools).
 */
#include "lines.h"

enum { PREFIX = 3, CELLS = 12 };

/* Digits, and what versions of the tool print around them: "37770:", "T342625", "W0.T292". */
static bool is_prefix(struct bel_cell cell)
{
	bool digits = false;

	for (size_t i = 0; i < cell.length; i++) {
		const uint8_t c = cell.text[i];

		digits |= (uint8_t)(c - '0') <= 9;
		if ((uint8_t)(c - '0') > 9 && c != ':' && c != '.' && c != 'T' && c != 'W')
			return false;
	}
	return digits;
}

static unsigned prefix_length(const struct bel_cell *cell, unsigned count)
{
	unsigned n = 0;

	while (n < count && n < PREFIX && is_prefix(cell[n]))
		n++;
	return n;
}

/* "2765543", "T2765543" or "W0.T2765543", whose first part names the address space. */
static bool take_thread(struct bel_cell cell, struct bel_record *record, struct bel_fault *fault)
{
	struct bel_cell number = cell;

	if (*cell.text == 'W') {
		while (number.length && *number.text != '.') {
			number.text++;
			number.length--;
		}
		record->space = (struct bel_cell){cell.text, cell.length - number.length};
		number.text += number.length > 0;
		number.length -= number.length > 0;
	}
	if (number.length && *number.text == 'T') {
		number.text++;
		number.length--;
	}
	record->has_thread = bel_cell_to_decimal(number, &record->thread);
	return record->has_thread || bel_fault_say(fault, cell, "not a thread number");
}

/* A line with the further bytes of a long instruction. */
static bool is_spill(const struct bel_cell *cell, unsigned count, unsigned from)
{
	uint64_t byte;

	for (unsigned i = from; i < count && i < CELLS; i++)
		if (cell[i].length != 2 || !bel_cell_to_hex(cell[i], &byte))
			return false;
	return from < count;
}

static bool is_frame(struct bel_cell line)
{
	return bel_cell_starts(line, "<") || bel_cell_starts(line, "Output format:") ||
	       bel_cell_starts(line, "------") || bel_cell_starts(line, "View tool results:");
}

/* The kind of a record; -1: it is not a reference; -2: unknown. */
static int kind_of(struct bel_cell name)
{
	if (bel_cell_is(name, "ifetch"))
		return BEL_FETCH;
	if (bel_cell_is(name, "read"))
		return BEL_LOAD;
	if (bel_cell_is(name, "write"))
		return BEL_STORE;
	return bel_cell_starts(name, "pref") || bel_cell_is(name, "iflush") ||
			       bel_cell_is(name, "dflush")
		       ? -1
		       : -2;
}

static bool is_not_fetched(struct bel_line line)
{
	static const char words[] = "non-fetched instruction";
	const struct bel_cell all = bel_line_cell(line);
	const size_t length = sizeof(words) - 1;

	return all.length > length &&
	       bel_cell_is((struct bel_cell){all.text + all.length - length, length}, words);
}

/* cell[0] is the kind: "read 8 byte(s) @ 0x...". */
static bool parse_details(const struct bel_cell *cell, struct bel_line line,
	struct bel_record *record, struct bel_fault *fault)
{
	const int kind = kind_of(cell[0]);
	uint64_t size, address;

	if (kind == -2)
		return bel_fault_say(fault, cell[0], "not a kind of record of the view tool");
	if (kind < 0 || is_not_fetched(line))
		return true;
	if (!bel_cell_to_decimal(cell[1], &size))
		return bel_fault_say(fault, cell[1], "the size is not a decimal number");
	if (!bel_cell_starts(cell[4], "0x") || !bel_cell_to_hex(cell[4], &address))
		return bel_fault_say(fault, cell[4], "the address is not hexadecimal with 0x");
	return bel_record_request(record, (uint8_t)kind, address, size, cell[1], fault);
}

static bool parse(
	void *state, struct bel_line line, struct bel_record *record, struct bel_fault *fault)
{
	struct bel_cell cell[CELLS];
	const unsigned count = bel_cells_split(line.text, line.end, ' ', cell, CELLS);
	const unsigned prefix = prefix_length(cell, count);

	(void)state;
	if (prefix && count >= prefix + 5 && bel_cell_is(cell[prefix + 2], "byte(s)") &&
		bel_cell_is(cell[prefix + 3], "@"))
		return take_thread(cell[prefix - 1], record, fault) &&
		       parse_details(cell + prefix, line, record, fault);
	if (is_frame(bel_line_cell(line)) ||
		(prefix && prefix < count && bel_cell_starts(cell[prefix], "<")) ||
		(prefix == PREFIX && is_spill(cell, count, prefix)) ||
		(prefix == 1 && count > 2 && bel_cell_is(cell[1], ":") &&
			bel_cell_is(cell[2], "total")))
		return true;
	return bel_fault_say(fault, bel_line_cell(line),
		"not 'record instruction: thread kind size byte(s) @ address'");
}

static enum bel_probe_verdict probe(struct bel_probe *probe)
{
	return bel_lines_probe(
		probe, parse, NULL, "'record instruction: thread kind size byte(s) @ address'");
}

static void *open_drmemtrace(
	struct bel_input *input, const struct bel_format_options *options, struct bel_err *err)
{
	return bel_lines_open(input, options, parse, 0, err);
}

static const struct bel_format drmemtrace = {
	.name = "drmemtrace",
	.title = "text of DynamoRIO's drmemtrace view tool",
	.example = "47446 37770: 2765543 read 8 byte(s) @ 0x00007fdf64e2adc8 by PC 0x404a7e",
	.caps = BEL_FORMAT_KINDS | BEL_FORMAT_WRITES | BEL_FORMAT_SIZES | BEL_FORMAT_EVENTS,
	.probe = probe,
	.open = open_drmemtrace,
	.read = bel_lines_read,
	.tally = bel_lines_tally,
	.close = bel_lines_close,
};
BEL_FORMAT(drmemtrace);
