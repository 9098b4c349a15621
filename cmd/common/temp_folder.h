/* SPDX-License-Identifier: MIT */
/*
 * temp_folder.h: where the tools put temporary files.
 */
#ifndef BEL_TEMP_FOLDER_H
#define BEL_TEMP_FOLDER_H

/* For large files, such as a trace that is kept; for small files, possibly in memory. */
#define TEMP_LARGE "/var/tmp"
#define TEMP_SMALL "/tmp"

/* $TMPDIR, or `without` if it is not set. */
const char *temp_folder(const char *without);

#endif
