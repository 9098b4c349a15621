/* SPDX-License-Identifier: MIT */
/* report_cost.c: what faults cost in time: from the curves, and of machines that were simulated. */
#include <math.h>

#include "html.h"
#include "report_parts.h"
#include "vm_swap.h"

static const char *const device_name[] = {"hdd", "sata-ssd", "nvme", "zram"};
enum { DEVICES = 4 };

static void device_heads(const struct bel_report_trace *trace, FILE *file,
	const struct bel_vm_device *device[DEVICES])
{
	char text[BEL_HTML_SIZE];

	for (int i = 0; i < DEVICES; i++)
		fprintf(file, "<th scope=\"col\">%s, %s</th>", device_name[i],
			bel_html_time(text, bel_vm_device_ns(device[i], trace->page_bytes, 0)));
}

static void cost_row(const struct bel_report_trace *trace, const struct bel_report_curve *curve,
	double share, FILE *file, const struct bel_vm_device *device[DEVICES])
{
	const size_t at = bel_report_curve_at(curve, fmax(1, floor((double)trace->pages * share)));
	const double compulsory = (double)bel_report_count(curve->record, "compulsory_faults");
	char text[BEL_HTML_SIZE];
	double again;

	if (at == curve->count)
		return;
	again = fmax(0, curve->faults[at] - compulsory);
	fputs("<tr>", file);
	bel_report_cell_text(file, curve->spec);
	fprintf(file, "<td>%s %%</td>", bel_html_real(text, 100 * share));
	bel_report_cell_count(file, (uint64_t)curve->x[at]);
	bel_report_cell_count(file, (uint64_t)again);
	for (int i = 0; i < DEVICES; i++)
		fprintf(file, "<td>%s</td>",
			bel_html_time(
				text, again * bel_vm_device_ns(device[i], trace->page_bytes, 0)));
	fputs("</tr>\n", file);
}

static int from_curves(const struct bel_report_trace *trace, FILE *file, struct bel_err *err)
{
	static const double shares[] = {0.5, 0.25, 0.1};
	const struct bel_vm_device *device[DEVICES];

	for (int i = 0; i < DEVICES; i++) {
		device[i] = bel_vm_device_find(device_name[i], err);
		if (!device[i])
			return BEL_FAIL;
	}
	fputs("<p>A page that left memory is read back from the swap device. The table has the "
	      "time "
	      "that the program waits for these reads, with a part of the memory, on four devices. "
	      "Writing changed pages comes on top.</p>\n<div class=\"wide\"><table>\n<thead><tr>"
	      "<th scope=\"col\" class=\"text\">policy</th><th scope=\"col\">memory</th>"
	      "<th scope=\"col\">frames</th><th scope=\"col\">pages read back</th>",
		file);
	device_heads(trace, file, device);
	fputs("</tr></thead>\n<tbody>\n", file);
	for (size_t s = 0; s < sizeof(shares) / sizeof(*shares); s++)
		for (size_t i = 0; i < trace->curves; i++)
			cost_row(trace, &trace->curve[i], shares[s], file, device);
	fputs("</tbody></table></div>\n", file);
	return BEL_OK;
}

static void put_time(FILE *file, double ns)
{
	char text[BEL_HTML_SIZE];

	fprintf(file, "<td>%s</td>", isnan(ns) ? "-" : bel_html_time(text, ns));
}

/* The policy and the frames of a machine, which each of its rows begins with. */
static void begin_row(const struct bel_record *machine, FILE *file)
{
	const char *const spec = bel_report_text(machine, "spec");
	const uint64_t frames = bel_report_count(machine, "frames");

	fputs("<tr>", file);
	bel_report_cell_text(file, spec ? spec : "");
	if (frames)
		bel_report_cell_count(file, frames);
	else
		fputs("<td>-</td>", file);
}

static void put_share(FILE *file, double share)
{
	char text[BEL_HTML_SIZE];

	if (isnan(share))
		fputs("<td>-</td>", file);
	else
		fprintf(file, "<td>%s %%</td>", bel_html_real(text, 100 * share));
}

static void cost_of(const struct bel_record *machine, FILE *file)
{
	bel_report_cell_count(file, bel_report_count(machine, "faults"));
	bel_report_cell_count(file, bel_report_count(machine, "major_faults"));
	bel_report_cell_count(file, bel_report_count(machine, "writebacks"));
	put_time(file, bel_report_number(machine, "cost.effective_access_ns"));
	put_time(file, bel_report_number(machine, "cost.cpu_ns"));
	put_time(file, bel_report_number(machine, "cost.io_ns"));
	put_share(file, bel_report_number(machine, "cost.cpu_utilisation"));
}

static void kinds_of(const struct bel_record *machine, FILE *file)
{
	static const char *const kind[] = {"zero_fill_faults", "in_frame_faults",
		"copy_on_write_faults", "protection_faults", "file_read_faults", "swap_read_faults",
		"invalid_faults"};

	for (size_t i = 0; i < sizeof(kind) / sizeof(*kind); i++)
		bel_report_cell_count(file, bel_report_count(machine, kind[i]));
}

static void translation_of(const struct bel_record *machine, FILE *file)
{
	const double bytes = bel_report_number(machine, "tables.peak_bytes");
	char text[BEL_HTML_SIZE];

	bel_report_cell_count(file, bel_report_count(machine, "tlb.misses"));
	put_share(file, bel_report_number(machine, "tlb.miss_ratio"));
	bel_report_cell_count(file, bel_report_count(machine, "tlb.walks"));
	bel_report_cell_count(file, bel_report_count(machine, "tlb.walk_references"));
	fprintf(file, "<td>%s</td>", isnan(bytes) ? "-" : bel_html_bytes(text, bytes));
}

/* A table with a row for each machine. `heads`: of the columns that `cells` writes. */
static void machine_table(const struct bel_report_list *list, const char *heads,
	void (*cells)(const struct bel_record *machine, FILE *file), FILE *file)
{
	fprintf(file,
		"<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\" "
		"class=\"text\">policy</th><th scope=\"col\">frames</th>%s</tr></thead>\n"
		"<tbody>\n",
		heads);
	for (size_t i = 0; i < list->count; i++) {
		begin_row(list->record[i], file);
		cells(list->record[i], file);
		fputs("</tr>\n", file);
	}
	fputs("</tbody></table></div>\n", file);
}

#define HEAD(TEXT) "<th scope=\"col\">" TEXT "</th>"

static void machines(const struct bel_report_list *list, FILE *file)
{
	fputs("<h3>The machine</h3>\n<p>bel-vm simulates the whole machine: the translation of "
	      "addresses, the fault handler and the swap device.</p>\n",
		file);
	machine_table(list,
		HEAD("faults") HEAD("major faults") HEAD("write-backs") HEAD("time of a reference")
			HEAD("CPU time") HEAD("device time") HEAD("CPU use"),
		cost_of, file);
	fputs("<p>The faults by kind. Only faults that read a file or swap wait for a device; "
	      "they are the major faults.</p>\n",
		file);
	machine_table(list,
		HEAD("zero fill") HEAD("in a frame") HEAD("copy on write") HEAD("protection")
			HEAD("file read") HEAD("swap read") HEAD("invalid"),
		kinds_of, file);
	fputs("<p>The translation of addresses. A reference that misses the first TLB walks "
	      "through "
	      "the page tables, unless the second TLB has the page. After a fault, it walks "
	      "again.</p>\n",
		file);
	machine_table(list,
		HEAD("TLB misses") HEAD("of references") HEAD("walks")
			HEAD("memory references of walks") HEAD("page tables, at most"),
		translation_of, file);
}

int bel_report_cost(struct bel_report *report, const struct bel_report_trace *trace, FILE *file,
	struct bel_err *err)
{
	int r = BEL_OK;

	(void)report;
	if (!trace->curves && !trace->machines.count)
		return BEL_OK;
	fputs("<section>\n<h2>What the faults cost</h2>\n", file);
	if (trace->curves)
		r = from_curves(trace, file, err);
	if (trace->machines.count)
		machines(&trace->machines, file);
	fputs("</section>\n", file);
	return r;
}
