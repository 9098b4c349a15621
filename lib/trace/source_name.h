/* SPDX-License-Identifier: MIT */
/*
 * source_name.h: the name of a trace in records: its given name or its command, or else its
 * file's name without folder and suffix of compression: "traces/ls.lackey.xz" is "ls.lackey".
 * A pipe is "standard input".
 *
 * Private to source.c. The caller frees the result; NULL: out of memory.
 */
#ifndef BEL_SOURCE_NAME_H
#define BEL_SOURCE_NAME_H

/* given: name or command; NULL: none. path: NULL or "-" is standard input. */
char *bel_source_name(const char *given, const char *path);

#endif
