/* SPDX-License-Identifier: MIT */
/*
 * capture_options.h: turns options of bel-capture, as text, into the options of a capture: which
 * Valgrind tool to use, and which part of the program to record.
 *
 * Like all code in cmd, this prints and exits.
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
	bool stacks, more_stacks;
	uint64_t near_pages; /* K of the call stacks; 0: not given */
	bool quiet;
};

/*
 * Fills pagegrind and region in *options; the caller has filled marks and function. Prints which
 * tool is used if the user did not choose one. `launcher`: a buffer for a path.
 */
void capture_options_fill(struct tool *tool, const struct capture_options *wishes,
	struct bel_capture_options *options, char launcher[4096]);

#endif
