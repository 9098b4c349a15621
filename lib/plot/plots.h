/* SPDX-License-Identifier: MIT */
/*
 * plots.h: finds the available figures: a folder of .gp files (figure_spec.h) and look.gp, which
 * they share.
 */
#ifndef BEL_PLOTS_H
#define BEL_PLOTS_H

#include <stddef.h>

#include "err.h"
#include "figure_spec.h"

struct bel_plots {
	char *folder;
	char *look; /* text of look.gp */
	struct {
		char *name, *purpose;
		struct bel_figure_spec_text records; /* types of records that it draws */
	} * kind;                                    /* in order of name */
	size_t count;
};

/* Uses the first of the folders (NULL-terminated) that has look.gp, and reads it. */
int bel_plots_scan(struct bel_plots *plots, const char *const *folders, struct bel_err *err);
/*
 * The same for this program's own folders, in this order: the source tree that it was built in
 * (its file is in build/CONFIG/bin), the place where it is installed (share/belady/plots beside
 * its bin), `configured`.
 */
int bel_plots_find(struct bel_plots *plots, const char *configured, struct bel_err *err);
void bel_plots_release(struct bel_plots *plots);

/* The path of a kind's .gp file; the caller calls free(). NULL: err lists the kinds. */
char *bel_plots_path(const struct bel_plots *plots, const char *kind, struct bel_err *err);

/* The kinds that draw records of this type, "vm-tlb, vm-thrashing"; empty if there are none. */
void bel_plots_drawing(
	const struct bel_plots *plots, const char *schema, char *text, size_t capacity);

#endif
