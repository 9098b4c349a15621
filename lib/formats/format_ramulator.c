/* SPDX-License-Identifier: MIT */
/*
 * format_ramulator.c: Ramulator's CPU traces (Ramulator 2 calls them SimpleO3):
 *
 *	3 20734016		3 instructions, then a read
 *	6 20734208 20841280	6 instructions, a read, and a write of the line that it evicts
 *
 * Addresses are byte addresses, decimal or 0x; the numbers of instructions are ignored.
 *
 * Two or three columns of numbers may be many formats. This one is possible if all addresses are
 * addresses of cache lines, above the first page. It is likely if some lines have two columns and
 * others three. Ramulator's traces of memory requests ('0x1000 R', 'LD 0x1000') are other formats.
 *
 * Source: README.md of github.com/CMU-SAFARI/ramulator, "CPU Trace Driven".
 */
#include "lines.h"

enum { LINE_BYTES = 64, PAGE_BYTES = 4096 };

struct ramulator {
	bool odd_address; /* an address was not that of a cache line */
	bool two, three;  /* some lines had two, or three, columns */
};

static bool need_address(const struct bel_cell *cell, unsigned at, struct bel_access *access,
	struct bel_fault *fault)
{
	if (bel_cell_starts(cell[at], "0x") && bel_cell_to_hex(cell[at], &access->address))
		return true;
	return bel_cell_need_decimal(cell, at, "address", &access->address, fault);
}

static bool parse(
	void *state, struct bel_line line, struct bel_record *record, struct bel_fault *fault)
{
	struct ramulator *const ramulator = state;
	struct bel_cell cell[3];
	const unsigned count = bel_cells_split(line.text, line.end, ' ', cell, 3);
	uint64_t instructions;

	if (count < 2 || count > 3)
		return bel_fault_say(fault, bel_line_cell(line), "not 'instructions read [write]'");
	if (!bel_cell_need_decimal(cell, 0, "instructions", &instructions, fault))
		return false;
	for (unsigned i = 1; i < count; i++) {
		struct bel_access *const access = &record->access[i - 1];

		access->size = 1;
		access->kind = i == 1 ? BEL_LOAD : BEL_STORE;
		if (!need_address(cell, i, access, fault))
			return false;
		ramulator->odd_address |=
			access->address % LINE_BYTES || access->address < PAGE_BYTES;
	}
	ramulator->two |= count == 2;
	ramulator->three |= count == 3;
	record->count = count - 1;
	return true;
}

static enum bel_probe_verdict probe(struct bel_probe *probe)
{
	struct ramulator ramulator = {.odd_address = false};
	const enum bel_probe_verdict verdict =
		bel_lines_probe(probe, parse, &ramulator, "'instructions read [write]'");

	if (verdict == BEL_PROBE_NO)
		return verdict;
	if (ramulator.odd_address)
		return bel_probe_say(probe, BEL_PROBE_NO, "an address is not that of a cache line");
	return verdict == BEL_PROBE_CERTAIN && ramulator.two && ramulator.three
		       ? BEL_PROBE_LIKELY
		       : BEL_PROBE_POSSIBLE;
}

static void *open_ramulator(
	struct bel_input *input, const struct bel_format_options *options, struct bel_err *err)
{
	return bel_lines_open(input, options, parse, sizeof(struct ramulator), err);
}

static const struct bel_format ramulator_format = {
	.name = "ramulator",
	.title = "Ramulator's CPU traces: 'instructions read [write]' per line",
	.example = "6 20734208 20841280",
	.caps = BEL_FORMAT_WRITES,
	.probe = probe,
	.open = open_ramulator,
	.read = bel_lines_read,
	.tally = bel_lines_tally,
	.close = bel_lines_close,
};
BEL_FORMAT(ramulator_format);
