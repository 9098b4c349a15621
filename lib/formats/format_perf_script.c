/* SPDX-License-Identifier: MIT */
/*
 * format_perf_script.c: samples of memory accesses, printed by perf.
 *
 * perf script, for a recording with addresses (perf mem record, perf record -d):
 *
 *	ls 14753 [011] 3678.07: 1 cpu/mem-loads,ldlat=30/P: 7ffdf1391b0c 10268100142
 *	  |OP LOAD|LVL L1 hit|... 7fad7c47425d g_free+0x1d (/usr/lib/libglib.so)   (one line)
 *
 * The address is the hexadecimal number after the event. After it comes another number, a data
 * source, or nothing. If one number and a symbol follow the event, the sample has no address,
 * which is an error. perf mem report -D:
 *
 *	# PID, TID, IP, ADDR, LOCAL WEIGHT, DSRC, SYMBOL
 *	20134 20134 0xffffffffb5bd2fd0 0x7ffd0e96a308 1168 0x5080144 /bin/ls:main
 *
 * The data source gives the kind: loads, stores and fetches are references, prefetches and samples
 * without address are noise. If it gives no kind, an event with "store" in its name is a store, any
 * other a load. Processes are address spaces if the lines have them ("123/124", with -F +pid);
 * several threads of unknown processes are refused. The instruction's own address is not counted as
 * a fetch, because most instructions are not sampled.
 *
 * Source: perf-script(1), perf-mem(1), linux/perf_event.h (union perf_mem_data_src).
 */
#include <string.h>
#include <strings.h>

#include "lines.h"

enum { CELLS = 24 };

struct perf {
	bool has_thread; /* a thread of an unknown process was seen */
	uint64_t thread;
};

/* Bits of perf_mem_data_src.mem_op. */
enum { OP_NA = 0x1, OP_LOAD = 0x2, OP_STORE = 0x4, OP_EXEC = 0x10 };

/* The data source does not give the kind; the sample is not an access. */
enum { KIND_UNKNOWN = -1, KIND_NONE = -2 };

static int kind_of_bits(uint64_t source)
{
	if (source & OP_NA)
		return KIND_UNKNOWN;
	if (source & OP_LOAD)
		return BEL_LOAD;
	if (source & OP_STORE)
		return BEL_STORE;
	return source & OP_EXEC ? BEL_FETCH : KIND_NONE;
}

/* "LOAD|LVL": the text after "|OP". */
static int kind_of_word(struct bel_cell cell)
{
	if (bel_cell_starts(cell, "LOAD"))
		return BEL_LOAD;
	if (bel_cell_starts(cell, "STORE"))
		return BEL_STORE;
	if (bel_cell_starts(cell, "N/A"))
		return KIND_UNKNOWN;
	return bel_cell_starts(cell, "EXEC") ? BEL_FETCH : KIND_NONE;
}

static int kind_of_event(struct bel_cell event)
{
	for (size_t i = 0; i + 5 <= event.length; i++)
		if (!strncasecmp((const char *)event.text + i, "store", 5))
			return BEL_STORE;
	return BEL_LOAD;
}

/* Hexadecimal without 0x, as perf prints addresses. */
static bool is_hex(struct bel_cell cell, uint64_t *value)
{
	return !bel_cell_starts(cell, "0x") && bel_cell_to_hex(cell, value);
}

/* An instruction's address, not a symbol like "add": it has a decimal digit. */
static bool is_address(struct bel_cell cell)
{
	uint64_t value;

	if (!is_hex(cell, &value))
		return false;
	for (size_t i = 0; i < cell.length; i++)
		if ((uint8_t)(cell.text[i] - '0') <= 9)
			return true;
	return false;
}

static bool put(struct bel_record *record, int kind, int otherwise, uint64_t address)
{
	if (kind == KIND_UNKNOWN)
		kind = address ? otherwise : KIND_NONE;
	if (kind >= 0)
		record->access[record->count++] = (struct bel_access){address, 1, (uint8_t)kind};
	return true;
}

/* "pid tid 0xip 0xaddress ... 0xsource dso:symbol" */
static bool is_mem_report(const struct bel_cell *cell, unsigned count)
{
	return count >= 6 && bel_cell_is_digits(cell[0]) && bel_cell_is_digits(cell[1]) &&
	       bel_cell_starts(cell[2], "0x") && bel_cell_starts(cell[3], "0x");
}

static bool parse_mem_report(
	struct bel_cell *cell, unsigned count, struct bel_record *record, struct bel_fault *fault)
{
	uint64_t address, source;
	unsigned at = count < 8 ? count - 1 : 7;

	/* After the weight; before it there may be a physical address and a page size. */
	while (at > 4 && !bel_cell_starts(cell[at], "0x"))
		at--;
	if (!bel_cell_need_decimal(cell, 1, "TID", &record->thread, fault))
		return false;
	/* By a mistake in its format string, perf prints "0x016" before the digits of the first
	 * sample; other numbers have no leading zeros. */
	if (cell[3].length > 5 && bel_cell_starts(cell[3], "0x016")) {
		cell[3].text += 5;
		cell[3].length -= 5;
	}
	if (!bel_cell_to_hex(cell[3], &address))
		return bel_fault_say(fault, cell[3], "column 4 (ADDR) is not hexadecimal");
	if (at == 4 || !bel_cell_to_hex(cell[at], &source))
		return bel_fault_say(fault, cell[at], "no data source (DSRC), hexadecimal with 0x");
	record->space = cell[0];
	record->has_thread = true;
	return put(record, kind_of_bits(source), BEL_LOAD, address);
}

/* The index of the cell with the event: it ends in ':', and a number follows; `count`: none. */
static unsigned find_event(const struct bel_cell *cell, unsigned count)
{
	unsigned time = 0;
	uint64_t value;

	for (unsigned i = 0; i < count; i++) {
		struct bel_cell name = cell[i];

		if (name.text[name.length - 1] != ':')
			continue;
		name.length--;
		if (bel_cell_is_seconds(name)) {
			time = i;
			continue;
		}
		/* Without a time, accept only a text that cannot be a command or a label. */
		if (i + 1 < count && is_hex(cell[i + 1], &value) && !bel_cell_is_digits(name) &&
			(time || memchr(name.text, '/', name.length) ||
				memchr(name.text, '-', name.length) ||
				memchr(name.text, '.', name.length)))
			return i;
	}
	return count;
}

/* "pid/tid", or only a thread before the CPU or the time. */
static bool take_process(struct perf *perf, const struct bel_cell *cell, unsigned event,
	struct bel_record *record, struct bel_fault *fault)
{
	for (unsigned i = event; i-- > 0;) {
		const uint8_t *const slash = memchr(cell[i].text, '/', cell[i].length);
		struct bel_cell pid = cell[i], tid = cell[i];

		if (slash) {
			pid.length = (size_t)(slash - pid.text);
			tid.text = slash + 1;
			tid.length -= pid.length + 1;
			if (!bel_cell_is_digits(pid) || !bel_cell_to_decimal(tid, &record->thread))
				continue;
			record->space = pid;
			record->has_thread = true;
			return true;
		}
		/* The period follows the time. */
		if (i + 1 >= event ||
			(*cell[i + 1].text != '[' &&
				cell[i + 1].text[cell[i + 1].length - 1] != ':') ||
			!bel_cell_to_decimal(cell[i], &record->thread))
			continue;
		if (perf->has_thread && perf->thread != record->thread)
			return bel_fault_say(fault, cell[i],
				"a second thread, and its process is not known; use 'perf script "
				"-F +pid'");
		perf->has_thread = true;
		perf->thread = record->thread;
		return true;
	}
	return true;
}

/* Callchains, and events of the recording itself. */
static bool is_noise(const struct bel_cell *cell, unsigned count, struct bel_line line)
{
	if (count > 1 && is_address(cell[0]) && line.text < cell[0].text)
		return true;
	for (unsigned i = 0; i < count && i < CELLS; i++)
		if (bel_cell_starts(cell[i], "PERF_RECORD_"))
			return true;
	return false;
}

static bool parse(
	void *state, struct bel_line line, struct bel_record *record, struct bel_fault *fault)
{
	struct bel_cell cell[CELLS];
	unsigned count = bel_cells_split(line.text, line.end, ' ', cell, CELLS), event;
	uint64_t address;
	bool source;

	if (count > CELLS)
		count = CELLS;
	if (is_mem_report(cell, count))
		return parse_mem_report(cell, count, record, fault);
	event = find_event(cell, count);
	if (event == count && is_noise(cell, count, line))
		return true;
	if (event == count)
		return bel_fault_say(fault, bel_line_cell(line),
			"no event followed by an address; record with 'perf mem record'");
	is_hex(cell[event + 1], &address);
	source = event + 4 < count && is_hex(cell[event + 2], &(uint64_t){0}) &&
		 bel_cell_is(cell[event + 3], "|OP");
	if (!source && event + 2 < count && !is_address(cell[event + 2]))
		return bel_fault_say(fault, cell[event],
			"a sample without data address: record with 'perf mem record' or -d, "
			"print with 'perf script -F +addr'");
	return take_process(state, cell, event, record, fault) &&
	       put(record, source ? kind_of_word(cell[event + 4]) : KIND_UNKNOWN,
		       kind_of_event(cell[event]), address);
}

static enum bel_probe_verdict probe(struct bel_probe *probe)
{
	struct perf perf = {.has_thread = false};

	return bel_lines_probe(probe, parse, &perf, "a sample of perf with an address");
}

static void *open_perf(
	struct bel_input *input, const struct bel_format_options *options, struct bel_err *err)
{
	return bel_lines_open(input, options, parse, sizeof(struct perf), err);
}

static const struct bel_format perf_script = {
	.name = "perf-script",
	.title = "samples with addresses as perf script or perf mem report -D print them",
	.example = "ls 14753 [011] 3678.07: 1 cpu/mem-loads/P: 7ffdf1391b0c 7fad7c47425d main+0x1d "
		   "(/bin/ls)",
	.caps = BEL_FORMAT_KINDS | BEL_FORMAT_WRITES | BEL_FORMAT_EVENTS,
	.probe = probe,
	.open = open_perf,
	.read = bel_lines_read,
	.tally = bel_lines_tally,
	.close = bel_lines_close,
};
BEL_FORMAT(perf_script);
