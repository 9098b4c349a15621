/* SPDX-License-Identifier: MIT */
/*
 * tempfile.h: a temporary file without a name, which vanishes with whoever holds it open.
 */
#ifndef BEL_TEMPFILE_H
#define BEL_TEMPFILE_H

#include <stdio.h>

#include "err.h"

/* Opens one in that folder, to read and write; its descriptor is the caller's. BEL_FAIL if not. */
int bel_tempfile_open(const char *folder, struct bel_err *err);

/* The same as a stream, to be closed; NULL if not. */
FILE *bel_tempfile_stream(const char *folder, struct bel_err *err);

#endif
