/* SPDX-License-Identifier: MIT */
/*
 * format_msr.c: the block traces of Microsoft Research Cambridge (FAST 2008):
 *
 *	Timestamp,Hostname,DiskNumber,Type,Offset,Size,ResponseTime
 *	128166372003061629,usr,0,Read,7014609920,24576,41286
 *
 * Offset and size are in bytes; each disk of each host is a separate address space.
 *
 * Source: README of "MSR Cambridge Traces", SNIA IOTTA repository.
 */
#include "lines.h"

/* Some copies begin with this line. */
#define HEAD "Timestamp,Hostname,DiskNumber,Type,Offset,Size,ResponseTime"

static bool parse(
	void *state, struct bel_line line, struct bel_record *record, struct bel_fault *fault)
{
	struct bel_cell cell[7];
	const unsigned count = bel_cells_split(line.text, line.end, ',', cell, 7);
	uint64_t time, disk, offset, size, response;
	bool write;

	(void)state;
	if (bel_cell_is(bel_line_cell(line), HEAD))
		return true;
	if (count != 7)
		return bel_fault_say(fault, bel_line_cell(line), "not '" HEAD "'");
	write = bel_cell_is(cell[3], "write");
	if (!bel_cell_need_decimal(cell, 0, "Timestamp", &time, fault))
		return false;
	if (!cell[1].length)
		return bel_fault_say(fault, cell[1], "column 2 (Hostname) is empty");
	if (!bel_cell_need_decimal(cell, 2, "DiskNumber", &disk, fault))
		return false;
	if (!write && !bel_cell_is(cell[3], "read"))
		return bel_fault_say(fault, cell[3], "column 4 (Type) is neither Read nor Write");
	if (!bel_cell_need_decimal(cell, 4, "Offset", &offset, fault) ||
		!bel_cell_need_decimal(cell, 5, "Size", &size, fault) ||
		!bel_cell_need_decimal(cell, 6, "ResponseTime", &response, fault))
		return false;
	/* Host and disk are adjacent cells: the name is "usr,0". */
	record->space.text = cell[1].text;
	record->space.length = (size_t)(cell[2].text + cell[2].length - cell[1].text);
	return bel_record_request(
		record, write ? BEL_STORE : BEL_LOAD, offset, size, cell[5], fault);
}

static enum bel_probe_verdict probe(struct bel_probe *probe)
{
	return bel_lines_probe(probe, parse, NULL, "'time,host,disk,Read|Write,offset,size,time'");
}

static void *open_msr(
	struct bel_input *input, const struct bel_format_options *options, struct bel_err *err)
{
	return bel_lines_open(input, options, parse, 0, err);
}

static const struct bel_format msr = {
	.name = "msr",
	.title = "MSR Cambridge block trace: 'time,host,disk,Read|Write,offset,size,time' per line",
	.example = "128166372003061629,usr,0,Read,7014609920,24576,41286",
	.caps = BEL_FORMAT_WRITES | BEL_FORMAT_SIZES | BEL_FORMAT_EVENTS,
	.probe = probe,
	.open = open_msr,
	.read = bel_lines_read,
	.tally = bel_lines_tally,
	.close = bel_lines_close,
};
BEL_FORMAT(msr);
