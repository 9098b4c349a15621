/* SPDX-License-Identifier: MIT */
/*
 * format_tencent.c: the traces of Tencent's cloud block storage (ATC 2020):
 *
 *	Timestamp,Offset,Size,IOType,VolumeID
 *	1538323200,12910952,128,0,1063
 *
 * Offset and size count sectors of 512 bytes; type 0 reads, 1 writes; each volume is a
 * separate address space.
 *
 * Five columns of numbers may be many formats. This one is likely if the first column is a time in
 * seconds since 1970 and the fourth is 0 or 1. It is possible if only the fourth column matches.
 *
 * Source: README of "Tencent Block Storage Traces", SNIA IOTTA repository.
 */
#include "lines.h"

/* Some copies begin with this line. */
#define HEAD "Timestamp,Offset,Size,IOType,VolumeID"

/* Whether the first column of all lines is a time of these decades. */
struct tencent {
	bool other_times;
};

static bool parse(
	void *state, struct bel_line line, struct bel_record *record, struct bel_fault *fault)
{
	struct tencent *const tencent = state;
	struct bel_cell cell[5];
	const unsigned count = bel_cells_split(line.text, line.end, ',', cell, 5);
	uint64_t time, sector, sectors, type, volume, start, length;

	if (bel_cell_is(bel_line_cell(line), HEAD))
		return true;
	if (count != 5)
		return bel_fault_say(fault, bel_line_cell(line), "not '" HEAD "'");
	if (!bel_cell_need_decimal(cell, 0, "Timestamp", &time, fault) ||
		!bel_cell_need_decimal(cell, 1, "Offset", &sector, fault) ||
		!bel_cell_need_decimal(cell, 2, "Size", &sectors, fault) ||
		!bel_cell_need_decimal(cell, 3, "IOType", &type, fault) ||
		!bel_cell_need_decimal(cell, 4, "VolumeID", &volume, fault))
		return false;
	if (type > 1)
		return bel_fault_say(fault, cell[3], "column 4 (IOType) is neither 0 nor 1");
	tencent->other_times |= time < UINT64_C(1000000000) || time > UINT64_C(9999999999);
	record->space = cell[4];
	return bel_record_sector(sector, &start, cell[1], fault) &&
	       bel_record_sector(sectors, &length, cell[2], fault) &&
	       bel_record_request(
		       record, type ? BEL_STORE : BEL_LOAD, start, length, cell[2], fault);
}

static enum bel_probe_verdict probe(struct bel_probe *probe)
{
	struct tencent tencent = {.other_times = false};
	const enum bel_probe_verdict verdict =
		bel_lines_probe(probe, parse, &tencent, "'time,sector,sectors,0|1,volume'");

	if (verdict == BEL_PROBE_NO)
		return verdict;
	return verdict == BEL_PROBE_CERTAIN && !tencent.other_times ? BEL_PROBE_LIKELY
								    : BEL_PROBE_POSSIBLE;
}

static void *open_tencent(
	struct bel_input *input, const struct bel_format_options *options, struct bel_err *err)
{
	return bel_lines_open(input, options, parse, sizeof(struct tencent), err);
}

static const struct bel_format tencent_format = {
	.name = "tencent",
	.title = "Tencent block trace: 'time,sector,sectors,0|1,volume' per line",
	.example = "1538323200,12910952,128,0,1063",
	.caps = BEL_FORMAT_WRITES | BEL_FORMAT_SIZES | BEL_FORMAT_EVENTS,
	.probe = probe,
	.open = open_tencent,
	.read = bel_lines_read,
	.tally = bel_lines_tally,
	.close = bel_lines_close,
};
BEL_FORMAT(tencent_format);
