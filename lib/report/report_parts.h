/* SPDX-License-Identifier: MIT */
/*
 * report_parts.h: what a report knows, and its sections, private to lib/report.
 *
 * report_read.c fills the structures; each report_NAME.c writes one section. A section without
 * records writes nothing.
 */
#ifndef BEL_REPORT_PARTS_H
#define BEL_REPORT_PARTS_H

#include "blame_result.h"
#include "chart.h"
#include "records.h"
#include "report.h"

#define REPORT_MOST 0x1p53 /* larger numbers are refused: they are not exact as real numbers */

/* Records of one kind, in order. The page's JSON has all records of a trace, one after another. */
struct bel_report_list {
	struct bel_record **record; /* owned */
	size_t count;
	size_t first; /* number of the first one in the page's JSON */
};

struct bel_report_curve {
	struct bel_record *record; /* owned */
	const char *spec;          /* the record's */
	double *x;                 /* pages held: frames, or the mean resident pages */
	double *faults;
	size_t count, knee; /* points; the number of the knee's, or count: there is none */
	bool windows;       /* a curve over windows */
	size_t *drawn;      /* numbers of the points that are drawn */
	size_t drawn_count;
	double *drawn_x, *drawn_faults;
};

struct bel_report_trace {
	const char *name, *file, *digest; /* of a record; file NULL: not known */
	uint64_t references, pages, page_bytes;
	struct bel_report_list info, sets, marks, map, blame, machines;
	struct bel_report_curve *curve;
	size_t curves;
	size_t first_curve; /* its number in the page's JSON */
	struct bel_blame_results blames;
};

struct bel_report {
	struct bel_report_trace *trace;
	size_t traces;
	size_t skipped;
	char *skipped_schema; /* owned */
	size_t figures;       /* written so far */
	char **name;          /* owned names of inputs, which records point at */
	size_t names;
};

/* ---- report_curve.c ---- */

/* Takes the record, also on failure. */
int bel_report_curve_add(
	struct bel_report_trace *trace, struct bel_record *record, struct bel_err *err);
void bel_report_curve_release(struct bel_report_curve *curve);

/* The last point that holds at most so many pages; count: there is none. */
size_t bel_report_curve_at(const struct bel_report_curve *curve, double pages);

/* The record with the points that are drawn, for the page's JSON. */
struct bel_record *bel_report_curve_record(const struct bel_report_curve *curve);

/* ---- sections ---- */

void bel_report_head(const struct bel_report *report, FILE *file);
void bel_report_facts(const struct bel_report_trace *trace, FILE *file);
void bel_report_commands(const struct bel_report_trace *trace, FILE *file);
int bel_report_curves(struct bel_report *report, const struct bel_report_trace *trace, FILE *file,
	struct bel_err *err);
int bel_report_sets(struct bel_report *report, const struct bel_report_trace *trace, FILE *file,
	struct bel_err *err);
int bel_report_maps(struct bel_report *report, const struct bel_report_trace *trace, FILE *file,
	struct bel_err *err);
int bel_report_blame(
	struct bel_report *report, struct bel_report_trace *trace, FILE *file, struct bel_err *err);
int bel_report_cost(struct bel_report *report, const struct bel_report_trace *trace, FILE *file,
	struct bel_err *err);
void bel_report_words(FILE *file);

/* ---- parts of sections ---- */

/* "<figure ...>", with its number; then the picture, and bel_report_figure_end() with its caption. */
void bel_report_figure(struct bel_report *report, FILE *file);
void bel_report_figure_end(FILE *file);

/* "<details><summary>...<table>..."; columns are texts of HTML. A first '<' aligns left. */
void bel_report_table(FILE *file, const char *summary, const char *const *columns);
void bel_report_table_end(FILE *file);

/* One cell of a table. */
void bel_report_cell_text(FILE *file, const char *text);
void bel_report_cell_count(FILE *file, uint64_t value);

/* A member that is a count; 0 if it has none. */
uint64_t bel_report_count(const struct bel_record *record, const char *path);

/* A member that is a number; NaN if it has none. */
double bel_report_number(const struct bel_record *record, const char *path);

/* A member that is a text; NULL if it has none. */
const char *bel_report_text(const struct bel_record *record, const char *path);

/* ---- page_style.c, page_script.c ---- */

extern const char bel_page_style[], bel_page_script[];

#endif
