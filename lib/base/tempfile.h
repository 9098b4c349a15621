/* SPDX-License-Identifier: MIT */
/*
 * tempfile.h: a temporary file without a name; it vanishes when it is closed.
 */
#ifndef BEL_TEMPFILE_H
#define BEL_TEMPFILE_H

#include <stdio.h>

#include "err.h"

/* Opens one in a folder, to read and write. Returns a descriptor (the caller's), or BEL_FAIL. */
int bel_tempfile_open(const char *folder, struct bel_err *err);

/* The same as a stream; NULL if it fails. */
FILE *bel_tempfile_stream(const char *folder, struct bel_err *err);

#endif
