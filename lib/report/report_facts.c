/* SPDX-License-Identifier: MIT */
/* report_facts.c: the head of the page, the numbers of a trace, how to run it again. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "html.h"
#include "markup.h"
#include "report_parts.h"

void bel_report_head(const struct bel_report *report, FILE *file)
{
	const struct bel_report_trace *const trace = &report->trace[0];
	const char *command =
		trace->info.count ? bel_report_text(trace->info.record[0], "command") : NULL;

	fputs("<header>\n", file);
	if (report->traces > 1) {
		fprintf(file, "<p class=\"title\">Paging report of %zu traces</p>\n</header>\n",
			report->traces);
		return;
	}
	fputs("<p class=\"soft\">Paging report</p>\n<h1>", file);
	bel_markup_text(file, trace->name);
	fputs("</h1>\n", file);
	if (command && strcmp(command, trace->name) != 0) {
		fputs("<p>Program: <code>", file);
		bel_markup_text(file, command);
		fputs("</code></p>\n", file);
	}
	fputs("</header>\n", file);
}

static void put_memory(FILE *file, const struct bel_report_trace *trace, double frames)
{
	char text[BEL_HTML_SIZE];

	bel_html_count(file, (uint64_t)frames);
	fprintf(file, " frame%s, %s", frames == 1 ? "" : "s",
		bel_html_bytes(text, frames * (double)trace->page_bytes));
}

static void fact(FILE *file, const char *name, uint64_t value, const char *unit)
{
	fprintf(file, "<div><dt>%s</dt><dd><b>", name);
	bel_html_count(file, value);
	fprintf(file, "</b> %s</dd></div>\n", unit);
}

/* What bel-info counts. */
static void info_facts(const struct bel_record *info, FILE *file)
{
	const uint64_t processes = bel_report_count(info, "process_count");
	const uint64_t writes =
		bel_report_count(info, "stores") + bel_report_count(info, "modifies");

	if (bel_record_has(info, "fetches")) {
		fact(file, "Fetches", bel_report_count(info, "fetches"),
			"references fetch instructions");
		fact(file, "Writes", writes, "references write");
	}
	fact(file, "Processes", processes, processes == 1 ? "process" : "processes");
}

static void knee_fact(
	const struct bel_report_trace *trace, const struct bel_report_curve *curve, FILE *file)
{
	if (curve->knee == curve->count)
		return;
	fputs("<div><dt>Knee of ", file);
	bel_markup_text(file, curve->spec);
	fputs("</dt><dd><b>", file);
	put_memory(file, trace, curve->x[curve->knee]);
	fputs("</b>: ", file);
	bel_html_count(file, (uint64_t)curve->faults[curve->knee]);
	fputs(" faults</dd></div>\n", file);
}

/* What half of the memory costs, under one policy. */
static void half_fact(
	const struct bel_report_trace *trace, const struct bel_report_curve *curve, FILE *file)
{
	const double half = fmax(1, floor((double)trace->pages / 2));
	const size_t at = bel_report_curve_at(curve, half);
	const uint64_t compulsory = bel_report_count(curve->record, "compulsory_faults");
	char text[BEL_HTML_SIZE];
	uint64_t faults;

	if (at == curve->count || !compulsory)
		return;
	faults = (uint64_t)curve->faults[at];
	fputs("<div><dt>Half of the memory, ", file);
	bel_markup_text(file, curve->spec);
	fputs("</dt><dd><b>", file);
	bel_html_count(file, faults);
	fputs(" faults</b> with ", file);
	put_memory(file, trace, curve->x[at]);
	if (faults == compulsory)
		fputs(": no more than with all of it", file);
	else
		fprintf(file, ": %s times those with all of it",
			bel_html_real(text, (double)faults / (double)compulsory));
	fputs("</dd></div>\n", file);
}

void bel_report_facts(const struct bel_report_trace *trace, FILE *file)
{
	char size[BEL_HTML_SIZE], page[BEL_HTML_SIZE];

	fputs("<section>\n<h2>In numbers</h2>\n<dl class=\"facts\">\n", file);
	fact(file, "References", trace->references, "references to memory");
	fputs("<div><dt>Footprint</dt><dd><b>", file);
	fprintf(file,
		"%s</b>: ", bel_html_bytes(size, (double)trace->pages * (double)trace->page_bytes));
	bel_html_count(file, trace->pages);
	fprintf(file, " page%s of %s</dd></div>\n", trace->pages == 1 ? "" : "s",
		bel_html_bytes(page, (double)trace->page_bytes));
	if (trace->info.count)
		info_facts(trace->info.record[0], file);
	for (size_t i = 0; i < trace->curves; i++)
		knee_fact(trace, &trace->curve[i], file);
	for (size_t i = 0; i < trace->curves; i++)
		half_fact(trace, &trace->curve[i], file);
	fputs("</dl>\n</section>\n", file);
}

/* ---- commands ---- */

static void begin_command(const struct bel_report_trace *trace, FILE *file, const char *tool)
{
	fprintf(file, "%s --page-size %" PRIu64, tool, trace->page_bytes);
}

static void end_command(const struct bel_report_trace *trace, FILE *file)
{
	putc(' ', file);
	if (trace->file)
		bel_html_word(file, trace->file);
	else
		fputs("&lt;TRACE", file);
	putc('\n', file);
}

static void put_option(FILE *file, const char *option, const char *value)
{
	fprintf(file, " %s ", option);
	bel_html_word(file, value);
}

static void put_curves(const struct bel_report_trace *trace, FILE *file)
{
	begin_command(trace, file, "bel-curve");
	fputs(" -p ", file);
	for (size_t i = 0; i < trace->curves; i++) {
		fputs(i ? "," : "", file);
		bel_html_word(file, trace->curve[i].spec);
	}
	end_command(trace, file);
}

/* The policy and the frames that records were made with. */
static void put_run(FILE *file, const struct bel_record *record)
{
	const uint64_t frames = bel_report_count(record, "frames");
	const char *const spec = bel_report_text(record, "spec");

	if (spec)
		put_option(file, "-p", spec);
	if (frames)
		fprintf(file, " -f %" PRIu64, frames);
}

static void put_maps(const struct bel_report_trace *trace, FILE *file)
{
	for (size_t i = 0; i < trace->map.count; i++) {
		const struct bel_record *const row = trace->map.record[i];
		const char *const what = bel_report_text(row, "what");

		if (bel_report_count(row, "row"))
			continue;
		begin_command(trace, file, "bel-map");
		if (what && !strcmp(what, "writes"))
			put_option(file, "--what", what);
		put_run(file, row);
		end_command(trace, file);
	}
}

/* The capture, if bel-capture made the trace. */
static void put_capture(
	const struct bel_report_trace *trace, const struct bel_record *info, FILE *file)
{
	const char *const command = bel_report_text(info, "command");
	const char *const made_by = bel_report_text(info, "captured_by");
	const uint64_t near_pages = bel_report_count(info, "near_pages");

	if (!command || !made_by || strncmp(made_by, "bel-capture ", 12) != 0)
		return;
	fputs("bel-capture ", file);
	if (near_pages)
		fprintf(file, "--stacks --near-pages %" PRIu64 " %s", near_pages,
			bel_record_is_true(info, "more_stacks") ? "--more-stacks " : "");
	fputs("-o ", file);
	bel_html_word(file, trace->file ? trace->file : "trace.bel");
	fputs(" -- ", file);
	bel_markup_text(file, command);
	putc('\n', file);
}

static void put_blame(const struct bel_report_trace *trace, FILE *file)
{
	for (size_t i = 0; i < trace->blames.count; i++) {
		const struct bel_blame_result *const result = &trace->blames.result[i];

		begin_command(trace, file, "bel-blame");
		put_run(file, result->head);
		put_option(file, "--by", result->table.by.text);
		end_command(trace, file);
	}
}

static void put_machines(const struct bel_report_trace *trace, FILE *file)
{
	for (size_t i = 0; i < trace->machines.count; i++) {
		const struct bel_record *const machine = trace->machines.record[i];
		const char *const tool = bel_report_text(machine, "tool");

		/* Records that were given may be of any machine. */
		if (!tool || strcmp(tool, "bel-report") != 0)
			continue;
		begin_command(trace, file, "bel-vm");
		put_run(file, machine);
		end_command(trace, file);
	}
}

void bel_report_commands(const struct bel_report_trace *trace, FILE *file)
{
	const struct bel_record *const info = trace->info.count ? trace->info.record[0] : NULL;
	const char *const made_by = info ? bel_report_text(info, "captured_by") : NULL;

	if (!trace->curves && !info && !trace->sets.count && !trace->map.count &&
		!trace->blames.count)
		return;
	fputs("<section>\n<h2>How to run it again</h2>\n", file);
	if (made_by) {
		fputs("<p>The trace was made by ", file);
		bel_markup_text(file, made_by);
		fputs(".</p>\n", file);
	}
	fprintf(file, "<p>These commands give the curves, maps and counts of this page again. The "
		      "trace has the "
		      "digest <code>");
	bel_markup_text(file, trace->digest);
	fputs("</code>.</p>\n<pre>", file);
	if (info)
		put_capture(trace, info, file);
	if (trace->curves)
		put_curves(trace, file);
	if (info) {
		begin_command(trace, file, "bel-info");
		end_command(trace, file);
	}
	if (trace->sets.count) {
		begin_command(trace, file, "bel-info --analysis working-set");
		end_command(trace, file);
	}
	put_maps(trace, file);
	put_blame(trace, file);
	put_machines(trace, file);
	fputs("</pre>\n</section>\n", file);
}
