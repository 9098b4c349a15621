/* SPDX-License-Identifier: MIT */
/*
 * figure_spec.h: what a figure wants drawn, as its .gp file says in its first comments:
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
 *
 * x and y are dotted paths of members, tried in turn until one is a number;
 * "a/b" is the ratio of two. Where x falls to a later one, the record is drawn
 * as a spot beside the lines (a working set has no frames, but a mean size).
 * series: what tells lines of one trace apart: policy, params, frames. width:
 * how far along x a value holds (intervals). columns: what follows x and y in
 * the data. joins: what x runs through and so tells no lines apart: page_bytes,
 * mix (traces run together, known by the first), or trace. band: between what y lies, where a
 * record has it. mark: x and y of one point of each line that stands out. policies: records of
 * others are not drawn. axis: pages says that x counts pages, so that it has whole ticks, and
 * bytes above; names, that x is the number of a name, which its words make up. All from width on
 * are optional. So a new figure is one new file, and bel-plot knows none by name.
 */
#ifndef BEL_FIGURE_SPEC_H
#define BEL_FIGURE_SPEC_H

#include <stdbool.h>
#include <stdio.h>

#include "err.h"

#define BEL_FIGURE_SPEC_COLUMNS 8

/* Words of a directive, NULL-terminated, owned. */
struct bel_figure_spec_text {
	char *word[BEL_FIGURE_SPEC_COLUMNS + 1];
};

struct bel_figure_spec {
	char *purpose;
	struct bel_figure_spec_text records, x, y, series, width, columns, joins;
	struct bel_figure_spec_text band, mark, policies, axis;
	char *text; /* the whole file */
};

/* Reads a .gp file; BEL_FAIL if it lacks a directive. */
int bel_figure_spec_read(struct bel_figure_spec *spec, const char *path, struct bel_err *err);
void bel_figure_spec_release(struct bel_figure_spec *spec);

bool bel_figure_spec_wants(const struct bel_figure_spec *spec, const char *schema);
bool bel_figure_spec_takes(const struct bel_figure_spec *spec, const char *policy);
bool bel_figure_spec_splits_by(const struct bel_figure_spec *spec, const char *what);
bool bel_figure_spec_axis_is(const struct bel_figure_spec *spec, const char *what);
bool bel_figure_spec_joins(const struct bel_figure_spec *spec, const char *what);

/* A whole text file; free(). NULL: err says why. */
char *bel_text_read(const char *path, struct bel_err *err);

#endif
