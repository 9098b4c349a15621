/* SPDX-License-Identifier: MIT */
/*
 * figure_spec.h: what a figure draws, as given by the first comments of its .gp file:
 *
 *	# figure: fault ratio against frames
 *	# records: belady.run/1 belady.curve/1
 *	# x: frames mean_resident_pages
 *	# y: fault_ratio faults/trace.references
 *	# series: policy params
 *	# width: references
 *	# columns: minor_faults major_faults
 *	# joins: page_bytes
 *	# band: faults_low faults_high
 *	# mark: knee.memory_pages knee.lifetime
 *	# policies: lru
 *	# axis: pages
 *	# rows: name what
 *	# events: belady.mark/1 reference name
 *	# measured: belady.live/1 belady.live-program/1
 *
 * figure    purpose of the figure
 * records   schemas of the records that are drawn
 * x, y      dotted paths of members, tried in turn until one is a number; "a/b" is a ratio. A
 *           record that lacks the first path of x is drawn as a single spot (a working set has
 *           no frames, but a mean size).
 * series    what distinguishes the lines of one trace: policy, params, frames
 * width     how far along x a value holds (intervals)
 * columns   data columns after x and y
 * joins     what varies along a line and so does not distinguish lines: page_bytes, mix
 *           (traces run together, identified by the first), or trace
 * band      lower and upper bound of y, if the record has them
 * mark      x and y of one special point of each line
 * policies  draw only the records of these
 * axis      pages: x counts pages, so it has whole ticks and a second axis in bytes;
 *           panels: the file makes its own panels and key;
 *           sums: y and columns are counts, which add up over neighbouring intervals;
 *           high: larger values of y are better;
 *           names: x is the number of a name, which consists of the members given for x
 * rows      each record is a row of its own, with this member as its name; the other member says
 *           what y counts. Such records need no policy. The first of `columns` is the length of a
 *           hole before the row, the second the number of its process
 * events    a schema whose records are moments: members with their place along x and their name
 * measured  schemas of measurements (measured.h). They are drawn as points beside the lines, and
 *           the errors of the lines are computed
 *
 * All from width on are optional. A new figure is one new file; bel-plot has no list of them.
 */
#ifndef BEL_FIGURE_SPEC_H
#define BEL_FIGURE_SPEC_H

#include <stdbool.h>
#include <stdio.h>

#include "err.h"

#define BEL_FIGURE_SPEC_COLUMNS 8

/* The words of a directive, NULL-terminated, owned. */
struct bel_figure_spec_text {
	char *word[BEL_FIGURE_SPEC_COLUMNS + 1];
};

struct bel_figure_spec {
	char *purpose;
	struct bel_figure_spec_text records, x, y, series, width, columns, joins;
	struct bel_figure_spec_text band, mark, policies, axis, rows, events, measured;
	char *text; /* the whole file */
};

/* Reads a .gp file; BEL_FAIL if it lacks a directive. */
int bel_figure_spec_read(struct bel_figure_spec *spec, const char *path, struct bel_err *err);
void bel_figure_spec_release(struct bel_figure_spec *spec);

bool bel_figure_spec_wants(const struct bel_figure_spec *spec, const char *schema);
bool bel_figure_spec_measures(const struct bel_figure_spec *spec, const char *schema);
bool bel_figure_spec_takes(const struct bel_figure_spec *spec, const char *policy);
bool bel_figure_spec_splits_by(const struct bel_figure_spec *spec, const char *what);
bool bel_figure_spec_axis_is(const struct bel_figure_spec *spec, const char *what);
bool bel_figure_spec_joins(const struct bel_figure_spec *spec, const char *what);

/* Reads a whole text file; the caller calls free(). NULL: err says why. */
char *bel_text_read(const char *path, struct bel_err *err);

#endif
