/* SPDX-License-Identifier: MIT */
/*
 * source_name.h: what records call a trace: its command, or else its file's name, which
 * is the same however the file is stored: "traces/ls.lackey.xz" is "ls.lackey".
 *
 * Private to source.c. The result is the caller's; NULL when out of memory.
 */
#ifndef BEL_SOURCE_NAME_H
#define BEL_SOURCE_NAME_H

/* command: NULL if it is not known. path: NULL or "-" is standard input. */
char *bel_source_name(const char *command, const char *path);

#endif
