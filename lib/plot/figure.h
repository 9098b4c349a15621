/* SPDX-License-Identifier: MIT */
/*
 * figure.h: records gathered into the lines of one figure.
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
	double low,
		high; /* y's band; y where the record has none; low > high: null, not to be drawn */
	double column[BEL_FIGURE_SPEC_COLUMNS]; /* as the figure specification names them, else 0 */
	char *label;                            /* the record's parameters, owned; NULL: none */
	const char *source;
	unsigned long line; /* of the record, for messages */
	uint64_t record;    /* which of those that were added */
};

enum bel_series_kind {
	BEL_SERIES_LINE,
	BEL_SERIES_SPOT,  /* beside the lines: variable space against frames */
	BEL_SERIES_FLOOR, /* OPT: what no policy falls below */
	BEL_SERIES_KINDS,
};

#define BEL_NO_SEED UINT64_MAX

struct bel_series {
	enum bel_series_kind kind;
	char *trace, *file, *digest, *policy, *params; /* owned; file NULL: none is told */
	char *spec; /* the policy as -p takes it, owned; "" if the record does not tell */
	uint64_t page_bytes;
	uint64_t seed;    /* BEL_NO_SEED: the record has none */
	uint64_t frames;  /* 0: none, or the figure does not tell lines apart by them */
	bool many_params; /* a spot series whose points differ in their parameters */
	double rate;      /* share of the pages that was sampled; 0: all were counted */
	uint64_t sampled; /* pages that a sample of a fixed number holds; 0: it has a share */
	uint64_t seeds;   /* samples */
	bool banded;      /* a point's low and high differ */
	bool marked;
	double mark_x, mark_y;
	struct bel_point *point;
	size_t points, capacity;
	char *label; /* for the key, owned; made by finish() */
};

struct bel_figure {
	const struct bel_figure_spec *spec;
	struct bel_series *series; /* in order of first appearance; finish() puts kinds in order */
	size_t count, capacity;
	uint64_t records; /* added so far */
	double x_min, x_max, y_max;
	double x_least, y_least; /* the smallest above 0; 0: nothing is */
	bool geometric;          /* x grows by factors, or far: a logarithmic axis suits it */
	bool long_labels;        /* they need room below the figure */
	uint64_t page_bytes;     /* 0: several */
	char *title;             /* the traces' names, owned */
	char **name;             /* what x numbers, from 1, if it is names; owned */
	struct bel_figure_trace *named; /* if these are of traces: the traces, else NULL */
	size_t names;
};

/* A trace among the names along x; owned texts. */
struct bel_figure_trace {
	char *name, *file, *digest; /* file NULL: none is told */
	uint64_t page_bytes;
};

void bel_figure_init(struct bel_figure *figure, const struct bel_figure_spec *spec);

/* 1 taken, 0 a record of a schema or policy that the figure does not draw, or negative. */
int bel_figure_add(struct bel_figure *figure, const struct bel_record *record, struct bel_err *err);

/* For figures with names along x: the number of the record's, from 1. */
int bel_figure_name(
	struct bel_figure *figure, const struct bel_record *record, double *x, struct bel_err *err);

/* Once all records are in: traces among the names get labels that tell them apart. */
int bel_figure_names_finish(struct bel_figure *figure, struct bel_err *err);
void bel_figure_names_release(struct bel_figure *figure);

/* What was read, and what of it this figure does not draw. */
struct bel_figure_tally {
	uint64_t records, other; /* read; not drawn */
	char other_schema[64];   /* of the first that is not drawn */
	/* Not drawn, and no companions of some that are (bel-vm writes of processes, too). */
	uint64_t unmatched;
	const char *unmatched_schema;
	struct bel_figure_writer {
		char tool[32]; /* "": not told */
		uint64_t drawn, other;
		char other_schema[64];
	} by[8]; /* by who wrote them; further ones share the last */
	size_t writers;
};

/*
 * Adds all records of a file, or of standard input ("-"), and counts on in
 * *tally. The path must outlive the figure, whose messages name it.
 */
int bel_figure_read(struct bel_figure *figure, const char *path, struct bel_figure_tally *tally,
	struct bel_err *err);

/* Sorts, refuses contradictions, and makes labels and title. At least one record was taken. */
int bel_figure_finish(struct bel_figure *figure, struct bel_err *err);
void bel_figure_release(struct bel_figure *figure);

#endif
