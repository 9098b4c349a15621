/* SPDX-License-Identifier: MIT */
/*
 * capture_options.h: what bel-capture's user asked for, as text, to what a capture takes:
 * which Valgrind tool, which part of the program.
 *
 * As everything in cmd/common, it prints and exits.
 */
#ifndef BEL_CAPTURE_OPTIONS_H
#define BEL_CAPTURE_OPTIONS_H

#include "capture.h"
#include "tool.h"

struct capture_options {
	const char *with;        /* auto, pagegrind, lackey */
	const char *only;        /* kinds: fetch,load,store; NULL: all */
	const char *only_region; /* text,data,...; NULL: all */
	const char *window;      /* "1M/100M"; NULL: all */
	bool quiet;
};

/*
 * Fills options' pagegrind and region (marks and function are there already) and says
 * which tool it is to be, if the user left the choice. `launcher` has room for a path.
 */
void capture_options_fill(struct tool *tool, const struct capture_options *wishes,
	struct bel_capture_options *options, char launcher[4096]);

#endif
