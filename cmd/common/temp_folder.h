/* SPDX-License-Identifier: MIT */
/*
 * temp_folder.h: where the tools put what they need for a while.
 */
#ifndef BEL_TEMP_FOLDER_H
#define BEL_TEMP_FOLDER_H

/* For what may be large, as a trace that is kept; and for what is small or lives in memory. */
#define TEMP_LARGE "/var/tmp"
#define TEMP_SMALL "/tmp"

/* TMPDIR, or without it the given one. */
const char *temp_folder(const char *without);

#endif
