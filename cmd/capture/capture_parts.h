/* SPDX-License-Identifier: MIT */
/*
 * capture_parts.h: the files of bel-capture --split: NAME.1.bel, NAME.2.bel, ... for -o NAME.bel.
 *
 * Like all code in cmd, capture_parts_start() prints and exits.
 */
#ifndef BEL_CAPTURE_PARTS_H
#define BEL_CAPTURE_PARTS_H

#include "tool_output.h"

struct capture_parts {
	const char *output; /* as given with -o */
	struct bel_outfile *out;
};

/* Opens the first part. */
void capture_parts_start(struct tool *tool, struct capture_parts *parts, const char *output);

/* next_part() of struct bel_capture_options; `parts` is a struct capture_parts. */
int capture_parts_next(void *parts, unsigned part, FILE **file, struct bel_err *err);

#endif
