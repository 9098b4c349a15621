/* SPDX-License-Identifier: MIT */
/* report_page.c: the page as a whole: its sections, and the records as JSON. */
#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "markup.h"
#include "report_parts.h"
#include "version.h"

/* Numbers the records of all traces as the page's JSON has them. */
static void number_records(struct bel_report *report)
{
	size_t next = 0;

	for (size_t i = 0; i < report->traces; i++) {
		struct bel_report_trace *const trace = &report->trace[i];
		struct bel_report_list *const list[] = {&trace->info, &trace->sets, &trace->marks,
			&trace->map, &trace->blame, &trace->machines};

		trace->first_curve = next;
		next += trace->curves;
		for (size_t l = 0; l < sizeof(list) / sizeof(*list); l++) {
			list[l]->first = next;
			next += list[l]->count;
		}
	}
}

struct embedding {
	FILE *file;
	size_t count;
};

/* One record; a '<' would begin an end tag or a comment. */
static int embed(void *host, const char *json)
{
	struct embedding *const to = host;

	fputs(to->count++ ? ",\n" : "\n", to->file);
	for (; *json; json++)
		if (*json == '<')
			fputs("\\u003c", to->file);
		else
			putc(*json, to->file);
	return 0;
}

static int embed_list(struct bel_emit *emit, struct bel_report_list *list, struct bel_err *err)
{
	for (size_t i = 0; i < list->count; i++) {
		struct bel_record *const record = list->record[i];

		list->record[i] = NULL;
		if (bel_emit(emit, record, err) < 0)
			return BEL_FAIL;
	}
	return BEL_OK;
}

static int embed_trace(struct bel_emit *emit, struct bel_report_trace *trace, struct bel_err *err)
{
	struct bel_report_list *const list[] = {&trace->info, &trace->sets, &trace->marks,
		&trace->map, &trace->blame, &trace->machines};
	int r = BEL_OK;

	for (size_t i = 0; r == BEL_OK && i < trace->curves; i++)
		r = bel_emit(emit, bel_report_curve_record(&trace->curve[i]), err);
	for (size_t l = 0; r == BEL_OK && l < sizeof(list) / sizeof(*list); l++)
		r = embed_list(emit, list[l], err);
	return r;
}

/* The records are used up. */
static int embed_all(struct bel_report *report, FILE *file, struct bel_err *err)
{
	struct embedding to = {.file = file};
	struct bel_emit *emit;
	struct bel_err second;
	int r = bel_emit_open_taker(&emit, embed, &to, err);

	if (r < 0)
		return r;
	fputs("<script type=\"application/json\" id=\"records\">[", file);
	for (size_t i = 0; r == BEL_OK && i < report->traces; i++)
		r = embed_trace(emit, &report->trace[i], err);
	fputs("\n]</script>\n", file);
	return bel_emit_close(emit, r < 0 ? &second : err) < 0 ? BEL_FAIL : r;
}

/* ---- the page ---- */

static int write_trace(
	struct bel_report *report, struct bel_report_trace *trace, FILE *file, struct bel_err *err)
{
	int r;

	if (report->traces > 1) {
		fputs("<h1>", file);
		bel_markup_text(file, trace->name);
		fputs("</h1>\n", file);
	}
	bel_report_facts(trace, file);
	r = bel_report_curves(report, trace, file, err);
	if (r == BEL_OK)
		r = bel_report_cost(report, trace, file, err);
	if (r == BEL_OK)
		r = bel_report_sets(report, trace, file, err);
	if (r == BEL_OK)
		r = bel_report_maps(report, trace, file, err);
	if (r == BEL_OK)
		r = bel_report_blame(report, trace, file, err);
	bel_report_commands(trace, file);
	return r;
}

int bel_report_write(struct bel_report *report, FILE *file, struct bel_err *err)
{
	int r = BEL_OK;

	if (!report->traces)
		return bel_fail(err, "no record that a report shows: it shows those of bel-curve, "
				     "bel-info, bel-map, bel-blame and bel-vm");
	number_records(report);
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	      "style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n"
	      "<meta name=\"generator\" content=\"belady " BEL_VERSION "\">\n<title>",
		file);
	bel_markup_short(file, report->trace[0].name, 100);
	fputs(" - paging report</title>\n<style>\n", file);
	fputs(bel_page_style, file);
	fputs("</style>\n</head>\n<body>\n", file);
	bel_report_head(report, file);
	fputs("<main>\n", file);
	for (size_t i = 0; r == BEL_OK && i < report->traces; i++)
		r = write_trace(report, &report->trace[i], file, err);
	bel_report_words(file);
	fputs("</main>\n<footer>Made by bel-report, belady " BEL_VERSION
	      ". The records are in this page, as JSON.</footer>\n",
		file);
	if (r == BEL_OK)
		r = embed_all(report, file, err);
	fputs("<script>\n", file);
	fputs(bel_page_script, file);
	fputs("</script>\n</body>\n</html>\n", file);
	return r;
}
