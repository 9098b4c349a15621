/* SPDX-License-Identifier: MIT */
/*
 * format_pinatrace.c: the output of Pin's example tool pinatrace:
 *
 *	0x7f3a12c4b100: R 0x7ffd54a01c58
 *	0x7f3a12c4b104: W 0x7ffd54a01c50
 *	#eof
 *
 * The first address is that of the instruction. It is not counted as a fetch, because the file
 * has only instructions that access memory. The longer form has the size, in decimal, and the
 * value after the address; in the short form the size is one byte.
 *
 * Source: Pin User Guide, "Memory Reference Trace"; SimpleExamples/pinatrace.cpp.
 */
#include "lines.h"

static bool parse(
	void *state, struct bel_line line, struct bel_record *record, struct bel_fault *fault)
{
	struct bel_cell cell[5];
	const unsigned count = bel_cells_split(line.text, line.end, ' ', cell, 5);
	uint64_t instruction, address, size = 1;
	bool write;

	(void)state;
	if (count < 3 || cell[0].text[cell[0].length - 1] != ':')
		return bel_fault_say(fault, bel_line_cell(line), "not 'instruction: R|W address'");
	cell[0].length--;
	write = bel_cell_is(cell[1], "w");
	if (!bel_cell_to_hex(cell[0], &instruction))
		return bel_fault_say(
			fault, cell[0], "column 1 (instruction) is not a hexadecimal address");
	if (!write && !bel_cell_is(cell[1], "r"))
		return bel_fault_say(fault, cell[1], "column 2 is neither R nor W");
	if (!bel_cell_to_hex(cell[2], &address))
		return bel_fault_say(
			fault, cell[2], "column 3 (address) is not a hexadecimal address");
	if (count > 3 && !bel_cell_need_decimal(cell, 3, "size", &size, fault))
		return false;
	return bel_record_request(record, write ? BEL_STORE : BEL_LOAD, address, size,
		cell[count > 3 ? 3 : 2], fault);
}

static enum bel_probe_verdict probe(struct bel_probe *probe)
{
	return bel_lines_probe(probe, parse, NULL, "'instruction: R|W address'");
}

static void *open_pinatrace(
	struct bel_input *input, const struct bel_format_options *options, struct bel_err *err)
{
	return bel_lines_open(input, options, parse, 0, err);
}

static const struct bel_format pinatrace = {
	.name = "pinatrace",
	.title = "Pin's pinatrace: 'instruction: R|W address' per line",
	.example = "0x7f3a12c4b100: R 0x7ffd54a01c58",
	.caps = BEL_FORMAT_WRITES | BEL_FORMAT_SIZES,
	.probe = probe,
	.open = open_pinatrace,
	.read = bel_lines_read,
	.tally = bel_lines_tally,
	.close = bel_lines_close,
};
BEL_FORMAT(pinatrace);
