/* SPDX-License-Identifier: MIT */
/*
 * format_alibaba.c: Alibaba's block traces of 2020 (io_traces.csv):
 *
 *	device_id,opcode,offset,length,timestamp
 *	419,W,8792731648,16384,1577808144360767
 *
 * Offset and length are in bytes; each device is a separate address space.
 *
 * Source: README of github.com/alibaba/block-traces.
 */
#include "lines.h"

/* Some copies begin with this line. */
#define HEAD "device_id,opcode,offset,length,timestamp"

static bool parse(
	void *state, struct bel_line line, struct bel_record *record, struct bel_fault *fault)
{
	struct bel_cell cell[5];
	const unsigned count = bel_cells_split(line.text, line.end, ',', cell, 5);
	uint64_t device, offset, length, time;
	bool write;

	(void)state;
	if (bel_cell_is(bel_line_cell(line), HEAD))
		return true;
	if (count != 5)
		return bel_fault_say(fault, bel_line_cell(line), "not '" HEAD "'");
	write = bel_cell_is(cell[1], "w");
	if (!bel_cell_need_decimal(cell, 0, "device_id", &device, fault))
		return false;
	if (!write && !bel_cell_is(cell[1], "r"))
		return bel_fault_say(fault, cell[1], "column 2 (opcode) is neither R nor W");
	if (!bel_cell_need_decimal(cell, 2, "offset", &offset, fault) ||
		!bel_cell_need_decimal(cell, 3, "length", &length, fault) ||
		!bel_cell_need_decimal(cell, 4, "timestamp", &time, fault))
		return false;
	record->space = cell[0];
	return bel_record_request(
		record, write ? BEL_STORE : BEL_LOAD, offset, length, cell[3], fault);
}

static enum bel_probe_verdict probe(struct bel_probe *probe)
{
	return bel_lines_probe(probe, parse, NULL, "'device,R|W,offset,length,time'");
}

static void *open_alibaba(
	struct bel_input *input, const struct bel_format_options *options, struct bel_err *err)
{
	return bel_lines_open(input, options, parse, 0, err);
}

static const struct bel_format alibaba = {
	.name = "alibaba",
	.title = "Alibaba block trace: 'device,R|W,offset,length,time' per line",
	.example = "419,W,8792731648,16384,1577808144360767",
	.caps = BEL_FORMAT_WRITES | BEL_FORMAT_SIZES | BEL_FORMAT_EVENTS,
	.probe = probe,
	.open = open_alibaba,
	.read = bel_lines_read,
	.tally = bel_lines_tally,
	.close = bel_lines_close,
};
BEL_FORMAT(alibaba);
