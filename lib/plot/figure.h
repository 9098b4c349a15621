/* SPDX-License-Identifier: MIT */
/*
 * figure.h: collects records into the series of one figure.
 *
 *	bel_figure_init(&figure, &spec);
 *	bel_figure_read(&figure, "runs.jsonl", &tally, &err);      or _add() each record
 *	bel_figure_finish(&figure, &err);
 *	bel_script_write(&script, &figure, file);        script.h
 *	bel_figure_release(&figure);
 */
#ifndef BEL_FIGURE_H
#define BEL_FIGURE_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "figure_spec.h"
#include "records.h"

struct bel_point {
	double x, y, width;
	double low, high; /* the band of y, or y if there is none; low > high: null, not drawn */
	double column[BEL_FIGURE_SPEC_COLUMNS]; /* columns of the figure spec; else 0 */
	char *label;                            /* the record's parameters, owned; NULL: none */
	const char *source;
	unsigned long line; /* line of the record, for messages */
	uint64_t record;    /* number of the record among those added */
};

/* How far a line is from a measured point, in percent of that. */
struct bel_error {
	size_t measured; /* number of the measured series */
	double x, percent;
};

enum bel_series_kind {
	BEL_SERIES_LINE,
	BEL_SERIES_SPOT,     /* single points: variable-space policies in a figure against frames */
	BEL_SERIES_FLOOR,    /* OPT: no policy has fewer faults */
	BEL_SERIES_MEASURED, /* points that were measured in real memory */
	BEL_SERIES_KINDS,
};

#define BEL_NO_SEED UINT64_MAX

struct bel_series {
	enum bel_series_kind kind;
	char *trace, *file, *digest, *policy, *params; /* owned; file NULL: not known */
	char *spec; /* the policy as -p takes it, owned; "": not known */
	uint64_t page_bytes;
	uint64_t seed;    /* BEL_NO_SEED: the record has none */
	uint64_t frames;  /* 0: none, or the figure does not split lines by frames */
	bool many_params; /* a spot series whose points have different parameters */
	double rate;      /* sampled share of the pages; 0: all pages were counted */
	uint64_t sampled; /* fixed number of sampled pages; 0: `rate` is fixed instead */
	uint64_t seeds;   /* number of samples */
	bool banded;      /* a point's low and high differ */
	bool marked;
	double mark_x, mark_y;
	struct bel_point *point;
	size_t points, capacity;
	struct bel_error *error; /* of a line, by measured and x, after errors(); owned */
	size_t errors;
	char *label;    /* policy, what else tells it apart, and trace; owned; made by finish() */
	char *name;     /* the same without the trace, owned */
	unsigned style; /* line_style.h */
	size_t twin;    /* number of an earlier series with the same points, from 1; 0: none */
	size_t panel;   /* from 0 */
};

struct bel_figure {
	const struct bel_figure_spec *spec;
	struct bel_series *series; /* in order of first appearance; finish() groups them by kind */
	size_t count, capacity;
	uint64_t records; /* added so far */
	double x_min, x_max, y_max;
	double x_least, y_least; /* smallest value above 0; 0: none */
	bool geometric; /* x grows by factors, or over a wide range: suits a logarithmic axis */
	uint64_t page_bytes; /* 0: page sizes differ */
	char *title;         /* names of the traces, owned */
	char **name;         /* names along x, numbered from 1; NULL: x is a number; owned */
	struct bel_figure_trace *named; /* if the names are of traces: the traces, else NULL */
	size_t names;
	size_t panels;                  /* one for each trace if there are several; else 1 */
	bool high;                      /* larger values of y are better */
	struct bel_figure_event *event; /* in order of their places along x, after finish() */
	size_t events, event_capacity;
	double error_least, error_most; /* 0 and the spread of what was measured are between them */
	struct bel_rename *rename;      /* of the caller, set before finish(); NULL: none */
	size_t renames;
};

/* A trace named along x; owned texts. */
struct bel_figure_trace {
	char *name, *file, *digest; /* file NULL: not known */
	uint64_t page_bytes;
};

/* A moment with a name; owned texts. */
struct bel_figure_event {
	double x;
	char *name, *digest; /* of the trace */
};

/* A name that is drawn as another; texts of the caller. */
struct bel_rename {
	const char *from, *to;
	bool used; /* something in the figure has this name; set by finish() */
};

void bel_figure_init(struct bel_figure *figure, const struct bel_figure_spec *spec);

/* 1: taken; 0: the figure does not draw this schema or policy; or negative. */
int bel_figure_add(struct bel_figure *figure, const struct bel_record *record, struct bel_err *err);

/* For figures with names along x: the number of the record's name, from 1. */
int bel_figure_name(
	struct bel_figure *figure, const struct bel_record *record, double *x, struct bel_err *err);

/* Call it after all records: makes labels that distinguish the traces among the names. */
int bel_figure_names_finish(struct bel_figure *figure, struct bel_err *err);
void bel_figure_names_release(struct bel_figure *figure);

/*
 * Adds the record if it is one of the figure's events. 1: added; 0: it is another record; or
 * negative.
 */
int bel_figure_event_add(
	struct bel_figure *figure, const struct bel_record *record, struct bel_err *err);
/* Sorts the events. */
void bel_figure_events_finish(struct bel_figure *figure);
void bel_figure_events_release(struct bel_figure *figure);

/*
 * Computes the errors of all lines at the measured points of their panel. Call it last. Returns the
 * number of measured points at which no line has a value; BEL_FAIL also if there is nothing to
 * compare. A figure without measured: gives 0.
 */
int bel_figure_errors(struct bel_figure *figure, struct bel_err *err);

/* Counts of records read, and of those that the figure does not draw. */
struct bel_figure_tally {
	uint64_t records, other; /* records read; records not drawn */
	char other_schema[64];   /* schema of the first record not drawn */
	/*
	 * Not drawn, except from tools with drawn records (bel-vm also writes records of
	 * processes).
	 */
	uint64_t unmatched;
	const char *unmatched_schema;
	struct bel_figure_writer {
		char tool[32]; /* "": not known */
		uint64_t drawn, other;
		char other_schema[64];
	} by[8]; /* by tool; the last one is shared by further tools */
	size_t writers;
};

/*
 * Adds all records of a file, or of standard input ("-"), and adds to the counts in *tally. The
 * path must outlive the figure, which uses it in messages.
 */
int bel_figure_read(struct bel_figure *figure, const char *path, struct bel_figure_tally *tally,
	struct bel_err *err);

/*
 * Sorts the series and makes labels and title. Contradicting records are an error. At least one
 * record must have been taken.
 */
int bel_figure_finish(struct bel_figure *figure, struct bel_err *err);
void bel_figure_release(struct bel_figure *figure);
void bel_figure_series_release(struct bel_series *series);

/*
 * Keeps the lines with the best mean values, `top` of them in each panel, the same in all, and the
 * lower bounds. Call it after finish(). Returns the number of names left out, or negative.
 */
int bel_figure_top(struct bel_figure *figure, size_t top, struct bel_err *err);

#endif
