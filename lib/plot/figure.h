/* SPDX-License-Identifier: MIT */
/*
 * figure.h: records gathered into the lines of one figure.
 *
 *	bel_figure_init(&figure, &recipe);
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
#include "recipe.h"
#include "records.h"

struct bel_point {
	double x, y, width;
	double column[BEL_RECIPE_WORDS]; /* as the recipe names them, else 0 */
	char *label;                     /* the record's parameters, owned; NULL: none */
	const char *source;
	unsigned long line; /* of the record, for messages */
};

enum bel_series_kind {
	BEL_SERIES_LINE,
	BEL_SERIES_SPOT,  /* beside the lines: variable space against frames */
	BEL_SERIES_FLOOR, /* OPT: what no policy falls below */
	BEL_SERIES_KINDS,
};

struct bel_series {
	enum bel_series_kind kind;
	char *trace, *digest, *policy, *params; /* owned */
	uint64_t page_bytes, seed;
	uint64_t frames;  /* 0: none, or the figure does not tell lines apart by them */
	bool many_params; /* a spot series whose points differ in their parameters */
	struct bel_point *point;
	size_t points, room;
	char *label; /* for the key, owned; made by finish() */
};

struct bel_figure {
	const struct bel_recipe *recipe;
	struct bel_series *series; /* in order of first appearance */
	size_t count, room;
	double x_min, x_max;
	size_t most_points, most_spots; /* of a line, of a spot series */
	bool geometric;      /* the x of the lines grow by factors: a logarithmic axis suits them */
	bool long_labels;    /* they need room below the figure */
	uint64_t page_bytes; /* 0: several */
	char *title;         /* the traces' names, owned */
};

void bel_figure_init(struct bel_figure *figure, const struct bel_recipe *recipe);

/* 1 taken, 0 a record of a schema that the figure does not draw, or negative. */
int bel_figure_add(struct bel_figure *figure, const struct bel_record *record, struct bel_err *err);

/* What was read, and what of it this figure does not draw. */
struct bel_figure_tally {
	uint64_t records, other;
	char other_schema[64]; /* of the first such */
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
