/* SPDX-License-Identifier: MIT */
/*
 * format_fio_iolog.c: the files that fio writes with write_iolog and replays with read_iolog.
 *
 *	fio version 2 iolog		fio version 3 iolog
 *	/dev/sdb add			0 /dev/sdb add
 *	/dev/sdb open			1 /dev/sdb open
 *	/dev/sdb write 4096 8192	7 /dev/sdb write 4096 8192
 *
 * Offset and length are in bytes; version 3 has a time in the first column. Reads and writes
 * are references; open, close, wait, sync and trim are noise. Each file is a separate address
 * space.
 *
 * Source: fio(1), "Trace file format".
 */
#include "lines.h"

struct iolog {
	unsigned version; /* 0: the first line was not read yet */
};

static bool parse_head(struct iolog *iolog, struct bel_line line, struct bel_fault *fault)
{
	const struct bel_cell head = bel_line_cell(line);

	if (bel_cell_is(head, "fio version 2 iolog"))
		iolog->version = 2;
	else if (bel_cell_is(head, "fio version 3 iolog"))
		iolog->version = 3;
	else
		return bel_fault_say(fault, head,
			"not the first line of an iolog, 'fio version 2 iolog' or "
			"'fio version 3 iolog'");
	return true;
}

static bool is_one_of(struct bel_cell cell, const char *const *words)
{
	for (; *words; words++)
		if (bel_cell_is(cell, *words))
			return true;
	return false;
}

static bool parse(
	void *state, struct bel_line line, struct bel_record *record, struct bel_fault *fault)
{
	static const char *const others[] = {"add", "open", "close", "wait", "sync", "datasync",
		"sync_file_range", "trim", NULL};
	struct iolog *const iolog = state;
	const unsigned file = iolog->version == 3;
	struct bel_cell cell[5];
	const unsigned count = bel_cells_split(line.text, line.end, ' ', cell, 5);
	uint64_t time, offset, length;
	bool write;

	if (!iolog->version)
		return parse_head(iolog, line, fault);
	if (file && !bel_cell_need_decimal(cell, 0, "timestamp", &time, fault))
		return false;
	if (count < file + 2)
		return bel_fault_say(fault, bel_line_cell(line), "no action");
	if (is_one_of(cell[file + 1], others))
		return true;
	write = bel_cell_is(cell[file + 1], "write");
	if (!write && !bel_cell_is(cell[file + 1], "read"))
		return bel_fault_say(fault, cell[file + 1],
			"column %u (action) is not an action of fio", file + 2);
	if (count != file + 4)
		return bel_fault_say(fault, bel_line_cell(line), "not 'file action offset length'");
	if (!bel_cell_need_decimal(cell, file + 2, "offset", &offset, fault) ||
		!bel_cell_need_decimal(cell, file + 3, "length", &length, fault))
		return false;
	record->space = cell[file];
	return bel_record_request(
		record, write ? BEL_STORE : BEL_LOAD, offset, length, cell[file + 3], fault);
}

static enum bel_probe_verdict probe(struct bel_probe *probe)
{
	struct iolog iolog = {.version = 0};
	struct bel_lines_look look;

	bel_lines_look(&look, probe->data, probe->have, probe->whole, parse, &iolog);
	return iolog.version ? bel_probe_say(probe, BEL_PROBE_CERTAIN,
				       "it begins with 'fio version %u iolog'", iolog.version)
			     : bel_probe_say(probe, BEL_PROBE_NO,
				       "it does not begin with 'fio version 2 iolog' or 3");
}

static void *open_iolog(
	struct bel_input *input, const struct bel_format_options *options, struct bel_err *err)
{
	return bel_lines_open(input, options, parse, sizeof(struct iolog), err);
}

static const struct bel_format fio_iolog = {
	.name = "fio-iolog",
	.title = "fio's iolog, versions 2 and 3: 'file action offset length' per line",
	.example = "fio version 3 iolog",
	.suffixes = ".iolog",
	.caps = BEL_FORMAT_WRITES | BEL_FORMAT_SIZES | BEL_FORMAT_EVENTS,
	.probe = probe,
	.open = open_iolog,
	.read = bel_lines_read,
	.tally = bel_lines_tally,
	.close = bel_lines_close,
};
BEL_FORMAT(fio_iolog);
