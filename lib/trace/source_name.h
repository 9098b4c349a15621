/* SPDX-License-Identifier: MIT */
/*
 * source_name.h: what records call a trace: the name that it was given or its command, or
 * else its file's name, which is the same however the file is stored: "traces/ls.lackey.xz"
 * is "ls.lackey". What comes from a pipe is "standard input".
 *
 * Private to source.c. The result is the caller's; NULL when out of memory.
 */
#ifndef BEL_SOURCE_NAME_H
#define BEL_SOURCE_NAME_H

/* given: NULL if nothing is known. path: NULL or "-" is standard input. */
char *bel_source_name(const char *given, const char *path);

#endif
