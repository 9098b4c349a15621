/* SPDX-License-Identifier: MIT */
/* script_data.h: writes the data of a panel into a gnuplot script. Private to script.c. */
#ifndef BEL_SCRIPT_DATA_H
#define BEL_SCRIPT_DATA_H

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#include "layout.h"
#include "script.h"
#include "thin.h"

/* A script while it is written. */
struct bel_script_writing {
	const struct bel_script *script;
	const struct bel_figure *figure; /* of one panel: all series have this panel */
	const struct bel_layout *layout;
	void (*text)(FILE *file, const char *text);
	void (*tick)(FILE *file, const char *text);
	struct bel_thin thin;
	FILE *file;
};

/* The position of a value on the x axis; only differences matter. */
static inline double bel_script_place(double x, bool log_x)
{
	return log_x ? log(x) : x;
}

/* Counts, labels and data of all series, and their bands and marks. */
void bel_script_put_series(struct bel_script_writing *to);

/* The points that get a mark. */
void bel_script_put_dots(const struct bel_script_writing *to);

/* How far the lines are from what was measured, if the figure shows that. */
void bel_script_put_errors(const struct bel_script_writing *to);

/* The events of the panel's trace. */
void bel_script_put_events(const struct bel_script_writing *to);

#endif
