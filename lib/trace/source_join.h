/* SPDX-License-Identifier: MIT */
/*
 * source_join.h: further files of the same trace. Private to source.c.
 */
#ifndef BEL_SOURCE_JOIN_H
#define BEL_SOURCE_JOIN_H

#include "source.h"

/* Gives options->more to the reader; BEL_USAGE if its format is always one file. */
int bel_source_join(const struct bel_source_options *options, const struct bel_format *format,
	void *reader, struct bel_err *err);

#endif
