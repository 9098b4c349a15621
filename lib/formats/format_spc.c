/* SPDX-License-Identifier: MIT */
/*
 * format_spc.c: the trace format of the Storage Performance Council. The Financial and WebSearch
 * traces published by UMass use it:
 *
 *	ASU,LBA,size,opcode,timestamp
 *	0,20941264,8192,W,0.551706
 *
 * The logical block address counts sectors of 512 bytes on the application storage unit (ASU);
 * each ASU is a separate address space. The size is in bytes. Optional fields after the timestamp
 * are ignored.
 *
 * Source: "SPC Trace File Format Specification", revision 1.0.1.
 */
#include <string.h>

#include "lines.h"

static bool parse(
	void *state, struct bel_line line, struct bel_record *record, struct bel_fault *fault)
{
	struct bel_cell cell[5];
	const unsigned count = bel_cells_split(line.text, line.end, ',', cell, 5);
	uint64_t unit, sector, size, start;
	bool write;

	(void)state;
	if (count < 5)
		return bel_fault_say(
			fault, bel_line_cell(line), "not 'ASU,LBA,size,opcode,timestamp'");
	write = bel_cell_is(cell[3], "w");
	if (!bel_cell_need_decimal(cell, 0, "ASU", &unit, fault) ||
		!bel_cell_need_decimal(cell, 1, "LBA", &sector, fault) ||
		!bel_cell_need_decimal(cell, 2, "size", &size, fault))
		return false;
	if (!write && !bel_cell_is(cell[3], "r"))
		return bel_fault_say(fault, cell[3], "column 4 (opcode) is neither R nor W");
	if (!bel_cell_is_seconds(cell[4]))
		return bel_fault_say(fault, cell[4], "column 5 (timestamp) is not in seconds");
	record->space = cell[0];
	return bel_record_sector(sector, &start, cell[1], fault) &&
	       bel_record_request(
		       record, write ? BEL_STORE : BEL_LOAD, start, size, cell[2], fault);
}

static enum bel_probe_verdict probe(struct bel_probe *probe)
{
	return bel_lines_probe(probe, parse, NULL, "'ASU,LBA,size,R|W,seconds'");
}

static void *open_spc(
	struct bel_input *input, const struct bel_format_options *options, struct bel_err *err)
{
	return bel_lines_open(input, options, parse, 0, err);
}

static const struct bel_format spc = {
	.name = "spc",
	.title = "SPC block trace: 'ASU,LBA,size,opcode,timestamp' per line",
	.example = "0,20941264,8192,W,0.551706",
	.suffixes = ".spc",
	.caps = BEL_FORMAT_WRITES | BEL_FORMAT_SIZES | BEL_FORMAT_EVENTS,
	.probe = probe,
	.open = open_spc,
	.read = bel_lines_read,
	.tally = bel_lines_tally,
	.close = bel_lines_close,
};
BEL_FORMAT(spc);
